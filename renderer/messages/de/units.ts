import type { units as english } from '../en/units.ts';
import type { Told } from '../messages.ts';

export const units: Told<typeof english> = {
  title: 'Einheiten',
  find: 'Etikett scannen oder eingeben',
  show: 'Nachschlagen',
  about: 'Seriennummer oder Registrierungs-ID, wie das Etikett sie nennt.',
  none: 'Keine Einheit dieser Station hat dieses Etikett.',
  notUnit: 'Dieses Etikett nennt keine Einheit.',
  serial: 'Seriennummer',
  order: 'Auftrag',
  recipe: 'Rezept',
  registrationId: 'Registrierungs-ID',
  state: 'Zustand',
  standings: {
    waiting: 'zu fertigen',
    finished: 'fertig',
    quarantined: 'in Quarantäne',
    shipped: 'ausgeliefert',
    scrapped: 'verschrottet',
  },
  since: 'Seit',
  credential: 'Zugangsdaten',
  replacing: 'Ihr nächster Lauf gibt ihr andere Zugangsdaten.',
  packing: 'Bevor sie hinausgeht',
  checks: {
    key: 'Endorsement Key verzeichnet',
    validity: 'Zertifikat gilt lange genug',
    receipt: 'Die Cloud kennt sie',
    cloud: 'In der Cloud nicht gesperrt',
    label: 'Etikett gescannt',
  },
  holds: 'ja',
  fails: 'NEIN',
  acts: {
    release: 'Aus der Quarantäne freigeben',
    rework: 'Noch einmal fertigen',
    replace: 'Zugangsdaten ersetzen',
    scrap: 'Verschrotten',
    ship: 'Ausliefern',
  },
  release: {
    title: '{serial} aus der Quarantäne freigeben?',
    means:
      'Sie wartet auf ihren nächsten Lauf. Warum darf sie weiter? Der Grund bleibt im Prüfprotokoll: keine Namen darin.',
    reason: 'Grund',
  },
  rework: {
    title: '{serial} noch einmal fertigen?',
    means:
      'Sie läuft noch einmal durch die Linie und bekommt dieselben Zugangsdaten. Bis dahin gilt sie als nicht gefertigt.',
  },
  replace: {
    title: '{serial} andere Zugangsdaten geben?',
    means:
      'Ihr Schlüssel wird nicht mehr aufbewahrt. Ihre Zertifikate werden jetzt widerrufen; ihr nächster Lauf gibt ihr neue Zugangsdaten, ihr Eintrag in der Cloud wird geändert. Eine zweite Person stimmt zu.',
  },
  scrap: {
    title: '{serial} verschrotten?',
    means:
      'Ihre Zertifikate werden widerrufen, ihr Eintrag in der Cloud wird gesperrt, und sie wird nie wieder gefertigt. Eine zweite Person stimmt zu.',
    reason: 'Grund',
    typed: 'Zur Bestätigung die Seriennummer eingeben',
  },
  open: {
    title: 'Noch ohne Ende',
    about:
      'Einheiten, deren Zugangsdaten weder ausgeliefert noch ungültig noch ersetzt sind: die ältesten Aufträge zuerst.',
    none: 'Alle Zugangsdaten haben ihr Ende.',
    made: 'Zugangsdaten seit',
  },
};
