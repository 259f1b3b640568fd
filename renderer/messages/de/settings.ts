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
  scanners: 'Scanner',
  scannersAbout:
    'Ein Scanner, der wie eine Tastatur tippt, braucht keinen Anschluss: einstecken. Sendet er etwas vor jedem Code, wird ein Code überall als Scan erkannt, wo auch immer die Schreibmarke steht.',
  prefix: 'Was tippende Scanner vor jedem Code senden (freiwillig)',
  prefixMeans: 'Bis zu 8 Zeichen, etwa ~. Im Scanner dasselbe einstellen: siehe Hilfe.',
  prefixWrong: 'Bis zu 8 Buchstaben, Ziffern oder Zeichen, ohne Leerzeichen.',
  checksum: 'Prüfzeichen der Seriennummern',
  checksumMeans: 'Eine Seriennummer mit falschem Prüfzeichen wird als Lesefehler abgelehnt.',
  checksums: {
    none: 'keines',
    mod10: 'GS1 Modulo 10',
    'mod37-36': 'ISO/IEC 7064, MOD 37,36',
  },
  noScanner: 'An keinem seriellen Anschluss ist ein Scanner.',
  scanner: 'Scanner {scanner}',
  port: 'Anschluss von Scanner {scanner}',
  baud: 'Tempo von Scanner {scanner}, Baud',
  before: 'Vor jedem Code, Scanner {scanner} (freiwillig)',
  beforeMeans: '\\x02 steht für STX.',
  ending: 'Nach jedem Code, Scanner {scanner}',
  endings: {
    line: 'Zeilenende (CR, LF)',
    tab: 'Tabulator',
    etx: 'ETX',
  },
  findFor: 'Durch Stecken finden, Scanner {scanner}',
  remove: 'Scanner {scanner} entfernen',
  add: 'Scanner hinzufügen',
  wrongScanners: {
    noPort: 'Jeder Scanner braucht einen Anschluss.',
    samePort: 'Zwei haben denselben Anschluss. Jeder Platz und jeder Scanner braucht einen eigenen.',
    baud: 'Ein Tempo ist eine ganze Zahl von 9600 bis 3000000.',
    prefix: 'Vor einem Code stehen bis zu 8 Zeichen, ohne Zeilenende, Tabulator oder ETX.',
  },
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
