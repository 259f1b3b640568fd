import type { printing as english } from '../en/printing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Labels of units, and the printers that they come out of. */
export const printing: Like<typeof english> = {
  'label.unknown-template': {
    means:
      'Das Rezept verlangt ein Etikett, das diese Station nicht zeichnen kann. Die Einheit selbst wird trotzdem gefertigt.',
    steps: [say.notYet, say.lead],
    lead: 'Den Teil label des Rezepts mit den Vorlagen in der Datei der Station vergleichen: Eines von beiden heißt anders.',
  },
  'label.no-printer': {
    means:
      'Kein Drucker dieser Station ist für dieses Etikett da: Keiner heißt so, oder keiner gehört zu diesem Platz.',
    steps: ['Im Bildschirm „{labels}“ einen anderen Drucker nennen.', say.lead],
    lead: 'Die Drucker in der Datei der Station und für welche Plätze sie drucken; den Teil label des Rezepts.',
  },
  'label.none': {
    means: 'Einheiten dieses Rezepts bekommen von dieser Station kein Etikett.',
    steps: ['Prüfen, ob es die richtige Seriennummer ist.', say.lead],
    lead: 'Ob das Rezept einen Teil label haben sollte. Früher gefertigte Einheiten bekommen das Etikett ihres eigenen Rezepts.',
  },
  'label.not-passed': {
    means: 'Nur eine Einheit, die bestanden hat, bekommt ein Etikett. Auf jeder anderen würde es Falsches sagen.',
    steps: [
      'Prüfen, ob es die richtige Seriennummer ist.',
      'Zuerst die Einheit fertigen: im Bildschirm „{lanes}“ scannen.',
      say.leadIf,
    ],
    lead: 'Was aus der Einheit wurde: im Bildschirm „{audit}“, mit der Seriennummer.',
  },
  'label.cannot': {
    means:
      'Das Etikett dieser Einheit lässt sich nicht so zeichnen, dass es wieder gelesen werden kann: Etwas fehlt, passt nicht hinein oder hat Zeichen, die ein Code nicht fasst.',
    steps: [say.goOn, say.lead],
    lead: 'Das genannte Element in der Datei der Station mit dem vergleichen, was der Auftrag von der Einheit sagt. Danach das Etikett im Bildschirm „{labels}“ drucken.',
  },
  'printer.gone': {
    means:
      'Der Drucker antwortet nicht. Etiketten warten der Reihe nach auf ihn und kommen von selbst, sobald er wieder da ist.',
    steps: [
      'Den Drucker einschalten und seine Kabel prüfen.',
      'Weiterarbeiten und die Einheiten in ihrer Reihenfolge lassen, bis ihre Etiketten da sind.',
      say.leadIf,
    ],
    lead: 'Adresse oder Anschluss des Druckers in der Datei der Station, und ob dieser Rechner ihn erreicht.',
  },
  'printer.refused': {
    means: 'Der Drucker ist da, ließ sich aber aus dem genannten Grund nicht benutzen. Seine Etiketten warten.',
    steps: [
      'Andere Programme schließen, die den Drucker benutzen.',
      'Weiterarbeiten und die Einheiten in ihrer Reihenfolge lassen, bis ihre Etiketten da sind.',
      say.leadIf,
    ],
    lead: 'Der Grund: ein Programm hält den Anschluss, dem Konto der Station fehlt ein Recht, oder die Platte ist voll.',
  },
  'printer.silent': {
    means: 'Der Drucker nimmt Etiketten an, sagt aber nicht, wie es ihm geht. Niemand weiß, ob ein Etikett herauskam.',
    steps: [
      'Den Drucker aus- und einschalten.',
      'Die Etiketten vor dem Kleben mit den Einheiten vergleichen.',
      say.leadIf,
    ],
    lead: 'Ob dieser Drucker ZPL spricht und überhaupt antwortet. Für einen, der es nie tut, kann die Datei der Station die Frage weglassen.',
  },
  'printer.paper-out': {
    means: 'Die Rolle ist zu Ende. Etiketten warten und kommen von selbst.',
    steps: [
      'Eine neue Rolle einlegen und den Drucker schließen.',
      'Die ersten Etiketten mit ihren Einheiten vergleichen: Eines kann zweimal kommen.',
      say.leadIf,
    ],
    lead: 'Ob die Rolle die Größe der Vorlage hat und der Sensor für die Lücke sauber ist.',
  },
  'printer.head-open': {
    means: 'Der Drucker ist offen. Etiketten warten und kommen von selbst.',
    steps: [
      'Den Drucker schließen, bis er einrastet.',
      'Die ersten Etiketten mit ihren Einheiten vergleichen: Eines kann zweimal kommen.',
      say.leadIf,
    ],
    lead: 'Ob der Riegel des Druckkopfs hält.',
  },
  'printer.not-ready': {
    means: 'Der Drucker antwortet, druckt aber aus dem genannten Grund nicht. Etiketten warten und kommen von selbst.',
    steps: [
      'Auf die Anzeige des Druckers sehen und tun, was sie verlangt.',
      'Die ersten Etiketten mit ihren Einheiten vergleichen: Eines kann zweimal kommen.',
      say.leadIf,
    ],
    lead: 'Eine Pause, die niemand beendet hat, ein Farbband, das zu Ende ist, oder ein zu heißer Druckkopf.',
  },
};
