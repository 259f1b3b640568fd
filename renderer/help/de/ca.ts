import type { ca as english } from '../en/ca.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The intermediate CA, certificates, and stores of certificates. */
export const ca: Like<typeof english> = {
  'ca.unknown': {
    means: 'Das Rezept oder der Aufruf nennt eine Zwischen-CA, die diese Station nicht hat.',
    steps: [say.stop, say.asks],
    lead: 'Im Bildschirm „{issuers}“: die Aussteller. Der Name im Rezept im Bildschirm „{recipes}“ muss derselbe sein.',
  },
  'ca.not-ready': {
    means:
      'Die Zwischen-CA kann nicht signieren: Ihre Zeremonie ist nicht beendet, sie ist außer Dienst, oder ihr Zertifikat fehlt. Die Meldung sagt, was davon.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{issuers}“: der Aussteller, und welcher Schritt seiner Zeremonie der nächste ist.',
  },
  'ca.csr-refused': {
    means:
      'Die Einheit hat ein Zertifikat auf eine nicht erlaubte Art angefordert, etwa mit einem schwachen Schlüssel oder einer ungültigen Signatur. Nichts wurde signiert.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'Die Regel in der Meldung. Betrifft es alle Einheiten einer Charge, macht ihre Firmware falsche Schlüssel oder Anforderungen.',
  },
  'ca.profile': {
    means:
      'Was das Rezept von Zertifikaten verlangt, ist nicht erlaubt, etwa ein Gerätezertifikat, das länger gilt als sein Aussteller.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{recipes}“: das Profil im Rezept. Im Bildschirm „{issuers}“: bis wann der Aussteller gültig ist.',
  },
  'ca.lint': {
    means:
      'Vor jeder Signatur prüft die Station das Zertifikat gegen feste Regeln, und dieses würde eine brechen. Das ist ein Fehler dieses Programms. Nichts wurde signiert.',
    steps: [say.stop, say.officer],
    lead: 'Regel und Code an die Betreuung dieses Programms melden.',
  },
  'ca.chain': {
    means:
      'Ein Zertifikat der angegebenen Kette passt nicht zu den anderen oder bricht eine Regel. Nichts wurde übernommen.',
    steps: [
      'Nachsehen, welches Zertifikat die Meldung nennt.',
      'Dort, wo die Kette entstand, um die ganze in der richtigen Reihenfolge bitten.',
      say.officer,
    ],
    lead: 'Im Bildschirm „{issuers}“: die hinausgegebene Anforderung; die Antwort muss zu dieser gehören.',
  },
  'ca.clock': {
    means:
      'Die Uhr steht vor etwas, das die Station schon aufgezeichnet hat, außerhalb der Gültigkeit des Ausstellers oder weit neben der Armbanduhr. Ein Zertifikat mit falscher Zeit wäre wertlos.',
    steps: ['Die Zeit des Bildschirms mit der Armbanduhr vergleichen.', say.lead],
    lead: 'Die Uhr des Betriebssystems stellen, dann bestätigen zwei Personen sie im Bildschirm „{issuers}“.',
  },
  'ca.key-taken': {
    means:
      'Eine andere Einheit hat schon ein Zertifikat mit demselben öffentlichen Schlüssel. Zwei Geräte mit einem Schlüssel heißt: Er wurde kopiert oder entsteht ohne echten Zufall.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: der abgelehnte Lauf. Bei mehreren Einheiten liegt es am Zufallsgenerator der Firmware.',
  },
  'ca.serial-taken': {
    means:
      'Ein neues Zertifikat hätte eine Nummer bekommen, die es schon gibt. Zufällig geschieht das nie; am Zufallsgenerator ist also zu zweifeln.',
    steps: [say.again, 'Wiederholt es sich, anhalten und Sicherheitsbeauftragte rufen.'],
    lead: 'Ob dieser Rechner im laufenden Betrieb von einem anderen kopiert wurde.',
  },
  'ca.signature-wrong': {
    means:
      'Was vom HSM zurückkam, ist keine Signatur dessen, was die Station geschickt hat. Es ist defekt, oder jemand sitzt dazwischen.',
    steps: ['Keine weiteren Einheiten fertigen, die ein Zertifikat brauchen.', say.officer],
    lead: 'Im Bildschirm „{hsm}“: Treiber des HSM und sein Hash gegen die der Einrichtung. Mit diesem HSM nicht weitermachen.',
  },
  'ca.quota': {
    means:
      'So viele Zertifikate sind ausgestellt, wie zwei Personen vereinbart haben. Das Kontingent begrenzt, was jemand mit einer gestohlenen Station tun könnte.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{issuers}“: ausgestellt und Kontingent. Es zu erhöhen braucht zwei Personen.',
  },
  'ca.no-certificate': {
    means:
      'Ein solches Zertifikat gibt es nicht, oder sein Zustand lässt das nicht zu: Es ist schon widerrufen, wurde nie signiert, oder seine Einheit hat keinen Namen mehr.',
    steps: ['Das Zertifikat noch einmal suchen.', say.look],
    lead: 'Im Bildschirm „{certificates}“: das Zertifikat und sein Zustand.',
  },
  'store.none': {
    means:
      'Das Zertifikat dieser Einheit soll aus einem anderswo gemachten Vorrat kommen; dort ist keines für sie, oder es ist verbraucht. Die Meldung sagt, warum.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'Im Bildschirm „{hsm}“: der Bestand des Vorrats, und für welche Einheiten er Zertifikate hat. Zwei Personen importieren weitere.',
  },
  'store.empty': {
    means: 'Der Auftrag nimmt seine Zertifikate aus einem Vorrat, der für keine seiner Einheiten eines hat.',
    steps: [say.notYet, say.lead],
    lead: 'Im Bildschirm „{hsm}“: die Vorräte. Zwei Personen importieren die Dateien für diesen Auftrag.',
  },
};
