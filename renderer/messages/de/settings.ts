import type { settings as english } from '../en/settings.ts';
import type { Told } from '../messages.ts';

export const settings: Told<typeof english> = {
  title: 'Einstellungen',
  inForce: 'Geltende Einstellungen',
  current: 'wie unten gezeigt',
  waiting: 'andere: die unten gelten ab dem nächsten Start der Station',
  restart: 'Station neu starten',
  restartNow: 'Jetzt neu starten',
  restartMeans:
    'Die Plätze sind einige Sekunden geschlossen. Danach fragen HSM und Cloud-Verbindung vielleicht wieder nach ihren Geheimnissen.',
  byCommand: 'Diese Station wurde durch einen Befehl gestartet: dort anhalten und neu starten.',
  others: 'Ort, Cloud und Sicherungen',
  idle: 'Minuten bis zur Abmeldung',
  idleMeans: 'Wer einen Bildschirm so lange nicht benutzt, wird abgemeldet. Plätze arbeiten weiter.',
  idleWrong: 'Eine ganze Zahl von 1 bis 480.',
  backupFolder: 'Ordner für Sicherungen (freiwillig)',
  backupFolderMeans:
    'Ein ganzer Pfad auf einer anderen Platte oder Freigabe. Leer gelassen, bleiben sie im eigenen Ordner der Station.',
  save: 'Speichern',
  saveMeans: 'Eine zweite Person muss zustimmen. Die Einstellungen gelten ab dem nächsten Start der Station.',
};
