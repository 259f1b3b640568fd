import type { scans as english } from '../en/scans.ts';
import type { Told } from '../messages.ts';

/** Was aus Scans wurde, außer einem Lauf, der startete. */
export const scans: Told<typeof english> = {
  armedOn: 'Platz {lane, number} wartet: Einheit einstecken',
  armedUntil: 'Einheit einstecken: ihr Lauf startet von selbst. Der Platz wartet bis {until}.',
  chosen: 'Platz {lane, number} nimmt den nächsten Scan',
  misread: 'Kein Etikett',
  missed:
    '{count, plural, one {# Scan wurde} other {# Scans wurden}} nicht angenommen, um {since}: kein Fenster der Station nahm Scans an. Erneut scannen.',
  tested: 'Test',
  test: {
    same: 'Scanner und Rechner stimmen überein.',
    capsLock: 'Die Feststelltaste ist an: ausschalten, dann erneut testen.',
    qwertz:
      'Der Scanner tippt für eine andere Tastatur als die deutsche hier: auf Deutsch stellen, dann erneut testen.',
    azerty:
      'Der Scanner tippt für eine andere Tastatur als die französische hier: auf Französisch stellen, dann erneut testen.',
    other: 'Der Scanner tippt für eine andere Tastatur als die hier: beide gleich einstellen, dann erneut testen.',
  },
  unplaced: {
    elsewhere:
      'Nicht angenommen: Einheiten werden auf der Seite mit den Plätzen gescannt, ohne offene Frage. Dorthin gehen, dann erneut scannen.',
    badge: 'Das ist ein Ausweis. Zuerst abmelden, dann zum Anmelden scannen.',
    'nothing-to-retry': 'Es gibt keine Einheit, die noch einmal gefertigt werden darf.',
    'nothing-to-confirm': 'Es gibt nichts, was per Barcode zu bestätigen ist.',
  },
};
