import type { units as english } from '../en/units.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units: what they answer, who they are, and where they stand. */
export const units: Like<typeof english> = {
  'unit.silent': {
    means:
      'Das Kabel ist da, aber die Einheit hat eine Nachricht nicht rechtzeitig beantwortet. Sie hat keinen Strom, ist noch nicht gestartet oder hängt.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Im Bildschirm „{lanes}“: Betrifft es nur einen Platz, dessen Aufnahme oder Kabel tauschen; betrifft es alle, die Stromversorgung und die Firmware dieser Charge ansehen.',
  },
  'unit.garbled': {
    means:
      'Die Einheit hat mit etwas geantwortet, das keine Nachricht des Protokolls ist oder dessen Prüfsumme nicht stimmt. Die Ursache ist ein schlechter Kontakt, eine falsche Baudrate oder Firmware, die auf derselben Leitung schreibt.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Im Bildschirm „{settings}“: ob die Baudrate des Platzes die der Einheiten ist. Außerdem, ob die Firmware Protokollzeilen auf diesen Anschluss schreibt.',
  },
  'unit.serial-mismatch': {
    means:
      'Das gescannte Etikett nennt eine andere Einheit als die in der Aufnahme. Mit dem falschen Etikett würde ein Gerät unter fremdem Namen registriert; deshalb wurde nichts geschrieben.',
    steps: [
      'Das Etikett mit der Einheit in der Aufnahme vergleichen: Wurde das einer anderen gescannt?',
      'Wenn ja, das richtige Etikett scannen.',
      'Klebt das Etikett auf der falschen Einheit, sie mit diesem Code kennzeichnen, aussondern und die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{audit}“, nach der gescannten Seriennummer: ob benachbarte Einheiten denselben Fehler haben. Dann ist eine Etikettenrolle verrutscht, und die Linie steht, bis die Stelle gefunden ist.',
  },
  'unit.mac-mismatch': {
    means:
      'Der Auftrag nennt für diese Seriennummer eine MAC, die Einheit meldet eine andere. Platine, Etikett und Auftrag gehören nicht zusammen.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Im Bildschirm „{orders}“: die Zeile dieser Einheit im Auftrag. Mit dem Aufdruck der Platine vergleichen und den Auftrag oder die Platine berichtigen lassen.',
  },
  'unit.version': {
    means:
      'Einheit und Station sprechen verschiedene Versionen des Protokolls. Die Firmware der Einheit ist älter oder neuer, als diese Station kennt.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'Welche Firmware die Charge hat. Die Einheiten oder die Station aktualisieren; mit einer Einstellung lässt sich das nicht beheben.',
  },
  'unit.cannot': {
    means:
      'Das Rezept verlangt von der Einheit etwas, das sie nicht anbietet. Die Firmware ist eine andere als die, für die das Rezept geschrieben wurde, oder der Auftrag hat das falsche Rezept.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'Im Bildschirm „{orders}“: das Rezept des Auftrags. Im Bildschirm „{recipes}“: was das Rezept verlangt. Mit der Firmware der Charge vergleichen.',
  },
  'unit.refused': {
    means:
      'Die Einheit hat verstanden, abgelehnt und einen Grund genannt: Sie ist gesperrt, oder was sie bekam, passt nicht zu ihr. Nichts wurde erzwungen.',
    steps: ['Den Grund in der Meldung lesen.', say.aside, say.lead],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: ob die Einheit schon gefertigt wurde, hier oder unter einem anderen Auftrag. Eine gesperrte Einheit braucht Nacharbeit.',
  },
  'unit.other-credential': {
    means:
      'In der Einheit ist bereits ein anderer Schlüssel oder ein anderes Zertifikat, als hier zu ihr gehört. Überschreiben könnte ein zweites Gerät unter demselben Namen ergeben.',
    steps: [say.aside, say.notAgain, 'Die Linienleitung rufen; sie entscheidet über Nacharbeit.'],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: welche Zugangsdaten sie wann und auf welchem Platz bekam. Die Nacharbeit löscht den Speicher der Einheit, bevor sie wieder an die Linie kommt.',
  },
  'unit.proof-wrong': {
    means:
      'Die Einheit hat ihren Schlüssel bekommen, aber was sie damit berechnet hat, ist falsch. Die Cloud würde sie abweisen; deshalb ist sie nicht GUT.',
    steps: [say.again, say.asideIf],
    lead: 'Im Bildschirm „{audit}“: Betrifft es mehrere Einheiten einer Charge, liegt es an ihrem Speicher oder an ihrer Krypto-Firmware.',
  },
  'unit.certificate-refused': {
    means:
      'Die Einheit brachte ein eigenes Zertifikat mit, das eine Regel des Rezepts nicht erlaubt. Die Meldung nennt die Regel.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Im Bildschirm „{hsm}“: die Zertifikatsvorräte, und welcher Hersteller dieses ausgestellt hat. Eine ganze Charge mit diesem Code geht an den zurück, der die Zertifikate eingebracht hat.',
  },
  'unit.mac-taken': {
    means:
      'Zwei Einheiten melden dieselbe MAC. Eine ist eine Kopie oder falsch programmiert, und im Netz würden sie einander stören. Der Platz nimmt keine weitere Einheit an.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'Im Bildschirm „{audit}“, nach beiden Seriennummern: welche zuerst kam. Danach, wo die MACs der Charge geschrieben werden.',
  },
  'unit.unknown': {
    means:
      'Kein offener Auftrag hat eine Einheit mit dieser Seriennummer. Das Etikett wurde falsch gelesen, gehört zu einem anderen Produkt, oder sein Auftrag ist noch nicht importiert.',
    steps: [
      'Das Etikett noch einmal scannen; ein schmutziges Scannerfenster reinigen.',
      'Die Anzeige mit dem Etikett vergleichen.',
      'Stimmt beides überein, die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{orders}“: die Seriennummer suchen und sehen, ob ihr Auftrag importiert und offen ist.',
  },
  'unit.ambiguous': {
    means:
      'Mehrere offene Aufträge haben eine Einheit mit dieser Seriennummer; die Station kann nicht wissen, welche gemeint ist.',
    steps: [
      'In den Begleitpapieren nachsehen, zu welchem Auftrag die Einheit gehört.',
      'Diesen Auftrag wählen, dann die Einheit erneut scannen.',
      'Sagen es die Papiere nicht, die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{orders}“: den erledigten Auftrag schließen oder eine der beiden Dateien berichtigen lassen.',
  },
  'unit.finished': {
    means:
      'Diese Einheit war schon GUT, zu der Zeit, die die Meldung nennt. Sie wird nie zweimal gefertigt: Ihre Identität ist bereits in ihr.',
    steps: [
      'Die Einheit zu den fertigen legen.',
      'Ist in der Aufnahme eine andere, ist ihr Etikett eine Kopie: sie aussondern und die Linienleitung rufen.',
      say.goOn,
    ],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: wann und wo sie gefertigt wurde. Zwei Einheiten mit einem Etikett sind ein Fall für Sicherheitsbeauftragte.',
  },
  'unit.busy': {
    means: 'Eine Einheit mit dieser Seriennummer wird gerade gefertigt, auf dem Platz, den die Meldung nennt.',
    steps: [
      'Auf diesen Platz sehen und sein Ergebnis abwarten.',
      'Liegt dort eine andere Einheit, haben zwei dasselbe Etikett: beide aussondern und die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: ob das Etikett zweimal gedruckt wurde.',
  },
  'unit.in-batch': {
    means:
      'Das Zertifikat dieser Einheit entsteht gerade außerhalb der Linie aus einer Datei. Ein Lauf daneben könnte ihr ein zweites geben.',
    steps: ['Eine Minute warten.', say.again, 'Steht es nach fünf Minuten noch da, die Linienleitung rufen.'],
    lead: 'Im Bildschirm „{audit}“, nach dem Auftrag: wer gerade Zertifikate für ihn ausstellt.',
  },
  'unit.scrapped': {
    means:
      'Diese Einheit wurde endgültig außer Gebrauch genommen, zu der Zeit, die die Meldung nennt. Ihr Eintrag in der Cloud ist gesperrt.',
    steps: [
      'Die Einheit zum Schrott legen.',
      'Soll sie kein Schrott sein, die Linienleitung rufen; Scannen ändert nichts.',
    ],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: wer sie verschrottet hat und warum. Sie kommt nicht zurück; eine reparierte Platine bekommt eine neue Seriennummer.',
  },
  'unit.unmade': {
    means:
      'Die Einheit hat noch keine Registrierungs-ID, weil sie nie lief oder weil die ID aus einem TPM folgt, das noch nicht gelesen wurde. Die Cloud kann sie nicht kennen.',
    steps: ['Die Einheit zuerst auf einem Platz laufen lassen.', say.redo],
    lead: 'Im Bildschirm „{orders}“: der Zustand dieser Einheit.',
  },
  'unit.chain-differs': {
    means:
      'Die Einheit hat ihr Zertifikat bekommen und liest ein anderes zurück. Ihrem Speicher ist so nicht zu trauen.',
    steps: [say.again, say.asideIf],
    lead: 'Im Bildschirm „{audit}“: Betrifft es mehrere Einheiten einer Charge, ist ihr Speicher zu klein oder verschlissen.',
  },
};
