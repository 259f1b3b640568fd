import type { tpm as english } from '../en/tpm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The TPM of a unit, its endorsement key, and that key's certificate. */
export const tpm: Like<typeof english> = {
  'tpm.missing': {
    means: 'In der Einheit antwortet kein TPM: Es ist nicht bestückt, in der Firmware abgeschaltet oder startet nicht.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Bei vielen Einheiten einer Charge: ob das TPM in ihrer Firmware eingeschaltet ist, und ob der Auftrag das richtige Rezept hat.',
  },
  'tpm.version': {
    means: 'Das TPM gehört zu einer älteren Familie als 2.0; damit kann der Cloud-Dienst keine Geräte registrieren.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Die Stückliste: Bestückt wurde ein anderes TPM als bestellt. Mit diesem Rezept lassen sich diese Einheiten nicht fertigen.',
  },
  'tpm.failure-mode': {
    means: 'Das TPM hat seinen eigenen Selbsttest nicht bestanden und beantwortet nichts anderes mehr. Es ist defekt.',
    steps: [say.aside, say.notAgain, 'Zur Nacharbeit geben: Das TPM muss ersetzt werden.'],
    lead: 'Im Bildschirm „{audit}“: wie viele Einheiten das haben. Mit einem neuen TPM ist eine schon registrierte Einheit ein neues Gerät.',
  },
  'tpm.lockout': {
    means:
      'Das TPM hat falsche Autorisierungen bekommen und schützt sich. Nach einer Zeit, die sein Hersteller festgelegt hat, antwortet es wieder.',
    steps: [
      'Die Einheit unter Strom lassen; Ausschalten verlängert die Sperre.',
      'Mit anderen Einheiten weiterarbeiten.',
      'Nach dem Ende der Sperre erneut scannen.',
      say.asideIf,
    ],
    lead: 'Im Bildschirm „{hsm}“: seit wann das im Rezept genannte Geheimnis gesetzt ist. Sicherheitsbeauftragte setzen das richtige, bevor sich weitere TPMs sperren.',
  },
  'tpm.auth': {
    means:
      'Das TPM verlangt eine Autorisierung, und die der Station ist falsch. Jeder weitere Versuch bringt das TPM näher an seine Sperre.',
    steps: ['Keine weiteren Einheiten dieser Charge scannen.', say.aside, say.lead],
    lead: 'Im Bildschirm „{recipes}“: welches Geheimnis das Rezept nennt. Im Bildschirm „{hsm}“: seit wann es gesetzt ist. Sicherheitsbeauftragte setzen das richtige.',
  },
  'tpm.refused': {
    means:
      'Das TPM hat einen Befehl abgelehnt und den Code genannt, der in der Meldung steht. Vielleicht ist es voll, beschäftigt oder anders eingerichtet, als das Rezept erwartet.',
    steps: [say.again, say.asideIf],
    lead: 'Im Bildschirm „{audit}“: Kommt bei jeder Einheit derselbe Code, passt das Rezept nicht zu diesem TPM.',
  },
  'tpm.garbled': {
    means:
      'Was das TPM geantwortet hat, erlaubt die TPM-Spezifikation an dieser Stelle nicht. Die Ursache ist eine gestörte Leitung oder fehlerhafte Firmware.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Ist es immer dieselbe Stelle desselben Befehls, liegt es an der Firmware, die die Antworten weiterreicht.',
  },
  'tpm.key-refused': {
    means:
      'Einem Schlüssel, den das TPM gezeigt oder gemacht hat, fehlt eine nötige Eigenschaft, etwa dass er das TPM nie verlassen kann. Was er beweist, wäre nichts wert.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Die Regel in der Meldung. Eine ganze Charge damit hat TPMs, die vorher jemand anderes eingerichtet hat.',
  },
  'tpm.name-differs': {
    means:
      'Das TPM gibt seinem Schlüssel einen Namen, der nicht aus dem Schlüssel folgt. Ein echtes TPM kann das nicht: Etwas anderes antwortet an seiner Stelle.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: jeder Lauf der Einheit. Die Einheit als Beweis aufheben.',
  },
  'tpm.not-activated': {
    means:
      'Die Station stellte eine Prüfaufgabe, die nur der Besitzer des gezeigten Endorsement Key öffnen kann, und dieses TPM konnte es nicht. Der Schlüssel wurde von einem anderen TPM kopiert.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Im Bildschirm „{audit}“: welche Einheit diesen Endorsement Key vorher hatte. Die Einheit als Beweis aufheben.',
  },
  'ek.certificate-missing': {
    means:
      'Das Rezept verlangt das Zertifikat des TPM-Herstellers als Beweis, dass das TPM echt ist, und das TPM hat keines.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'Manche Hersteller liefern Zertifikate oder eine Schlüsselliste getrennt vom Chip. Zwei Personen importieren sie auf der Befehlszeile, und der Bildschirm „{hsm}“ zeigt sie; dann die Einheiten erneut scannen.',
  },
  'ek.certificate-unreadable': {
    means: 'Im TPM ist ein Zertifikat, aber es ist beschädigt oder hat nicht die vorgeschriebene Form.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Die Stelle in der Meldung. Hat es die ganze Charge, den TPM-Hersteller fragen.',
  },
  'ek.certificate-expired': {
    means:
      'Nach der Uhr dieser Station ist das Zertifikat noch nicht oder nicht mehr gültig. Entweder die Uhr geht falsch, oder das TPM ist zu alt.',
    steps: [
      'Die Zeit ansehen, die der Bildschirm zeigt.',
      'Ist sie falsch, anhalten und die Linienleitung rufen.',
      'Ist sie richtig, die Einheit mit diesem Code kennzeichnen und aussondern.',
    ],
    lead: 'Zuerst die Uhr. Geht sie richtig, lagen die TPMs länger, als ihre Zertifikate gelten.',
  },
  'ek.certificate-self-signed': {
    means: 'Für das Zertifikat steht niemand ein als es selbst; jeder könnte es gemacht haben.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Wo die TPMs dieser Charge gekauft wurden. Die Einheit als Beweis aufheben.',
  },
  'ek.certificate-other-key': {
    means: 'Das Zertifikat gehört zu einem anderen TPM als dem, das es zeigt. Es wurde kopiert.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Im Bildschirm „{audit}“: ob eine andere Einheit dieses Zertifikat gezeigt hat. Die Einheit als Beweis aufheben.',
  },
  'ek.certificate-usage': {
    means:
      'Das Zertifikat wurde für etwas anderes als einen Endorsement Key ausgestellt; es sagt also nicht, dass dies ein TPM ist.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Die Regel in der Meldung. Hat es die ganze Charge, den TPM-Hersteller fragen.',
  },
  'ek.certificate-chain': {
    means:
      'Eines der Zertifikate zwischen dem TPM und der Wurzel seines Herstellers bricht eine Regel; die Kette beweist also nichts.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Welches Zertifikat die Meldung nennt. Ist es eines des Herstellers, holen Sicherheitsbeauftragte von ihm die richtigen.',
  },
  'ek.root-unknown': {
    means: 'Das Zertifikat ist in Ordnung, führt aber zu einem Hersteller, den das Rezept nicht nennt.',
    steps: [say.aside, say.goOn, say.asks],
    lead: 'Ob diesem Hersteller zu trauen ist, entscheiden Sicherheitsbeauftragte: Seine Wurzel kommt in den Ordner tpm-roots der Station, und im Bildschirm „{recipes}“ nennt sie eine neue Version des Rezepts.',
  },
  'ek.software': {
    means:
      'Das TPM ist ein Programm und kein Chip. Seine Schlüssel lassen sich kopieren; deshalb nimmt die Produktion es nie an.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Ob eine Testversion der Firmware an die Linie gekommen ist.',
  },
  'ek.not-genuine-enough': {
    means:
      'Das Rezept verlangt weniger Beweis für ein echtes TPM als die Produktion; damit lässt sich keine Einheit fertigen.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{recipes}“: eine neue Version des Rezepts, die ein Zertifikat verlangt. Zwei Personen genehmigen sie.',
  },
  'ek.taken': {
    means:
      'Zwei Einheiten zeigen denselben Endorsement Key, den jedes TPM für sich allein hat. Eine ist eine Kopie. Der Platz nimmt keine weitere Einheit an.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'Im Bildschirm „{audit}“, nach beiden Seriennummern: welche zuerst da war. Sicherheitsbeauftragte heben beide als Beweis auf.',
  },
  'ek.changed': {
    means:
      'Als die Einheit das letzte Mal hier war, hatte sie ein anderes TPM. Die Cloud erkennt Geräte an ihrem TPM; dies ist also ein anderes Gerät unter demselben Etikett. Der Platz nimmt keine weitere Einheit an.',
    steps: [say.aside, say.lead, say.released],
    lead: 'Ob das TPM in der Nacharbeit ersetzt wurde. Dann verschrotten zwei Personen die alte Einheit (birthmark units scrap), und die Platine bekommt eine neue Seriennummer.',
  },
  'ek.public-sample': {
    means: 'Der Endorsement Key steht als Beispiel in öffentlichen Dokumenten, und jeder kennt seine private Hälfte.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Ob ein Simulator oder ein Beispielabbild an die Linie gekommen ist.',
  },
  'ek.not-listed': {
    means:
      'Die Liste der gelieferten Schlüssel des TPM-Herstellers enthält diesen nicht. Entweder gehört sie zu einer anderen Lieferung, oder das TPM kommt nicht vom Hersteller. Der Platz nimmt keine weitere Einheit an.',
    steps: [say.aside, say.lead, say.released],
    lead: 'Im Bildschirm „{hsm}“: welche Listen importiert sind, und für welche Lieferung. Fehlt die Liste dieser Lieferung, importieren zwei Personen sie.',
  },
  'ek.other-id': {
    means:
      'Die Liste des Herstellers hat diesem TPM schon eine Registrierungs-ID gegeben, und das Rezept gäbe ihm eine andere. Ein Gerät darf nicht zwei haben.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Die Meldung nennt die Liste. Sie mit dem Rezept im Bildschirm „{recipes}“ vergleichen und entscheiden, welche der beiden IDs gilt.',
  },
};
