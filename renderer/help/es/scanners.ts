import type { scanners as english } from '../en/scanners.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Scanners, labels, and lanes that wait for their unit. */
export const scanners: Like<typeof english> = {
  'scan.unreadable': {
    means:
      'Lo que llegó no es una etiqueta entera: medio código, caracteres que ninguna etiqueta tiene, o un código GS1 cuyas partes no encajan. No se usa nada de ello, pues medio código puede ser el de otra unidad.',
    steps: [
      'Sujete quieto el escáner y escanee de nuevo la etiqueta entera.',
      'Si se repite, limpie la etiqueta o imprímala de nuevo.',
      say.leadIf,
    ],
    lead: 'Si se rechaza una etiqueta o todas. Todas: el final o el prefijo del escáner no es el de «{settings}», o su teclado es otro; escanee el código de prueba.',
  },
  'scan.no-serial': {
    means: 'Es una etiqueta GS1 sin número de serie, o con dos. Quizá sea la del producto o la de la caja.',
    steps: ['Escanee la etiqueta con el número de serie de la propia unidad.', say.leadIf],
    lead: 'Qué datos lleva la etiqueta: el número de serie es GS1 AI 21. Una etiqueta sin él no nombra ninguna unidad concreta.',
  },
  'scan.checksum': {
    means:
      'El último carácter del número de serie se calcula de los demás y no encaja: un carácter se leyó o se escribió mal.',
    steps: ['Escanee de nuevo la etiqueta, sin escribirla.', 'Si se repite, imprima de nuevo la etiqueta.', say.leadIf],
    lead: 'Si las etiquetas de esta orden cumplen la regla: vale para toda la estación.',
  },
  'scan.unknown-command': {
    means: 'El código empieza como una orden de este programa, pero esta versión no tiene tal orden.',
    steps: ['Use los códigos de órdenes de esta versión.', say.leadIf],
    lead: 'Los códigos de órdenes son CONFIRM y RETRY. Otros son de otra versión o inventados.',
  },
  'scanner.gone': {
    means:
      'El escáner de un puerto serie está desconectado, o su adaptador no tiene corriente. Se vuelve a usar por sí solo cuando regresa.',
    steps: [
      'Conecte el escáner y espere un segundo.',
      'Mientras tanto use otro escáner o escriba el número de serie.',
      say.leadIf,
    ],
    lead: 'Si el puerto del escáner en el archivo de la estación sigue siendo el lugar donde está conectado.',
  },
  'light.unreachable': {
    means:
      'La baliza o el relé no acepta lo que debe mostrar, y quizá muestre algo antiguo. La pantalla está en lo cierto.',
    steps: [
      'Mire la pantalla en lugar de la baliza.',
      'Compruebe que la baliza tiene corriente y su cable.',
      say.leadIf,
    ],
    lead: 'El motivo del mensaje; después, el puerto o la dirección de la baliza en el archivo de la estación.',
  },
  'scanner.refused': {
    means:
      'El puerto del escáner está, pero otro programa lo tiene, o la estación no puede abrirlo. Se intenta de nuevo por sí solo.',
    steps: [
      'Cierre otros programas que usen el escáner.',
      'Mientras tanto use otro escáner o escriba el número de serie.',
      say.leadIf,
    ],
    lead: 'El motivo del mensaje: otro programa, un permiso que falta al usuario de la estación, o una velocidad que el puerto no tiene.',
  },
  'lane.armed': {
    means:
      'Esta unidad ya se escaneó para otro puesto, que espera que se conecte. Una unidad empieza en un solo puesto.',
    steps: [
      'Conecte la unidad en el puesto que la espera.',
      'O escanee otra unidad para ese puesto, que ocupa su lugar; a los cinco minutos la olvida por sí solo.',
    ],
    lead: 'En la pantalla «{audit}», por el número de serie: quién armó el puesto, y cuándo.',
  },
  'lane.starts-by-scan': {
    means: 'El puesto debía armarse, pero está configurado para empezar con el escaneo.',
    steps: ['Escanee la unidad: su ejecución empieza enseguida.', say.leadIf],
    lead: 'En el archivo de la estación: los puestos cuyo útil ocupa las dos manos tienen start: attach.',
  },
};
