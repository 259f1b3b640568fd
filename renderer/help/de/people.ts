import type { people as english } from '../en/people.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** People, what they may do, and what is kept about them. */
export const people: Like<typeof english> = {
  'person.unknown': {
    means:
      'Niemand hat diesen Namen und diese PIN. Welches von beiden falsch ist, sagt die Station nicht, damit niemand Namen herausfinden kann.',
    steps: [
      'Prüfen, ob die Feststelltaste aus ist, und beides erneut eingeben.',
      'Nicht raten: Wenige falsche Versuche sperren eine Person.',
      'Ist die PIN vergessen, die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{people}“: ob es die Person gibt und sie aktiv ist. Einen neuen Einmalcode geben zwei Personen.',
  },
  'person.not-signed-in': {
    means:
      'An diesem Bildschirm ist niemand angemeldet: Die Sitzung endete nach einer Zeit ohne Bedienung, oder die Station wurde neu gestartet. Laufende Plätze laufen weiter.',
    steps: ['Anmelden.', say.redo],
    lead: 'Nach wie vielen Minuten ohne Bedienung abgemeldet wird, steht in station.json; ohne Angabe nach 15.',
  },
  'person.not-allowed': {
    means:
      'Die eigene Rolle darf das nicht. Die Meldung sagt, welche Rollen es dürfen. Der Versuch steht im Prüfprotokoll.',
    steps: [
      'Jemanden mit einer dieser Rollen darum bitten.',
      'Gehört es zur eigenen Arbeit, die Linienleitung rufen: Die Rolle ist vielleicht falsch.',
    ],
    lead: 'Im Bildschirm „{people}“: die Rolle der Person. Im Bildschirm „{help}“ unter Rollen: was jede Rolle darf.',
  },
  'person.second-needed': {
    means:
      'Das ändert etwas, das niemand allein ändern darf. Eine zweite Person muss genau diesem Vorgang zustimmen, mit ihrer eigenen PIN.',
    steps: [
      'Jemanden mit einer der Rollen rufen, die die Meldung nennt.',
      'Diese Person liest, was geschehen soll, und gibt Name und PIN ein.',
    ],
    lead: 'Im Bildschirm „{people}“: wer diese Rollen hat. In jeder Schicht sollten es zwei sein.',
  },
  'person.approval-wrong': {
    means:
      'Die Zustimmung passt nicht: Danach wurde etwas geändert, sie ist schon verbraucht, oder beide Personen sind dieselbe.',
    steps: ['Den Vorgang neu beginnen.', 'Die zweite Person liest ihn und stimmt neu zu.'],
    lead: 'Im Bildschirm „{audit}“: beide Versuche, und von wem sie kamen.',
  },
  'person.none': {
    means: 'Niemand hat mehr diese Rolle; was sie braucht, geht nicht.',
    steps: ['Lassen, was diese Rolle braucht.', 'Linienleitung oder Sicherheitsbeauftragte rufen.'],
    lead: 'Im Bildschirm „{people}“: jemanden mit dieser Rolle hinzufügen. Zwei Personen tun das.',
  },
  'person.taken': {
    means: 'Personen werden hier an ihrem Namen unterschieden, und dieser ist vergeben.',
    steps: ['Einen anderen Namen wählen, etwa mit dem Nachnamen.', 'Die Person erneut hinzufügen.'],
    lead: 'Im Bildschirm „{people}“: ob es dieselbe Person ist; sie braucht keinen zweiten Eintrag.',
  },
  'privacy.unknown': {
    means: 'Unter diesem Namen ist nichts aufbewahrt. Es war nie hier, schreibt sich anders oder wurde schon gelöscht.',
    steps: [
      'Die Schreibweise prüfen, auch Groß- und Kleinbuchstaben.',
      'Sollte es da sein, Sicherheitsbeauftragte fragen.',
    ],
    lead: 'Im Bildschirm „{audit}“: ob es zu der Zeit einen Eintrag über eine Löschung gibt.',
  },
  'privacy.held': {
    means: 'Eine Aufbewahrungsanordnung verbietet das Löschen dieser Aufzeichnungen, solange sie in Kraft ist.',
    steps: ['Die Aufzeichnungen lassen, wie sie sind.', 'Sicherheitsbeauftragte fragen, ob die Anordnung enden darf.'],
    lead: 'Im Bildschirm „{audit}“: die Liste der Aufbewahrungsanordnungen, wer diese gesetzt hat und warum. Zwei Personen beenden sie.',
  },
  'privacy.no-hold': {
    means:
      'Mit dieser Nummer ist keine Aufbewahrungsanordnung in Kraft: Sie ist schon beendet, oder die Nummer ist falsch.',
    steps: ['Die Nummer in der Liste der Aufbewahrungsanordnungen nachsehen.', 'Mit der richtigen Nummer wiederholen.'],
    lead: 'Im Bildschirm „{audit}“: die Liste der Aufbewahrungsanordnungen, auch der beendeten.',
  },
  'privacy.waits': {
    means:
      'Übertragungen dieser Einheit warten noch. Jetzt gelöscht, könnten sie nie gesendet werden, und die Cloud behielte einen Eintrag, den hier niemand kennt.',
    steps: [
      'Warten, bis alles gesendet ist.',
      'Über Zeilen, die auf eine Person warten, die Linienleitung entscheiden lassen.',
      'Dann löschen.',
    ],
    lead: 'Im Bildschirm „{cloud}“: der Rückstand und die Zeilen, die auf eine Person warten: erneut senden oder verwerfen.',
  },
  'privacy.working': {
    means: 'Die Person hat einen laufenden Lauf, von dem man dann nicht mehr wüsste, wessen er ist.',
    steps: ['Das Ergebnis des Platzes abwarten.', 'Dann löschen.'],
    lead: 'Im Bildschirm „{lanes}“: welcher Platz noch arbeitet.',
  },
  'privacy.only-one': {
    means: 'Ohne diese Person könnte niemand mehr die Arbeit dieser Rolle tun, nicht einmal jemanden hinzufügen.',
    steps: ['Zuerst eine andere Person mit dieser Rolle hinzufügen, die sich einmal anmeldet.', 'Dann diese löschen.'],
    lead: 'Im Bildschirm „{people}“: wer die Rolle hat und sich anmelden kann.',
  },
  'privacy.still-read': {
    means:
      'Die Angaben sind gelöscht, aber alte Seiten der Datenbank lassen sich nicht überschreiben, solange ein anderes Programm sie liest. Die Station versucht es von selbst erneut.',
    steps: [
      'Beenden, was die Datenbank liest: eine Prüfung, eine Sicherung oder eine Verifikation.',
      'Sonst ist nichts zu tun: Die Station versucht es stündlich und bei jedem Start.',
    ],
    lead: 'Im Bildschirm „{audit}“: ob noch eine Verifikation läuft. Der Eintrag über die Löschung bleibt, wie er ist.',
  },
  'person.locked': {
    means:
      'Für diesen Namen wurden zu viele falsche PINs getippt. Er bleibt gesperrt, bis eine Person ihn entsperrt, damit niemand PINs durchprobieren kann.',
    steps: [
      'Nicht noch einmal versuchen: Er bleibt gesperrt, auch bei richtiger PIN.',
      'Linienleitung oder Sicherheitsbeauftragte rufen.',
    ],
    lead: 'Im Bildschirm „{people}“: die Person entsperren oder einen neuen Einmalcode geben. Im Bildschirm „{audit}“: wann die falschen PINs getippt wurden, und ob die Person da war.',
  },
  'person.choose-pin': {
    means: 'Ein Einmalcode lässt eine Person einmal hinein, damit sie eine PIN wählt, die sonst niemand kennt.',
    steps: ['Eine eigene PIN wählen und zweimal tippen.', 'Sie niemandem sagen, auch nicht der Linienleitung.'],
    lead: 'Es ist nichts zu tun. Niemand kann die PIN nachsehen; wer sie vergisst, bekommt einen neuen Einmalcode.',
  },
  'person.code-ended': {
    means: 'Ein Einmalcode gilt für eine Anmeldung innerhalb von sieben Tagen. Dieser wurde benutzt oder ist zu alt.',
    steps: ['Ihn nicht noch einmal tippen.', 'Linienleitung und Sicherheitsbeauftragte um einen neuen bitten.'],
    lead: 'Im Bildschirm „{people}“: einen neuen Einmalcode geben; zwei Personen tun das. Hat die Person den alten nicht benutzt, tat es jemand anderes: im Bildschirm „{audit}“ nachsehen.',
  },
  'person.pin-weak': {
    means:
      'Die PIN wäre leicht zu erraten oder ist die vorige. Eine PIN steht für die Zustimmung einer Person und muss ihr allein gehören.',
    steps: [
      'Eine andere PIN mit sechs oder mehr Zeichen wählen.',
      'Keine Reihe, nicht nur dasselbe Zeichen und nicht den eigenen Namen nehmen.',
    ],
    lead: 'Die Regeln gelten für alle gleich; keine Einstellung lockert sie.',
  },
  'person.nobody': {
    means: 'Die Liste auf dem Bildschirm ist älter als der Stand der Station, oder der Name schreibt sich anders.',
    steps: ['Die Liste der Personen neu laden.', 'Die Person dort wählen.'],
    lead: 'Im Bildschirm „{people}“: die Liste, auch mit den Ausgeschiedenen.',
  },
  'person.left': {
    means: 'Jemand hat eingetragen, dass diese Person ausgeschieden ist. In ihrem Namen geht nichts mehr.',
    steps: ['Prüfen, ob die richtige Person gewählt ist.', 'Ist sie zurück, sie neu hinzufügen lassen.'],
    lead: 'Im Bildschirm „{people}“: die Person neu hinzufügen, mit einem Einmalcode. Zwei Personen tun das.',
  },
  'person.last': {
    means: 'Ohne diese Person könnte niemand die Arbeit dieser Rolle tun, nicht einmal jemanden hinzufügen.',
    steps: ['Zuerst eine andere Person mit dieser Rolle hinzufügen.', 'Sie einmal anmelden lassen.', say.redo],
    lead: 'Im Bildschirm „{people}“: wer die Rolle hat und sich anmelden kann.',
  },
  'person.badge-taken': {
    means: 'Ein Ausweis nennt nur eine Person. Dieser nennt schon jemand anderen.',
    steps: ['Einen anderen Ausweis scannen.', 'Ist es der richtige, ihn zuerst der anderen Person nehmen lassen.'],
    lead: 'Im Bildschirm „{people}“: wessen Ausweis es ist. Ein weitergegebener Ausweis nennt noch den, der ihn vorher hatte.',
  },
  'person.others-agree': {
    means:
      'Dieser Weg ist für den Fall, dass sonst niemand mehr da ist. Solange zwei Personen zustimmen können, tun sie es, und nicht eine mit der PIN des HSM.',
    steps: ['Zwei Personen rufen, die zustimmen dürfen.', 'Sie tun es an der Station, jede mit ihrer eigenen PIN.'],
    lead: 'Im Bildschirm „{people}“: wer zustimmen kann. Die Befehlszeile steht in der Meldung.',
  },
};
