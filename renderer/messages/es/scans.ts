import type { scans as english } from '../en/scans.ts';
import type { Told } from '../messages.ts';

/** Qué fue de los escaneos, aparte de una ejecución que empezó. */
export const scans: Told<typeof english> = {
  armedOn: 'el puesto {lane, number} espera: conecte la unidad',
  armedUntil: 'Conecte la unidad: su ejecución empieza por sí sola. El puesto espera hasta las {until}.',
  chosen: 'el puesto {lane, number} toma el próximo escaneo',
  misread: 'No es una etiqueta',
  missed:
    '{count, plural, one {No se tomó # escaneo} other {No se tomaron # escaneos}}, a las {since}: ninguna ventana de la estación tomaba escaneos. Escanee de nuevo.',
  tested: 'Prueba',
  test: {
    same: 'El escáner y este ordenador coinciden.',
    capsLock: 'El bloqueo de mayúsculas está activado: desactívelo y pruebe de nuevo.',
    qwertz: 'El escáner escribe para otro teclado que el alemán de aquí: ajústelo al alemán y pruebe de nuevo.',
    azerty: 'El escáner escribe para otro teclado que el francés de aquí: ajústelo al francés y pruebe de nuevo.',
    other: 'El escáner escribe para otro teclado que el de aquí: ajuste ambos por igual y pruebe de nuevo.',
  },
  unplaced: {
    elsewhere:
      'No se tomó: las unidades se escanean en la pantalla de los puestos, sin preguntas abiertas. Vaya allí y escanéela de nuevo.',
    badge: 'Esto es una credencial. Cierre la sesión primero y escanéela para iniciarla.',
    'nothing-to-retry': 'No hay ninguna unidad que pueda hacerse otra vez.',
    'nothing-to-confirm': 'No hay nada que confirmar con un código.',
  },
};
