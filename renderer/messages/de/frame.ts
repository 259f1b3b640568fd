import type { frame as english } from '../en/frame.ts';
import type { Told } from '../messages.ts';

export const frame: Told<typeof english> = {
  places: { lanes: 'Plätze', cloud: 'Cloud', audit: 'Prüfprotokoll', display: 'Dieser Bildschirm' },
  menu: 'Menü',
  menuKey: 'F9',
  goTo: 'Gehe zu',
  close: 'Schließen',
  practice: 'ÜBUNG',
  practiceMeans: 'nichts hier ist echt',
  production: 'Produktion',
  connection: { connecting: 'Verbinden …', online: 'Verbunden', lost: 'KEINE VERBINDUNG' },
  mute: { on: 'Ton', off: 'STUMM' },
  notConnected: 'Es gibt keine Verbindung zur Station. Sie kommt von selbst wieder.',
  roles: {
    technician: 'Technik',
    lead: 'Linienleitung',
    'security-officer': 'Sicherheitsbeauftragte',
    auditor: 'Revision',
  },
  signIn: { title: 'Anmelden', name: 'Name', pin: 'PIN', submit: 'Anmelden', out: 'Abmelden' },
  unlock: {
    title: 'Das HSM ist gesperrt',
    about:
      '{station}. Niemand kann sich anmelden und keine Einheit kann gefertigt werden, bis die Sicherheitsbeauftragte es entsperrt.',
    pin: 'PIN des HSM',
    submit: 'Entsperren',
  },
  second: {
    title: 'Eine zweite Person muss zustimmen',
    means: 'Sie stimmt genau diesem Vorgang zu, einmal:',
    who: 'Zweite Person: {roles}',
    ready: 'Auf der Übungslinie stehen diese Personen bereit:',
    agree: 'Zustimmen',
    cancel: 'Nicht ausführen',
  },
  noToken: 'Dieser Adresse fehlt ihr Schlüsselwort. Die ganze Adresse öffnen, die die Station beim Start anzeigt.',
  connectingTo: 'Verbinden mit der Station …',
  notOpened: 'Die Station konnte nicht geöffnet werden. Strg+R versucht es erneut.',
  blame: {
    unit: 'Ursache: die Einheit',
    operator: 'Ursache: die Bedienung',
    station: 'Ursache: die Station',
    cloud: 'Ursache: die Cloud',
    bug: 'Ursache: diese Software',
  },
  code: 'Code',
  again: 'Erneut versuchen',
  asking: 'Die Station wird gefragt …',
  done: 'Erledigt',
  ofTotal: '{done, number} von {total, number}',
  left: {
    seconds: '{count, plural, one {noch # Sekunde} other {noch # Sekunden}}',
    minutes: '{count, plural, one {noch # Minute} other {noch # Minuten}}',
    hours: '{count, plural, one {noch # Stunde} other {noch # Stunden}}',
  },
  times: { under: '< 1 ms', ms: '{ms} ms', seconds: '{seconds} s', today: '{time} heute', day: '{time} am {date}' },
};
