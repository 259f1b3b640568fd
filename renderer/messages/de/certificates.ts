import type { certificates as english } from '../en/certificates.ts';
import type { Told } from '../messages.ts';

export const certificates: Told<typeof english> = {
  title: 'Zertifikate',
  find: {
    title: 'Ein Zertifikat finden',
    by: 'Finden nach',
    kinds: {
      registrationId: 'Registrierungs-ID',
      unit: 'Seriennummer der Einheit',
      serialNumber: 'Seriennummer des Zertifikats',
      sha256: 'SHA-256-Fingerabdruck',
    },
    what: 'Gesucht wird',
    hexWrong: 'Hexadezimalziffern, zwei je Byte; Doppelpunkte und Leerzeichen sind gleichgültig.',
    thumbprintWrong: 'Ein SHA-256-Fingerabdruck hat 64 Hexadezimalziffern.',
    submit: 'Finden',
    newest: 'Die neuesten Zertifikate',
    found: '{count, plural, =0 {Kein Zertifikat} one {# Zertifikat} other {# Zertifikate}}',
    more: 'Ältere zeigen',
    all: 'Wieder alle',
  },
  none: 'Es gibt keines.',
  columns: {
    who: 'Für',
    state: 'Zustand',
    issuer: 'Aussteller',
    made: 'Erstellt',
    ends: 'Endet',
    serial: 'Seriennummer',
  },
  purposes: {
    leaf: 'Einheit',
    module: 'Modul',
    verification: 'Besitznachweis',
    root: 'Wurzel',
    intermediate: 'Zwischen-CA',
  },
  states: {
    intended: 'Wird signiert',
    unsigned: 'Nicht signiert',
    possible: 'EVTL. AUSGESTELLT',
    issued: 'Ausgestellt',
    revoked: 'GESPERRT',
  },
  possibleMeans:
    'Das HSM hat es vielleicht signiert, und niemand hat es. Sperren, damit es nichts wert ist, falls es auftaucht.',
  detail: {
    title: 'Zertifikat {id, number}',
    none: 'Kein Zertifikat gewählt',
    choose: 'Ein Zertifikat wählen, um alles zu sehen.',
    registrationId: 'Registrierungs-ID',
    purpose: 'Für',
    issuer: 'Aussteller',
    order: 'Auftrag',
    made: 'Erstellt',
    ends: 'Endet',
    serialNumber: 'Seriennummer',
    sha256: 'SHA-256-Fingerabdruck',
    revoked: 'Gesperrt',
    revokedBecause: '{at}: {reason}',
    file: 'Zertifikat',
    chain: 'Neues Zertifikat mit Kette',
  },
  renew: {
    open: 'Erneuern',
    title: 'Das Zertifikat von {who} erneuern',
    means:
      'Die Einheit behält ihren Schlüssel und bekommt ein neues Zertifikat. Das alte gilt, bis es endet oder gesperrt wird; eine einzelne Registrierung hat beide. Das neue zählt zum Kontingent.',
    done: 'Das neue Zertifikat hat die Nummer {id, number}. Es der Einheit mit seiner Kette geben.',
  },
  revoke: {
    open: 'Sperren',
    title: 'Das Zertifikat von {who} sperren',
    means:
      'Das lässt sich nicht zurücknehmen. Es steht auf der nächsten Sperrliste von {issuer}; danach eine signieren.',
    cloud:
      'DPS liest keine Sperrlisten: die Einheit kann sich registrieren, bis auch ihre Registrierung deaktiviert ist. Die Einheit zu verschrotten tut beides.',
    reason: 'Grund',
    reasons: {
      unspecified: 'nicht angegeben',
      keyCompromise: 'der Schlüssel ist anderen bekannt',
      affiliationChanged: 'es gehört jetzt jemand anderem',
      superseded: 'ein anderes ersetzt es',
      cessationOfOperation: 'die Einheit ist außer Betrieb',
      privilegeWithdrawn: 'es darf nicht mehr',
    },
    done: 'Gesperrt. Jetzt auf dem Bildschirm Aussteller eine Sperrliste von {issuer} signieren.',
  },
  soon: {
    title: 'Endet bald',
    about:
      'Zertifikate in Gebrauch, die keinen Nachfolger mit demselben Schlüssel haben; was zuerst endet, steht oben.',
    days: 'Innerhalb von',
    choices: { '30': '30 Tagen', '90': '90 Tagen', '365': 'einem Jahr' },
    none: 'Keines endet in dieser Zeit.',
    more: 'Später endende zeigen',
    looking: 'Die angesehenen sind gesperrt oder erneuert. Es kann weitere geben.',
  },
};
