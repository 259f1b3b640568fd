import type { overConsole as english } from '../en/console.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units that are provisioned over their Linux console. */
export const overConsole: Like<typeof english> = {
  'console.no-prompt': {
    means:
      'En la consola serie no apareció lo que la estación espera. La unidad no ha arrancado, o su consola usa otra velocidad.',
    steps: [say.reseat, 'Espere a que la unidad haya arrancado.', say.again, say.asideIf],
    lead: 'En la pantalla «{settings}»: la velocidad del puesto. Si les pasa a todas las unidades, la imagen no tiene consola en este puerto o tarda en arrancar más de lo que dice el mensaje.',
  },
  'console.login-refused': {
    means: 'La unidad no aceptó el nombre y la contraseña con los que la estación inicia sesión.',
    steps: [say.aside, 'No escanee más unidades de este lote.', say.lead],
    lead: 'En la pantalla «{recipes}»: qué secreto nombra la receta. La imagen del lote puede tener otra contraseña, o el secreto tiene caracteres que no se pueden teclear.',
  },
  'console.tool-missing': {
    means: 'Un programa que la estación necesita en la unidad no está en su imagen de software.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'La imagen de software del lote: el mensaje nombra el programa.',
  },
  'console.failed': {
    means:
      'Un comando en la unidad acabó con error. Su disco puede estar lleno o ser de solo lectura, o no funciona alguno de sus servicios.',
    steps: [say.again, say.asideIf],
    lead: 'El comando y su código de salida en el mensaje. Si les pasa a todas las unidades, la imagen no es la que corresponde a la receta.',
  },
  'console.garbled': {
    means: 'Por la consola llegó otra cosa que una respuesta: mensajes del núcleo, o se perdieron bytes.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Si la imagen escribe mensajes del núcleo en esta consola, y si el cable es largo o no está apantallado.',
  },
  'console.file-differs': {
    means:
      'Un archivo escrito en la unidad se relee distinto. Se perdió algo por el camino, o algo en la unidad lo cambió.',
    steps: [say.again, say.asideIf],
    lead: 'Si algún servicio de la unidad escribe el mismo archivo.',
  },
};
