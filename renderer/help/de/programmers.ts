import type { programmers as english } from '../en/programmers.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** External programmers, which write a unit's firmware first. */
export const programmers: Like<typeof english> = {
  'unit.not-programmed': {
    means:
      'Die Firmware ließ sich nicht in die Einheit schreiben: Das Programmierwerkzeug endete mit einem Exit-Code, den das Rezept der Einheit anlastet. Seine letzte Ausgabe steht in der Meldung.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Was das Programmierwerkzeug ausgab: mit der Nummer des Laufs auf der Befehlszeile der Station. Betrifft es alle Einheiten, die Kontakte der Aufnahme prüfen, und welche Exit-Codes das Rezept so nennt.',
  },
  'programmer.unknown': {
    means:
      'Das Rezept nennt ein Programm, das die Firmware der Einheit schreibt, und diese Station hat keines dieses Namens.',
    steps: [say.stop, say.lead],
    lead: 'Welches Programmierwerkzeug das Rezept nennt, im Bildschirm „{recipes}“, und welche in der Konfiguration dieser Station stehen. Die Namen müssen dieselben sein.',
  },
  'programmer.changed': {
    means:
      'Die Datei des Programmierwerkzeugs ist eine andere als die, der die Station vertrauen soll. Jemand hat sie aktualisiert oder ersetzt. Sie wurde nicht gestartet.',
    steps: [say.stop, say.both],
    lead: 'Wer das Programm geändert hat, und ob die neue Version erprobt ist. Erst dann wird der Hash der neuen Datei in der Konfiguration festgelegt.',
  },
  'programmer.not-started': {
    means: 'Das Betriebssystem konnte das Programmierwerkzeug nicht starten. Die Einheit blieb unberührt.',
    steps: ['Die Einheit liegen lassen.', say.lead],
    lead: 'Der Grund in der Meldung: ob das Programm auf diesem Rechner installiert ist, und ob das Konto der Station es ausführen darf.',
  },
  'programmer.broke': {
    means:
      'Das Programmierwerkzeug endete, ohne die Einheit programmiert zu haben, und nichts sagt, dass die Einheit schuld ist. Seine letzte Ausgabe steht in der Meldung.',
    steps: ['Die Stecker des Programmiergeräts und seine Stromversorgung prüfen.', say.again, say.leadIf],
    lead: 'Was das Programmierwerkzeug ausgab: mit der Nummer des Laufs auf der Befehlszeile der Station. Exit-Codes, die eine schlechte Einheit bedeuten, gehören ins Rezept.',
  },
  'programmer.late': {
    means:
      'Das Programmierwerkzeug war nach seiner Frist nicht fertig. Die Station hat es beendet, samt allem, was es gestartet hatte. Die Einheit trägt vielleicht eine halbe Firmware.',
    steps: ['Die Stecker des Programmiergeräts und seine Stromversorgung prüfen.', say.again, say.leadIf],
    lead: 'Was das Programmierwerkzeug zuletzt ausgab, und wie lange gute Einheiten brauchen: Die Frist im Rezept ist vielleicht zu kurz.',
  },
};
