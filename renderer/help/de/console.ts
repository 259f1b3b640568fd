import type { overConsole as english } from '../en/console.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units that are provisioned over their Linux console. */
export const overConsole: Like<typeof english> = {
  'console.no-prompt': {
    means:
      'Auf der seriellen Konsole erschien nicht, worauf die Station wartet. Die Einheit ist nicht gestartet, oder ihre Konsole hat eine andere Baudrate.',
    steps: [say.reseat, 'Warten, bis die Einheit gestartet ist.', say.again, say.asideIf],
    lead: 'Im Bildschirm „{settings}“: die Baudrate des Platzes. Betrifft es alle Einheiten, hat das Abbild auf diesem Anschluss keine Konsole oder braucht zum Starten länger, als die Meldung sagt.',
  },
  'console.login-refused': {
    means: 'Die Einheit hat Name und Passwort nicht angenommen, mit denen sich die Station anmeldet.',
    steps: [say.aside, 'Keine weiteren Einheiten dieser Charge scannen.', say.lead],
    lead: 'Im Bildschirm „{recipes}“: welches Geheimnis das Rezept nennt. Vielleicht hat das Abbild der Charge ein anderes Passwort, oder das Geheimnis hat Zeichen, die sich nicht tippen lassen.',
  },
  'console.tool-missing': {
    means: 'Ein Programm, das die Station auf der Einheit braucht, ist nicht in ihrem Software-Abbild.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Das Software-Abbild der Charge: Die Meldung nennt das Programm.',
  },
  'console.failed': {
    means:
      'Ein Befehl auf der Einheit endete mit einem Fehler. Vielleicht ist ihr Speicher voll oder schreibgeschützt, oder ein Dienst läuft nicht.',
    steps: [say.again, say.asideIf],
    lead: 'Der Befehl und sein Exit-Code in der Meldung. Betrifft es alle Einheiten, ist das Abbild nicht das, für das das Rezept geschrieben wurde.',
  },
  'console.garbled': {
    means: 'Über die Konsole kam etwas anderes als eine Antwort: Meldungen des Kernels, oder es gingen Bytes verloren.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Ob das Abbild Kernelmeldungen auf diese Konsole schreibt, und ob das Kabel lang oder ungeschirmt ist.',
  },
  'console.file-differs': {
    means:
      'Eine Datei, die auf die Einheit geschrieben wurde, liest sich anders zurück. Unterwegs ging etwas verloren, oder etwas auf der Einheit hat sie geändert.',
    steps: [say.again, say.asideIf],
    lead: 'Ob ein Dienst auf der Einheit dieselbe Datei schreibt.',
  },
};
