import type { orders as english } from '../en/orders.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Orders, recipes, and what identities and input may be. */
export const orders: Like<typeof english> = {
  'order.unknown': {
    means:
      'Einen Auftrag dieses Namens gibt es hier nicht. Er schreibt sich anders oder wurde an dieser Station nie importiert.',
    steps: ['Den Namen mit den Papieren vergleichen.', 'Stimmt er, die Linienleitung rufen.'],
    lead: 'Im Bildschirm „{orders}“: die Liste der Aufträge. Fehlt er, seine Datei importieren.',
  },
  'order.full': {
    means:
      'Es sind so viele Einheiten gefertigt, wie der Auftrag verlangt. Der Auftrag begrenzt, wie viele Identitäten es gibt; mehr gibt es nicht.',
    steps: [
      'Die Einheit zu den ungefertigten zurücklegen.',
      'Den nächsten Auftrag beginnen oder die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{orders}“: fertig und bestellt. Für mehr Einheiten braucht es einen weiteren Auftrag.',
  },
  'order.closed': {
    means: 'Der Auftrag wurde geschlossen; von ihm wird keine Einheit mehr gefertigt.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{audit}“, nach dem Auftrag: wer ihn geschlossen hat und wann. Im Bildschirm „{orders}“: Die Linienleitung kann ihn wieder öffnen.',
  },
  'order.not-armed': {
    means:
      'Noch wurde nicht verglichen, ob der Schlüssel der Station der ist, den die Cloud für diesen Auftrag hat. Mit einem falschen Schlüssel wäre jede Einheit umsonst gefertigt.',
    steps: [say.notYet, say.lead],
    lead: 'Im Bildschirm „{orders}“: den Auftrag freigeben, solange es ein Netz gibt; dabei wird verglichen. Ohne Netz kann die Linienleitung es übernehmen, was sichtbar bleibt.',
  },
  'order.key-differs': {
    means:
      'Die Cloud hat für diese Gruppe einen anderen Schlüssel oder eine andere CA, als diese Station benutzen würde. Jede damit gefertigte Einheit würde die Cloud abweisen.',
    steps: [say.stop, say.both],
    lead: 'Im Bildschirm „{hsm}“: der Prüfwert des Schlüssels. Im Bildschirm „{issuers}“: der Fingerabdruck des Ausstellers. Mit der Gruppe in der Cloud vergleichen. Eines von beiden wurde erneuert.',
  },
  'order.not-comparable': {
    means: 'Dieses Ziel lässt sich nicht fragen, welchen Schlüssel es hat; die Station kann nicht selbst vergleichen.',
    steps: [say.notYet, say.lead],
    lead: 'Im Portal des Ziels von Hand vergleichen. Dann im Bildschirm „{orders}“ übernehmen; das wird aufgezeichnet.',
  },
  'export.no-entries': {
    means: 'Eine Geburtsurkunde sagt, was mit einer Einheit geschah. Mit dieser ist noch nichts geschehen.',
    steps: ['Die Seriennummer prüfen.', 'Die Einheit zuerst laufen lassen.'],
    lead: 'Im Bildschirm „{orders}“: der Zustand dieser Einheit.',
  },
  'recipe.not-approved': {
    means:
      'Das Rezept ist neu oder geändert, und es haben noch nicht beide Personen zugestimmt. Rezepte entscheiden über Schlüssel; eine Person allein kann keines in Kraft setzen.',
    steps: [say.notYet, say.lead],
    lead: 'Im Bildschirm „{recipes}“: der Unterschied zur letzten Version. Linienleitung und Sicherheitsbeauftragte genehmigen sie.',
  },
  'recipe.unsupported': {
    means: 'Das Rezept verlangt etwas, das diese Station oder diese Art Rezept nicht kann. Die Meldung sagt, was.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{recipes}“: das Rezept prüfen; jedes Problem wird mit seiner Stelle gezeigt.',
  },
  'identity.invalid': {
    means:
      'Die Registrierungs-ID, die aus Auftrag und Rezept folgt, bricht eine Regel des Cloud-Dienstes; er würde sie ablehnen.',
    steps: ['Seriennummer und diesen Code notieren.', say.lead],
    lead: 'Im Bildschirm „{orders}“: die Zeile des Auftrags. Die Regel steht in der Meldung; die Datei oder die Vorlage im Rezept ist zu berichtigen.',
  },
  'identity.taken': {
    means:
      'Eine andere Einheit hat diese Registrierungs-ID bereits. Zwei Geräte mit einer ID würden einander aussperren.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{recipes}“: wie die ID aus der Auftragsdatei folgt. Zwei Zeilen mit derselben ID werden in der Datei berichtigt; Groß- und Kleinbuchstaben gelten als gleich.',
  },
  'identity.erased': {
    means:
      'Seriennummer, MAC oder ID gehörte zu einer Einheit, deren Aufzeichnungen gelöscht wurden. Sie wird nicht wieder vergeben, damit nie eine neue Einheit für die alte gehalten wird.',
    steps: [say.aside, say.asks],
    lead: 'Im Bildschirm „{audit}“: der Eintrag über die Löschung. Die Einheit braucht ein neues Etikett.',
  },
  'input.invalid': {
    means:
      'Etwas Getipptes, Gescanntes oder aus einer Datei Gelesenes ist nicht, was es sein muss. Die Meldung sagt, wo, was erwartet und was gefunden wurde.',
    steps: [
      'Zu der Stelle gehen, die die Meldung nennt, und sie berichtigen.',
      'Wiederholen.',
      'Kam es aus einer Datei, sie dort berichtigen lassen, wo sie entstand.',
    ],
    lead: 'Die Datei selbst. Nichts aus ihr wurde übernommen: Eingaben werden ganz oder gar nicht angenommen.',
  },
  'input.unknown-call': {
    means:
      'Der Bildschirm hat die Station nach etwas gefragt, das sie nicht kennt. Bildschirm und Station haben verschiedene Versionen.',
    steps: ['Die Seite neu laden (Strg+R).', say.leadIf],
    lead: 'Die Versionen hier in der Hilfe, unter „Über“. Nach einer Aktualisierung muss die Station neu gestartet werden.',
  },
  'order.file-refused': {
    means:
      'Zeilen der Datei sind nicht, was sie sein müssen. Nichts wurde angelegt: Ein Auftrag wird ganz oder gar nicht angenommen.',
    steps: [
      'Die fehlerhaften Zeilen ansehen, die der Bildschirm zeigt.',
      'Die Datei dort berichtigen lassen, wo sie entstand.',
      'Sie erneut importieren.',
    ],
    lead: 'Im Bildschirm „{orders}“: jede fehlerhafte Zeile, mit dem Erwarteten und dem Gefundenen.',
  },
  'order.file-unreadable': {
    means:
      'Die Datei ist kein Text in UTF-8 oder größer als 10 MB. Oft ist es eine Tabelle in ihrem eigenen Format oder in einer älteren Kodierung.',
    steps: ['Sie in dem Programm, aus dem sie kommt, als CSV in UTF-8 speichern.', 'Sie erneut wählen.'],
    lead: 'Bei denen, die die Auftragsdateien machen: die Kodierung, und ob sich ein so großer Auftrag teilen lässt.',
  },
  'recipe.unknown': {
    means:
      'Die Station hat kein Rezept mit diesem Inhalt. Vielleicht ist die Liste auf dem Bildschirm älter, oder das Rezept ist von einer anderen Station.',
    steps: ['Die Liste der Rezepte neu laden.', 'Das Rezept dort wählen, oder die Datei, in der es steht.'],
    lead: 'Im Bildschirm „{recipes}“: die Rezepte dieser Station. Eines von einer anderen kommt als Datei, und zwei Personen genehmigen es hier.',
  },
  'recipe.version-taken': {
    means:
      'Die Version eines Rezepts steht für immer für einen Inhalt, denn damit sind Einheiten gefertigt. Ein anderer Inhalt braucht eine andere Version.',
    steps: ['Dem Rezept die nächste Version geben.', 'Es erneut speichern.'],
    lead: 'Im Bildschirm „{recipes}“: die Versionen dieses Rezepts, und worin sie sich unterscheiden.',
  },
};
