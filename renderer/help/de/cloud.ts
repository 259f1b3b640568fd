import type { cloud as english } from '../en/cloud.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The cloud, uploads, and files for whoever enrols by hand. */
export const cloud: Like<typeof english> = {
  'cloud.unreachable': {
    means:
      'Zur Cloud gibt es im Moment keinen Weg. Einheiten werden trotzdem gefertigt; ihre Übertragungen warten und gehen von selbst weiter.',
    steps: ['Weiterarbeiten.', 'Dauert es länger, als das Werk erlaubt, der Linienleitung Bescheid geben.'],
    lead: 'Im Bildschirm „{cloud}“: seit wann, und der Grund. Dort die Verbindung prüfen; nacheinander werden Name, Weg, Zertifikat und Rechte genannt.',
  },
  'cloud.throttled': {
    means:
      'Die Cloud bittet um eine Pause, weil sie mehr Aufrufe bekommt, als sie zulässt. Die Station hält sich daran.',
    steps: [say.workOn, 'Dauert es Stunden, der Linienleitung Bescheid geben.'],
    lead: 'Im Bildschirm „{cloud}“: das Budget. Benutzen andere Stationen denselben Dienst, es senken.',
  },
  'cloud.failed': {
    means: 'Die Cloud hat selbst eine Störung. Die Station versucht es von selbst, immer langsamer.',
    steps: [say.workOn, 'Dauert es Stunden, der Linienleitung Bescheid geben.'],
    lead: 'Im Bildschirm „{cloud}“: seit wann. Dann die Statusseite des Dienstes.',
  },
  'cloud.refused': {
    means:
      'Die Cloud lässt diese Station nicht hinein: Ihre Zugangsdaten sind abgelaufen, ihnen fehlt ein Recht, oder ein Filter ist im Weg. Übertragungen halten an, bis eine Person nachgesehen hat.',
    steps: [say.uploadsWait, say.lead],
    lead: 'Im Bildschirm „{cloud}“: der Rat, das Wahrscheinlichste zuerst: Zugangsdaten, Recht, Adressfilter, Uhr. Dort die Verbindung prüfen.',
  },
  'cloud.rejected': {
    means: 'Die Cloud hat diesen einen Eintrag abgelehnt und täte es wieder. Die anderen gehen weiter.',
    steps: ['Mit anderen Einheiten weiterarbeiten.', say.lead],
    lead: 'Im Bildschirm „{cloud}“: die wartende Zeile mit der Fehlernummer des Dienstes. Die Ursache beheben, dann erneut senden, oder verwerfen.',
  },
  'cloud.malformed': {
    means:
      'Was zurückkam, antwortet der Dienst so nicht. Oft sitzt ein Proxy oder eine Anmeldeseite des Netzes dazwischen. Es zählt als nicht erledigt und wird wiederholt.',
    steps: [say.workOn, 'Dauert es an, der Linienleitung Bescheid geben.'],
    lead: 'Im Bildschirm „{cloud}“: die Verbindung prüfen. Wessen Zertifikat zeigt die Gegenseite?',
  },
  'cloud.different': {
    means:
      'Jemand anderes hat unter derselben ID einen Eintrag gemacht. Es kann ein anderes Gerät sein; deshalb überschreibt die Station ihn nicht.',
    steps: ['Die Einheit aussondern, falls sie noch hier ist.', say.lead],
    lead: 'Im Bildschirm „{cloud}“: was dort ist, und was dort sein sollte. Ersetzen braucht zwei Personen; verwerfen lässt den anderen stehen.',
  },
  'cloud.no-group': {
    means:
      'Die Registrierungsgruppe, die das Rezept nennt, ist nicht in der Cloud; keines ihrer Geräte könnte sich registrieren.',
    steps: [say.stop, say.lead],
    lead: 'Den Besitzer der Gruppe bitten, sie anzulegen. Dann den Auftrag im Bildschirm „{orders}“ erneut vergleichen.',
  },
  'cloud.by-hand': {
    means: 'Dieses Ziel nimmt eine solche Änderung nur von einer Person an, in seinem eigenen Portal.',
    steps: ['Lassen, wie es ist.', say.lead],
    lead: 'Es im Portal des Ziels tun, dann die Zeile im Bildschirm „{cloud}“ verwerfen.',
  },
  'cloud.private-key': {
    means:
      'Eine Nachricht an die Cloud enthielt einen privaten Schlüssel, der nie hinausgeht. Sie wurde vorher angehalten. Das ist ein Fehler dieses Programms.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{cloud}“: die Zeile. Mit dem Code melden; der Schlüssel selbst wird nirgends gezeigt.',
  },
  'cloud.too-large': {
    means: 'Was das Rezept registrieren will, ist größer, als der Dienst annimmt, meist wegen zu vieler Eigenschaften.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{recipes}“: der anfängliche Zwilling im Rezept. Ihn verkleinern und die neue Version genehmigen.',
  },
  'cloud.key-in-body': {
    means:
      'Eine Nachricht an die Cloud enthielt einen Schlüssel oder eine Verbindungszeichenfolge, wo keine hingehört. Sie wurde vorher angehalten.',
    steps: [say.stop, say.officer],
    lead: 'Im Bildschirm „{recipes}“: ob ein Text im Rezept ein Geheimnis enthält. Wenn nicht, mit dem Code melden.',
  },
  'cloud.not-configured': {
    means:
      'Dieser Station wurde nicht gesagt, mit welcher Cloud sie sprechen soll, oder sie bekam keine Zugangsdaten dafür.',
    steps: [say.uploadsWait, say.lead],
    lead: 'Die Cloud-Verbindung in station.json. Die Zugangsdaten werden beim Start der Station angegeben.',
  },
  'webhook.unreachable': {
    means:
      'Es führt kein Weg zu dem System, dem Ergebnisse gemeldet werden. Einheiten werden trotzdem gefertigt; was zu melden ist, wartet der Reihe nach.',
    steps: [say.workOn, 'Dauert es Stunden, der Linienleitung Bescheid geben.'],
    lead: 'Im Bildschirm „{cloud}“ oder mit birthmark mes status: der Grund. Dann den Empfänger, sein Zertifikat und das Netz prüfen.',
  },
  'webhook.failed': {
    means:
      'Das System, dem Ergebnisse gemeldet werden, weist eine Nachricht ab. Sie wird immer langsamer erneut gesendet; nach 16 Abweisungen wartet sie auf eine Person, und spätere Nachrichten ihrer Einheit warten dahinter.',
    steps: [say.workOn, say.lead],
    lead: 'Im Bildschirm „{cloud}“: die Antwort des Empfängers. Dort beheben, dann alles noch einmal senden oder die Nachricht aufgeben (birthmark mes status, retry und discard tun dasselbe).',
  },
  'sync.not-parked': {
    means: 'Die Zeile wartet nicht mehr: Jemand anderes hat entschieden, oder sie wurde inzwischen gesendet.',
    steps: ['Die Liste neu laden.', say.look],
    lead: 'Im Bildschirm „{audit}“: wer über sie entschieden hat.',
  },
  'sync.not-replaceable': {
    means:
      'Ersetzen lassen sich nur Zeilen, für die in der Cloud ein anderer Eintrag steht. Diese wartet aus einem anderen Grund.',
    steps: ['Den Grund der Zeile lesen.', 'Sie erneut senden oder verwerfen.'],
    lead: 'Im Bildschirm „{cloud}“: der Grund der Zeile.',
  },
  'sync.changed': {
    means:
      'Der Eintrag in der Cloud wurde nach dem Ansehen geändert. Zwei Personen haben zugestimmt, den gesehenen aufzugeben, und keinen anderen.',
    steps: ['Die Zeile erneut ansehen.', say.look],
    lead: 'Im Bildschirm „{cloud}“: was jetzt dort ist. Klären, wer sonst Einträge dieser Geräte ändert.',
  },
  'group.unknown': {
    means: 'Kein Auftrag dieser Station gehört zu einer Gruppe dieses Namens; hier ist für sie nichts zu tun.',
    steps: ['Den Namen mit dem Rezept vergleichen.', 'Mit dem richtigen Namen wiederholen.'],
    lead: 'Im Bildschirm „{recipes}“: die Gruppe, die jedes Rezept nennt.',
  },
  'folder.failed': {
    means:
      'Der Ordner für Registrierungen oder signierte Köpfe ist nicht beschreibbar. Nichts geht verloren; sobald es möglich ist, geht es weiter.',
    steps: ['Weiterarbeiten.', say.lead],
    lead: 'Im Bildschirm „{cloud}“: der Grund. Eine volle Platte, eine fehlende Netzfreigabe oder ein entzogenes Recht.',
  },
  'folder.changed': {
    means:
      'Eine Datei, die die Station geschrieben hat, sagt jetzt etwas anderes. Jemand hat sie bearbeitet, oder der Datenträger ist beschädigt. Sie wird nicht überschrieben, damit nichts verloren geht.',
    steps: ['Die Datei lassen, wie sie ist.', say.lead],
    lead: 'Die Datei mit der Liste im Bildschirm „{cloud}“ vergleichen, beiseitelegen, dann die Zeile erneut senden.',
  },
  'folder.key': {
    means:
      'Das Rezept hat Schlüssel, die nur die Cloud und die Einheit kennen dürfen; eine Datei kann jeder lesen, der sie hat.',
    steps: [say.stop, say.lead],
    lead: 'Im Bildschirm „{recipes}“: ein anderes Ziel im Rezept. Oder die Registrierung in einem verschlüsselten Bündel übertragen.',
  },
};
