import type { printing as english } from '../en/printing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Labels of units, and the printers that they come out of. */
export const printing: Like<typeof english> = {
  'label.unknown-template': {
    means: 'La receta pide una etiqueta que esta estación no sabe dibujar. La unidad misma se hace de todos modos.',
    steps: [say.notYet, say.lead],
    lead: 'La parte label de la receta frente a las plantillas del archivo de la estación: una de las dos tiene otro nombre.',
  },
  'label.no-printer': {
    means:
      'Ninguna impresora de esta estación es para esta etiqueta: ninguna se llama así, o ninguna es de este puesto.',
    steps: ['Nombre otra impresora en la pantalla «{labels}».', say.lead],
    lead: 'Las impresoras del archivo de la estación y para qué puestos imprimen; la parte label de la receta.',
  },
  'label.none': {
    means: 'Las unidades de esta receta no reciben etiqueta de esta estación.',
    steps: ['Compruebe que es el número de serie correcto.', say.lead],
    lead: 'Si la receta debería tener una parte label. Las unidades hechas antes de un cambio reciben la etiqueta de su propia receta.',
  },
  'label.not-passed': {
    means: 'Solo una unidad que pasó recibe etiqueta. En cualquier otra, la etiqueta diría algo falso.',
    steps: [
      'Compruebe que es el número de serie correcto.',
      'Haga primero la unidad: escanéela en la pantalla «{lanes}».',
      say.leadIf,
    ],
    lead: 'Qué fue de la unidad, en la pantalla «{audit}», por su número de serie.',
  },
  'label.cannot': {
    means:
      'La etiqueta de esta unidad no puede dibujarse de modo que se pueda volver a leer: falta algo, no cabe, o tiene signos que un código no admite.',
    steps: [say.goOn, say.lead],
    lead: 'El elemento que nombra el mensaje, en el archivo de la estación, frente a lo que la orden dice de la unidad. Una vez corregido, la etiqueta se imprime desde la pantalla «{labels}».',
  },
  'printer.gone': {
    means: 'La impresora no responde. Las etiquetas la esperan en su orden y salen por sí solas cuando vuelve.',
    steps: [
      'Encienda la impresora y compruebe sus cables.',
      'Siga trabajando y mantenga las unidades en su orden hasta que estén sus etiquetas.',
      say.leadIf,
    ],
    lead: 'La dirección o el puerto de la impresora en el archivo de la estación, y si este equipo llega a ella.',
  },
  'printer.refused': {
    means: 'La impresora está, pero no se pudo usar por el motivo del mensaje. Sus etiquetas esperan.',
    steps: [
      'Cierre otros programas que usen la impresora.',
      'Siga trabajando y mantenga las unidades en su orden hasta que estén sus etiquetas.',
      say.leadIf,
    ],
    lead: 'El motivo: un programa que ocupa el puerto, un permiso que le falta a la cuenta de la estación, o un disco lleno.',
  },
  'printer.silent': {
    means: 'La impresora acepta etiquetas pero no dice cómo está, así que nadie sabe si salió una etiqueta.',
    steps: [
      'Apague la impresora y enciéndala.',
      'Compare las etiquetas que salieron con las unidades antes de pegarlas.',
      say.leadIf,
    ],
    lead: 'Si esta impresora habla ZPL y si responde alguna vez. Para una que nunca lo hace, el archivo de la estación puede omitir la pregunta.',
  },
  'printer.paper-out': {
    means: 'El rollo se acabó. Las etiquetas esperan y salen por sí solas.',
    steps: [
      'Ponga un rollo nuevo y cierre la impresora.',
      'Compare las primeras etiquetas con sus unidades: una puede salir dos veces.',
      say.leadIf,
    ],
    lead: 'Si el tamaño del rollo es el de la plantilla y el sensor del hueco está limpio.',
  },
  'printer.head-open': {
    means: 'La impresora está abierta. Las etiquetas esperan y salen por sí solas.',
    steps: [
      'Cierre la impresora hasta que encaje.',
      'Compare las primeras etiquetas con sus unidades: una puede salir dos veces.',
      say.leadIf,
    ],
    lead: 'Si el cierre del cabezal aguanta.',
  },
  'printer.not-ready': {
    means:
      'La impresora responde pero no imprime, por el motivo del mensaje. Las etiquetas esperan y salen por sí solas.',
    steps: [
      'Mire la pantalla de la propia impresora y haga lo que pide.',
      'Compare las primeras etiquetas con sus unidades: una puede salir dos veces.',
      say.leadIf,
    ],
    lead: 'Una pausa que nadie terminó, una cinta agotada, o un cabezal demasiado caliente.',
  },
};
