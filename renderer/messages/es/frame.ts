import type { frame as english } from '../en/frame.ts';
import type { Told } from '../messages.ts';

export const frame: Told<typeof english> = {
  places: { lanes: 'Puestos', cloud: 'Nube', audit: 'Registro de auditoría', display: 'Esta pantalla' },
  menu: 'Menú',
  menuKey: 'F9',
  goTo: 'Ir a',
  close: 'Cerrar',
  practice: 'PRÁCTICA',
  practiceMeans: 'nada de esto es real',
  production: 'Producción',
  connection: { connecting: 'Conectando …', online: 'Conectada', lost: 'SIN CONEXIÓN' },
  mute: { on: 'Sonido', off: 'MUDO' },
  notConnected: 'No hay conexión con la estación. Vuelve por sí sola.',
  roles: {
    technician: 'Técnico',
    lead: 'Jefe de línea',
    'security-officer': 'Responsable de seguridad',
    auditor: 'Auditor',
  },
  signIn: { title: 'Iniciar sesión', name: 'Nombre', pin: 'PIN', submit: 'Iniciar sesión', out: 'Cerrar sesión' },
  unlock: {
    title: 'El HSM está bloqueado',
    about:
      '{station}. Nadie puede iniciar sesión ni se puede fabricar ninguna unidad hasta que el responsable de seguridad lo desbloquee.',
    pin: 'PIN del HSM',
    submit: 'Desbloquear',
  },
  second: {
    title: 'Una segunda persona debe estar de acuerdo',
    means: 'Aprueba exactamente esta operación, una sola vez:',
    who: 'Segunda persona: {roles}',
    ready: 'En la línea de práctica están disponibles:',
    agree: 'Aprobar',
    cancel: 'No hacerlo',
  },
  noToken: 'A esta dirección le falta su clave. Abra la dirección completa que la estación muestra al arrancar.',
  connectingTo: 'Conectando con la estación …',
  notOpened: 'No se pudo abrir la estación. Ctrl+R lo intenta de nuevo.',
  blame: {
    unit: 'Causa: la unidad',
    operator: 'Causa: el manejo',
    station: 'Causa: la estación',
    cloud: 'Causa: la nube',
    bug: 'Causa: este programa',
  },
  code: 'Código',
  again: 'Intentar de nuevo',
  asking: 'Preguntando a la estación …',
  done: 'Hecho',
  ofTotal: '{done, number} de {total, number}',
  left: {
    seconds: '{count, plural, one {queda # segundo} other {quedan # segundos}}',
    minutes: '{count, plural, one {queda # minuto} other {quedan # minutos}}',
    hours: '{count, plural, one {queda # hora} other {quedan # horas}}',
  },
  times: { under: '< 1 ms', ms: '{ms} ms', seconds: '{seconds} s', today: '{time} de hoy', day: '{time} del {date}' },
};
