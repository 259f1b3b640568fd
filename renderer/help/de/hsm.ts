import type { hsm as english } from '../en/hsm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The HSM and what it keeps. */
export const hsm: Like<typeof english> = {
  'hsm.locked': {
    means:
      'Das HSM ist da, aber seit dem Start oder Einstecken hat niemand seine PIN eingegeben. Ohne sie kann keine Einheit gefertigt werden und sich niemand anmelden.',
    steps: ['Die Einheiten in ihren Aufnahmen lassen.', 'Sicherheitsbeauftragte rufen, um es zu entsperren.'],
    lead: 'Sicherheitsbeauftragte entsperren es im Bildschirm „{hsm}“. Sperrt es sich immer wieder, Kabel und Stromversorgung ansehen.',
  },
  'hsm.down': {
    means:
      'Das HSM antwortet nicht. Die Station versucht von selbst, es zurückzuholen; bis dahin warten die Plätze, und keine Einheit geht verloren.',
    steps: [
      'Eine Minute lang alles lassen, wie es ist.',
      'Prüfen, ob das HSM eingesteckt ist und Strom hat.',
      say.officer,
    ],
    lead: 'Im Bildschirm „{hsm}“: der Zustand und der Grund. Die Meldung nennt, was der Treiber sagte; auch eine geänderte Treiberdatei wird dort genannt.',
  },
  'hsm.ambiguous': {
    means:
      'Das HSM hat vielleicht ein Zertifikat signiert, dessen Antwort nie ankam. Es steht als möglicherweise ausgestellt in der Liste und lässt sich widerrufen. Die Einheit neu zu fertigen ist sicher.',
    steps: [say.again, say.officerIf],
    lead: 'Im Bildschirm „{certificates}“, nach dieser Einheit: möglicherweise ausgestellte Zertifikate. Die widerrufen, die die Einheit nicht hat.',
  },
  'hsm.not-unwrapped': {
    means:
      'Der verpackte Schlüssel lässt sich mit dem nicht öffnen, für den er verpackt sein sollte. Er wurde unterwegs beschädigt oder ist für eine andere Station.',
    steps: ['Nicht noch einmal mit derselben Datei versuchen.', say.officer],
    lead: 'Im Bildschirm „{hsm}“: den Fingerabdruck des Entpackungsschlüssels mit dem vergleichen, den der Besitzer des Schlüssels benutzt hat.',
  },
  'hsm.key-missing': {
    means:
      'Ein Schlüssel, den die Station braucht, ist nicht im HSM. Er wurde gelöscht, oder ein anderes Token ist eingesteckt.',
    steps: [say.stop, 'Prüfen, ob das richtige Token eingesteckt ist.', say.officer],
    lead: 'Im Bildschirm „{hsm}“: die Seriennummer des Tokens und seine Schlüssel.',
  },
  'hsm.key-ambiguous': {
    means: 'Es gibt zwei Schlüssel mit einem Namen, und die Station wählt nicht zwischen ihnen.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{hsm}“: beide Schlüssel, und welchen die Station gemacht hat. Der andere wird mit dem Werkzeug des HSM entfernt.',
  },
  'hsm.key-differs': {
    means:
      'Im HSM ist ein Schlüssel mit dem richtigen Namen, aber nicht der eingerichtete. Einheiten damit würden abgewiesen, oder jemand könnte ihre Schlüssel kennen.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{hsm}“: Prüfwert oder öffentlicher Schlüssel gegen die Aufzeichnung der Einrichtung. Klären, wer ihn geändert hat; das Prüfprotokoll hat jeden Aufruf dieser Station.',
  },
  'hsm.key-attribute': {
    means:
      'Ein Schlüssel ließe sich aus dem HSM auslesen oder für etwas anderes benutzen, als er da ist. Er wird nicht benutzt; ein Geheimnis, das hinauskann, ist keines.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{hsm}“: die Eigenschaft, die die Meldung nennt. Schlüssel lassen sich nicht reparieren; ein neuer wird auf die richtige Art gemacht oder importiert.',
  },
  'hsm.key-exists': {
    means:
      'Einen Schlüssel dieses Namens gibt es bereits. Schlüssel werden nie überschrieben; was mit dem alten entstand, wäre verloren.',
    steps: ['Einen anderen Namen wählen.', 'Wiederholen.'],
    lead: 'Im Bildschirm „{hsm}“: der vorhandene Schlüssel, und was ihn benutzt.',
  },
  'hsm.public-sample': {
    means: 'Dieser Schlüssel steht als Beispiel in öffentlichen Dokumenten; jeder hat ihn.',
    steps: ['Ihn nicht benutzen.', 'Den Besitzer der Gruppe um ihren echten Schlüssel bitten.', say.officer],
    lead: 'Ob andere Stationen denselben Schlüssel bekommen haben.',
  },
  'hsm.key-length': {
    means:
      'Der Schlüssel ist für einen Gruppenschlüssel zu kurz oder zu lang. Meist wurde eine Textzeile für den Schlüssel gehalten, oder ein Teil ist unvollständig getippt.',
    steps: ['Das Getippte mit dem vergleichen, was der Besitzer gegeben hat.', 'Alle Teile neu eintippen.'],
    lead: 'Wie lang der Schlüssel ist, sagt der Besitzer der Gruppe.',
  },
  'hsm.pin': {
    means:
      'Das HSM sagt, die PIN sei falsch. Die Station versucht nie eine PIN zweimal; nach wenigen falschen zerstört ein HSM seine Schlüssel.',
    steps: ['Keine andere PIN versuchen.', say.officer],
    lead: 'Im Bildschirm „{hsm}“: der Grund, und was das Token über seine PIN sagt: wenige Versuche, der letzte oder gesperrt. Nur mit der PIN aus ihrem Umschlag wieder entsperren.',
  },
  'hsm.refused': {
    means: 'Das HSM hat die Anforderung verstanden und aus dem Grund abgelehnt, den die Meldung nennt.',
    steps: ['Den Grund notieren.', say.officer],
    lead: 'Den Grund im Handbuch des HSM nachsehen. Oft ist es seine Richtlinie oder ein Schlüssel, der das nicht darf.',
  },
  'hsm.unsupported': {
    means: 'Dieses HSM kann das Verlangte nicht: Ihm fehlt das Verfahren oder die Länge.',
    steps: [say.stop, say.officer],
    lead: 'Was das HSM laut seinem Handbuch kann. Danach ein anderes Verfahren in Rezept oder Profil, oder ein anderes HSM.',
  },
  'hsm.unsealable': {
    means:
      'Ein Geheimnis in der Datenbank lässt sich nicht öffnen. Es wurde verändert, oder das HSM hat einen anderen Siegelschlüssel als beim Versiegeln, etwa nach falscher Wiederherstellung.',
    steps: ['Die begonnene Arbeit anhalten.', say.officer],
    lead: 'Im Bildschirm „{hsm}“: ob der Siegelschlüssel der eingerichtete ist. Ein im Rezept genanntes Geheimnis setzen zwei Personen neu.',
  },
  'secret.unknown': {
    means:
      'Das Rezept nennt ein Geheimnis, etwa ein Passwort für die Konsole der Einheit, das diese Station nie bekommen hat.',
    steps: [say.stop, say.asks],
    lead: 'Im Bildschirm „{hsm}“: die Liste der Geheimnisse. Zwei Personen setzen es auf der Befehlszeile der Station.',
  },
};
