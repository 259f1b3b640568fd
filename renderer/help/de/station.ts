import type { station as english } from '../en/station.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The station itself: its records, its audit trail, its backups. */
export const station: Like<typeof english> = {
  'station.held': {
    means:
      'Ein anderer Prozess arbeitet mit diesem Ordner. Zwei könnten eine Identität zweimal vergeben; deshalb startet der zweite nicht.',
    steps: [
      'Prüfen, ob die Station in einem anderen Fenster offen ist, und dieses benutzen.',
      'Gibt es keines, die Linienleitung rufen.',
    ],
    lead: 'Die Meldung sagt, welcher Prozess ihn hält. Diesen beenden, aber nicht den Rechner ausschalten.',
  },
  'station.no-folder': {
    means: 'In diesem Ordner ist keine Station, oder ihre Bildschirme sind nicht gebaut.',
    steps: [say.folder, 'Ist es ein neuer Rechner, die Station einrichten.'],
    lead: 'Ob seit dem letzten Start eine Platte oder eine Netzfreigabe fehlt.',
  },
  'station.config': {
    means:
      'In den Einstellungen steht etwas, das nicht erlaubt ist. Die Meldung sagt, wo, was erwartet und was gefunden wurde.',
    steps: ['Die Stelle notieren, die die Meldung nennt.', say.lead],
    lead: 'Die Stelle in station.json. Was sich im Bildschirm „{settings}“ ändern lässt, wird vor dem Schreiben geprüft.',
  },
  'station.mode': {
    means:
      'Übung und Produktion sind getrennt: simulierte Einheiten und Übungsschlüssel nie in der Produktion, echte Zeremonien nie in der Übung.',
    steps: ['Nachsehen, welche Betriebsart der Bildschirm oben zeigt.', say.lead],
    lead: 'Die Betriebsart wird einmal gewählt, bei der Einrichtung. Für die andere wird eine weitere Station eingerichtet.',
  },
  'station.stopping': {
    means: 'Während das lief, sollte die Station anhalten. Nichts halb Fertiges zählt.',
    steps: ['Warten, bis die Station wieder läuft.', say.again],
    lead: 'Wer sie angehalten hat und warum. Vor einem Halt im Bildschirm „{lanes}“ nachsehen, dass kein Platz läuft.',
  },
  'store.failed': {
    means:
      'Die Platte hat eine Aufzeichnung nicht angenommen. Ohne sie verlässt nichts die Station; die Einheit bekam also nichts und ist nicht GUT.',
    steps: [
      'Die Einheit in der Aufnahme lassen.',
      'Die Linienleitung rufen; sie schafft Speicherplatz auf der Platte.',
      'Dann die Einheit erneut scannen.',
    ],
    lead: 'Wie viel Speicherplatz die Platte hat, und ob sie schreibgeschützt ist. SQLITE_FULL ist eine volle Platte, SQLITE_IOERR eine defekte.',
  },
  'store.damaged': {
    means: 'Eine Aufzeichnung oder Datei der Station ist nicht, was geschrieben wurde.',
    steps: ['Mit dieser Station nicht weiterarbeiten.', say.both],
    lead: 'birthmark fsck sagt, was hält und was nicht. Danach die neueste Sicherung.',
  },
  'audit.too-long': {
    means:
      'Ein Eintrag des Prüfprotokolls würde länger, als Einträge sein dürfen. Nichts wurde getan, denn ohne Eintrag geschieht nichts. Das ist ein Fehler dieses Programms.',
    steps: ['Nicht noch einmal versuchen.', say.lead],
    lead: 'Mit dem Code melden. Oft hilft es, dasselbe für weniger Einheiten auf einmal zu tun.',
  },
  'audit.damaged': {
    means:
      'Das Prüfprotokoll passt nicht zu seinen eigenen Prüfsummen: Ein Eintrag wurde geändert, entfernt oder ging verloren. Alles, was fertigt oder signiert, ist angehalten.',
    steps: ['Nicht neu starten und nichts reparieren.', 'Sicherheitsbeauftragte und Auditor rufen.'],
    lead: 'Im Bildschirm „{audit}“: die Stelle. Exportieren, was da ist, und mit dem letzten Export und den Codes im Schichtbuch vergleichen.',
  },
  'audit.older': {
    means:
      'Außerhalb der Station ist ein neuerer Stand von ihr bekannt, als sie selbst hat. Eine alte Kopie ihrer Datenbank wurde zurückgespielt; weiterarbeiten würde Nummern zweimal vergeben.',
    steps: [say.leave, say.both],
    lead: 'Im Bildschirm „{audit}“: die Anker. Die neueste Datenbank zurückspielen. Ist sie verloren, gleichen Sicherheitsbeauftragte und Linienleitung ab.',
  },
  'audit.forked': {
    means:
      'Was außerhalb verankert ist, stimmt nicht mit dieser Datenbank überein: Es gibt zwei Geschichten einer Station.',
    steps: [say.leave, 'Sicherheitsbeauftragte und Auditor rufen.'],
    lead: 'Im Bildschirm „{audit}“: die Anker, und welche abweichen. Nach einer zweiten Kopie der Station suchen, die inzwischen gearbeitet hat.',
  },
  'audit.not-stopped': {
    means:
      'Was abgeglichen werden soll, ist nicht der Grund, aus dem das Prüfprotokoll angehalten ist, oder es ist gar nicht angehalten.',
    steps: ['Die Anker erneut ansehen.', say.look],
    lead: 'Im Bildschirm „{audit}“: der Kopf, der es angehalten hat, seine Größe und seine Wurzel.',
  },
  'audit.unsigned': {
    means:
      'Das HSM hat den neuesten Stand des Prüfprotokolls nicht signiert; alles, was daraus entnommen wird, braucht diese Signatur.',
    steps: ['Prüfen, ob das HSM bereit ist.', 'Wiederholen.', say.officerIf],
    lead: 'Im Bildschirm „{hsm}“: das HSM. Im Bildschirm „{audit}“: ob das Prüfprotokoll angehalten ist.',
  },
  'audit.not-written': {
    means: 'Die Platte hat den Export nicht angenommen. Das Prüfprotokoll selbst ist unverändert.',
    steps: ['Speicherplatz schaffen oder einen anderen Ordner wählen.', 'Erneut exportieren.'],
    lead: 'Ob die Station in diesen Ordner schreiben darf.',
  },
  'backup.exists': {
    means: 'Unter diesem Namen ist schon etwas. Eine Sicherung überschreibt nie etwas.',
    steps: ['Einen neuen Namen wählen.', 'Erneut sichern.'],
    lead: 'Im Bildschirm „{backup}“: die vorhandenen Sicherungen.',
  },
  'backup.failed': {
    means:
      'Die Sicherung ließ sich nicht zu Ende schreiben. Das Begonnene ist entfernt; die Station selbst läuft weiter.',
    steps: ['Prüfen, ob der Datenträger eingesteckt ist und Speicherplatz hat.', 'Erneut sichern.'],
    lead: 'Im Bildschirm „{backup}“: wie alt die letzte gute Sicherung ist.',
  },
  'backup.damaged': {
    means: 'Eine Datei der Sicherung ist nicht mehr, was sie beim Sichern war.',
    steps: ['Sie nicht zurückspielen.', 'Eine andere Sicherung nehmen.', say.lead],
    lead: 'Ob der Datenträger verschlissen ist. Hält eine eben gemachte Sicherung nicht, auf der Station birthmark fsck ausführen.',
  },
  'backup.expired': {
    means:
      'Aufzeichnungen, die inzwischen gelöscht werden mussten, sind in dieser Sicherung noch enthalten; das Zurückspielen brächte sie wieder.',
    steps: ['Eine neuere Sicherung nehmen.', 'Gibt es keine, Linienleitung und Sicherheitsbeauftragte rufen.'],
    lead: 'Muss es diese sein, sie mit --expired zurückspielen. Die Station löscht dieselben Aufzeichnungen beim Start erneut, wenn ihre Liste der Löschungen noch im Ordner ist.',
  },
  'backup.not-empty': {
    means: 'In dem Ordner, in den die Station zurückgespielt werden soll, ist schon etwas.',
    steps: ['Einen neuen, leeren Ordner wählen.', 'Soll die alte Station ersetzt werden, die Linienleitung rufen.'],
    lead: 'Mit --replace bleibt der alte Ordner unter einem anderen Namen erhalten; ihn erst löschen, wenn die zurückgespielte Station arbeitet.',
  },
  'rpc.closed': {
    means:
      'Der Bildschirm hat die Verbindung zur Station verloren. Die Plätze laufen an der Station weiter; der Bildschirm kommt von selbst zurück und zeigt, was geschah.',
    steps: [
      'Einige Sekunden warten. Die Einheiten in ihren Aufnahmen lassen.',
      'Kommt er in einer Minute nicht zurück, die Seite neu laden (Strg+R).',
      'Hilft das nicht, die Linienleitung rufen.',
    ],
    lead: 'Ob der Prozess der Station auf diesem Rechner noch läuft.',
  },
  'rpc.deadline': {
    means: 'Die Station hat nicht rechtzeitig geantwortet. Sie ist überlastet, oder etwas hält sie auf.',
    steps: ['Einen Moment warten und wiederholen.', say.leadIf],
    lead: 'Was sonst auf diesem Rechner läuft, und ob seine Platte langsam oder voll ist.',
  },
  internal: {
    means:
      'Etwas ist geschehen, das das Programm nicht vorsieht. Einzelheiten stehen im Protokoll unter der Nummer des Vorfalls; der Bildschirm zeigt keine, denn sie könnten ein Geheimnis enthalten.',
    steps: ['Die Nummer des Vorfalls und die Zeit notieren.', say.again, say.lead],
    lead: 'Das Protokoll der Station unter dieser Nummer. Es an die Betreuung dieses Programms senden.',
  },
  'setup.first': {
    means:
      'Diese Station hat noch keinen Namen, kein HSM und keine Personen. Bis sie eingerichtet ist, kann sie sonst nichts.',
    steps: [
      'Die Einrichtung auf diesem Bildschirm abschließen.',
      'War die Station schon eingerichtet, die Linienleitung rufen: Ihr Ordner fehlt vielleicht.',
    ],
    lead: 'War hier schon eine Station eingerichtet: zuerst prüfen, ob ihre Platte da ist, bevor eine zweite entsteht.',
  },
  'setup.done': {
    means: 'Jemand hat die Einrichtung inzwischen abgeschlossen. Eine Station wird einmal eingerichtet.',
    steps: ['Die Seite neu laden (Strg+R).', 'Anmelden.'],
    lead: 'Im Bildschirm „{settings}“: was sich später ändern lässt. Für eine andere Betriebsart wird eine weitere Station eingerichtet.',
  },
  'setup.busy': {
    means:
      'Die Station wird gerade angelegt: ihr Ordner, ihre Schlüssel und ihre ersten Personen. Ein zweiter Versuch daneben würde den ersten stören.',
    steps: [
      'Warten, bis der Bildschirm sagt, dass es fertig ist.',
      'Bewegt sich fünf Minuten nichts, die Seite neu laden (Strg+R).',
    ],
    lead: 'Ob das HSM antwortet; seine Schlüssel zu machen dauert am längsten. Bricht eine Einrichtung ab, bleibt keine halbe Station.',
  },
  'setup.no-pin': {
    means: 'Die Station braucht die PIN des Tokens, um darin ihre Schlüssel zu machen, und hat für das gewählte keine.',
    steps: ['Das Token erneut wählen.', 'Seine PIN tippen.', 'Ist sie nicht zur Hand, Sicherheitsbeauftragte rufen.'],
    lead: 'Welches Token gewählt ist, nach seiner Seriennummer. Die PIN bleibt bis zum Ende der Einrichtung und wird nirgends geschrieben.',
  },
  'settings.units': {
    means: 'Die Station jetzt neu zu starten würde die Einheit auf diesem Platz abbrechen.',
    steps: ['Das Ergebnis des Platzes abwarten.', 'Keine weitere Einheit scannen.', 'Dann die Station neu starten.'],
    lead: 'Im Bildschirm „{lanes}“: welche Plätze noch arbeiten.',
  },
  'settings.same-port': {
    means:
      'Eine Buchse kann an diesem Rechner mehrere Namen haben. Zwei Plätze an einem Anschluss würden die Einheiten des anderen beschreiben; darum wurde nichts gespeichert.',
    steps: [
      'Die Anschlüsse beider durch Stecken finden: Auf „{settings}“ gibt es dafür eine Taste.',
      'Erneut speichern.',
    ],
    lead: 'Ob zwei Plätze oder ein Platz und ein Scanner an einer Buchse gedacht waren: Jeder braucht eine eigene.',
  },
  'settings.no-restart': {
    means:
      'Diese Station wurde durch einen Befehl gestartet, und nur wer das tat, kann sie neu starten. Die Einstellungen sind gespeichert.',
    steps: ['Weiterarbeiten: Bis dahin gelten die vorigen Einstellungen.', say.lead],
    lead: 'Den Befehl dort beenden, wo er läuft, wenn kein Platz arbeitet, und ihn neu starten: birthmark serve.',
  },
  'settings.failed': {
    means: 'Die Platte hat die neuen Einstellungen nicht angenommen. Die vorigen gelten unverändert weiter.',
    steps: [
      'Den Grund in der Meldung notieren.',
      'Die Linienleitung rufen; sie schafft Speicherplatz auf der Platte.',
      'Dann die Einstellungen erneut speichern.',
    ],
    lead: 'Wie viel Speicherplatz die Platte hat, und ob die Station in ihren eigenen Ordner schreiben darf.',
  },
  'backup.busy': {
    means: 'Gerade wird eine Sicherung gemacht. Eine zweite zur selben Zeit würde beide nur bremsen.',
    steps: ['Warten, bis sie fertig ist.', 'Danach eine weitere machen, falls noch nötig.'],
    lead: 'Im Bildschirm „{backup}“: die Sicherungen, und wie weit diese ist.',
  },
  'audit.no-entry': {
    means: 'Einträge des Prüfprotokolls sind lückenlos nummeriert, und einen mit dieser Nummer gibt es noch nicht.',
    steps: ['Die Nummer mit ihrer Quelle vergleichen.', 'Stattdessen nach Einheit, Person oder Zeit suchen.'],
    lead: 'Im Bildschirm „{audit}“: wie viele Einträge es gibt. Hat ein früherer Export diesen Eintrag und die Station nicht, die Köpfe vergleichen: Vielleicht arbeitet eine alte Kopie.',
  },
  'station.altered': {
    means:
      'Eine Datei des Programms ist nicht die ausgelieferte. Sie ist beschädigt oder absichtlich geändert; deshalb startet die Station damit nicht.',
    steps: [
      'Mit diesem Rechner keine Einheiten mehr fertigen.',
      'Linienleitung und Sicherheitsbeauftragte rufen und ihnen den Namen der Datei sagen.',
    ],
    lead: 'Den Rechner lassen, wie er ist, bis klar ist, wer die Datei geändert hat. Dann das Programm aus seiner Quelle neu installieren; der Ordner der Station bleibt.',
  },
};
