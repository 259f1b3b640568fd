import type { help as english } from '../en/help.ts';
import type { Told } from '../messages.ts';

export const help: Told<typeof english> = {
  sections: {
    codes: 'Codes',
    keys: 'Tasten',
    scanners: 'Scanner',
    legend: 'Farben und Formen',
    roles: 'Rollen',
    about: 'Über',
  },
  of: 'Hilfe: {code}',
  asking: 'Die Seiten werden geholt …',
  failed:
    'Die Seiten waren von der Station nicht zu bekommen. Die Hilfe erneut öffnen, wenn die Verbindung wieder da ist.',
  find: 'Code oder Wörter',
  findMeans: 'Der Code unter einer Meldung oder Wörter daraus. Enter öffnet die erste Seite.',
  found: '{count, plural, one {# Seite} other {# Seiten}}',
  nothing: 'Keine Seite enthält alle diese Wörter. Weniger Wörter eingeben oder nur den Code.',
  list: 'Seiten',
  choose: 'Keine Seite ist offen',
  chooseMeans: 'Einen Code wählen: was er bedeutet, was jetzt zu tun ist und was die Linienleitung prüft.',
  means: 'Was es bedeutet',
  todo: 'Was zu tun ist',
  lead: 'Für die Linienleitung',
  retry: { yes: 'Ein neuer Versuch kann helfen', no: 'Ein neuer Versuch allein hilft nicht' },
  areas: {
    units: 'Einheiten und Identitäten',
    lanes: 'Plätze und Verbindungen',
    tpm: 'TPM',
    console: 'Konsole und Geheimnisse',
    people: 'Personen',
    orders: 'Aufträge und Rezepte',
    hsm: 'HSM',
    ca: 'Zertifikate',
    cloud: 'Cloud',
    airGap: 'Ohne Netzverbindung',
    station: 'Station, Prüfprotokoll, Sicherung',
  },
  keys: {
    lanes: {
      title: 'Auf den Plätzen',
      choose: {
        keys: 'F1 – F8',
        does: 'Platz 1 bis 8 bekommt den nächsten Scan; dieselbe Taste noch einmal hebt die Wahl auf.',
      },
      send: { keys: 'Enter', does: 'Sendet den getippten Code. Ein Scanner tut das von selbst.' },
      back: { keys: 'Rücktaste', does: 'Nimmt das letzte Zeichen zurück.' },
      clear: {
        keys: 'Escape',
        does: 'Löscht das Getippte. Ist nichts getippt: hebt die Wahl des Platzes auf und sagt „Gesehen“, was einen Ruf beendet.',
      },
      retry: { keys: 'F10', does: 'Fertigt die Einheit noch einmal, deren Platz F10 zeigt.' },
      label: {
        keys: 'Umschalt+F10',
        does: 'Das Etikett der zuletzt bestandenen Einheit oder des gewählten Platzes noch einmal: öffnet „Etiketten“, dort druckt Enter.',
      },
      explain: {
        keys: 'Umschalt+F1',
        does: 'Was der Code des abgewiesenen Scans, des gewählten oder des schlechtesten Platzes bedeutet; gibt es keinen, diese Hilfe.',
      },
    },
    barcodes: {
      title: 'Durch Strichcode',
      confirm: {
        does: 'Drückt, was die meisten auf eine offene Frage antworten; nie etwas, das sich nicht zurücknehmen lässt.',
      },
      retry: { does: 'Fertigt die Einheit noch einmal, wie F10.' },
      fixture: { does: 'Der Platz dieser Aufnahme bekommt den nächsten Scan.' },
      test: { does: 'Zeigt, ob Scanner und Rechner dieselbe Tastatur haben.' },
    },
    everywhere: {
      title: 'Überall',
      menu: { keys: 'F9', does: 'Öffnet das Menü und schließt es.' },
      help: { keys: 'Umschalt+F1, F1', does: 'Diese Hilfe. F1 allein ist auf den Plätzen Platz 1.' },
      next: { keys: 'Tab, Umschalt+Tab', does: 'Zum nächsten Bedienelement und zurück.' },
      press: { keys: 'Enter, Leertaste', does: 'Drückt das Bedienelement mit dem Rahmen.' },
      arrows: { keys: 'Pfeiltasten', does: 'Gehen durch das Menü, Tabellen und diese Liste der Seiten.' },
      close: { keys: 'Escape', does: 'Schließt einen Dialog; nichts wird ausgeführt.' },
      reload: { keys: 'Strg+R', does: 'Lädt die Bildschirme neu; die Plätze arbeiten weiter.' },
      full: { keys: 'F11', does: 'Vollbild und zurück.' },
    },
  },
  scanner: {
    title: 'Einen Scanner einrichten',
    print: 'Strichcodes drucken',
    expects: 'Vor jedem Code sendet der Scanner',
    nothing: 'nichts',
    barcodes: 'Strichcodes',
    steps: {
      keyboard:
        'Mit dem Blatt, das dem Scanner beilag, die Tastatur dieses Rechners einstellen, oder besser eine Art, die keine braucht (USB COM).',
      enter: 'Einstellen, dass er nach jedem Code Enter (Wagenrücklauf) sendet.',
      prefix:
        'Einstellen, dass er vor jedem Code sendet, was oben steht; nichts, wo nichts steht. Ein anderer Wert wird in den Einstellungen gewählt.',
      test: 'Den Teststrichcode scannen: Hier oder auf den Plätzen steht dann, ob beide übereinstimmen.',
    },
  },
  legend: {
    looks: 'Was ein Platz sagt',
    look: {
      ready: 'Hier wurde noch nichts gefertigt. Der Platz wartet auf einen Scan.',
      armed: 'Ein Scan wartet auf seine Einheit: einstecken, und der Platz beginnt von selbst.',
      busy: 'Eine Einheit wird gefertigt. Nicht herausnehmen.',
      passed: 'Die Einheit hat ihre Identität, und alles ist aufgezeichnet. Es bleibt bis zum nächsten Scan stehen.',
      failed: 'Die Einheit hat nicht bestanden; die Ursache ist die Einheit. Aussondern, wie der Platz es sagt.',
      errored: 'Die Ursache ist die Station oder ein Platz, nicht die Einheit. Rufen, wen der Platz nennt.',
      indeterminate:
        'Niemand weiß, ob die Einheit ihre Identität angenommen hat. Sie darf nicht ausgeliefert werden: erneut scannen oder die Linienleitung rufen.',
      aborted: 'Jemand hat abgebrochen. Die Einheit kann noch einmal gefertigt werden.',
    },
    noNews: 'Die Verbindung ging verloren, während die Einheit gefertigt wurde. In der Aufnahme lassen.',
    unplugged: 'Am Anschluss des Platzes steckt nichts.',
    marks: 'Zeichen der Schritte',
    mark: { waiting: 'Wartet', running: 'Wird ausgeführt', ended: 'Erledigt', broke: 'Hat nicht geklappt' },
    sounds: 'Töne',
    sound: {
      scan: { is: 'Kurz und hoch', means: 'Ein Scan wurde angenommen.' },
      pass: { is: 'Ein Ton', means: 'Eine Einheit ist gut.' },
      fail: { is: 'Fallend, zweimal', means: 'Eine Einheit ist schlecht.' },
      person: { is: 'Dreimal, wiederholt', means: 'Jemand wird gebraucht. Escape auf den Plätzen sagt „Gesehen“.' },
    },
    headline:
      'Das große Wort über den Plätzen ist das des schlechtesten Platzes. Kein Ton sagt etwas, das nicht auf dem Bildschirm steht.',
  },
  roles: {
    about: 'Wofür die vier Rollen da sind und welche Bildschirme sie sehen.',
    all: 'Jeder Vorgang, Rolle für Rolle',
    you: 'Das ist die Rolle der angemeldeten Person.',
    sees: 'Bildschirme: {screens}',
    means: {
      technician:
        'Fertigt Einheiten: scannt, sondert aus, versucht erneut. Liest Aufträge, Rezepte und den Stand der Cloud.',
      lead: 'Leitet die Linie: importiert und schließt Aufträge, gibt angehaltene Plätze und ausgesonderte Einheiten frei, legt Personen an.',
      'security-officer':
        'Hütet Schlüssel und Regeln: entsperrt das HSM, genehmigt Rezepte, richtet Aussteller, Cloud und Sicherungen ein.',
      auditor: 'Ändert nichts: liest das Prüfprotokoll, durchsucht es und exportiert es als Beweis.',
    },
  },
  about: {
    means: 'Gibt jeder Einheit auf der Linie ihre Cloud-Identität, ohne Netz, und meldet sie später an.',
    version: 'Version',
    station: 'Station',
    mode: 'Art',
    modes: { practice: 'Übung', production: 'Produktion' },
    licence: 'Lizenz',
    quiet:
      'Dieses Programm meldet niemandem etwas: es verbindet sich nur mit den Stellen, die in den Einstellungen stehen.',
    made: 'Hergestellt mit',
    madeMeans:
      'Pakete von anderen in diesem Programm oder in Teilen davon. Im installierten Programm stehen ihre Lizenzen in licences.txt.',
    name: 'Paket',
  },
};
