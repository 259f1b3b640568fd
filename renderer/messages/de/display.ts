import type { display as english } from '../en/display.ts';
import type { Told } from '../messages.ts';

export const display: Told<typeof english> = {
  title: 'Dieser Bildschirm',
  about: 'Dies bleibt auf diesem Rechner. Die Sprache folgt der angemeldeten Person.',
  theme: 'Farben',
  themes: { auto: 'Wie am Rechner eingestellt', light: 'Hell', dark: 'Dunkel', contrast: 'Hoher Kontrast' },
  language: 'Sprache',
  sound: 'Töne',
  soundMeans: 'Scan angenommen, GUT, SCHLECHT, eine Person wird gebraucht. Nichts wird nur durch einen Ton gesagt.',
  soundPass: 'Auch bei GUT ein Ton',
  sizes: 'Größen',
  sizesMean: 'Text ist so groß, wie er bei diesem Abstand sein muss: 4,1 mm bei 0,7 m.',
  diagonal: 'Diagonale des Bildschirms, Zoll',
  distance: 'Abstand der Augen, Meter',
  asItComes: 'Die Größen folgen dem Fenster, bis beides angegeben ist.',
  sample: 'Diese Linie ist {mm} mm hoch. Mit einem Lineal nachmessen.',
  clear: 'Beide Größen vergessen',
  kiosk: 'Kiosk',
  kioskMeans:
    'Die Station füllt den ganzen Bildschirm, und niemand schließt das Fenster. Linienleitung oder Sicherheitsbeauftragte beenden ihn hier.',
  openKiosk: 'Kiosk öffnen',
  leaveKiosk: 'Kiosk beenden',
};
