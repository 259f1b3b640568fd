import type { lanes as english } from '../en/lanes.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Lanes, the link to a unit, and runs. */
export const lanes: Like<typeof english> = {
  'lane.stopped': {
    means:
      'El puesto no acepta unidades porque dos dijeron ser la misma, o porque un TPM no está en la lista de su fabricante. El mensaje dice a continuación qué ocurrió.',
    steps: [
      'Deje las unidades de este puesto donde están, marcadas.',
      'Siga trabajando en los otros puestos.',
      say.lead,
      say.released,
    ],
    lead: 'En la pantalla «{audit}»: el asiento que detuvo el puesto y las dos unidades. Libérelo cuando ambas estén apartadas; cada liberación queda registrada con su nombre.',
  },
  'lane.unknown': {
    means: 'La lectura se envió a un puesto que esta estación no tiene.',
    steps: ['Elija un puesto de los que muestra la pantalla.', say.again],
    lead: 'En la pantalla «{settings}»: cuántos puestos tiene la estación y si el código del útil es de otra estación.',
  },
  'lane.busy': {
    means: 'El puesto aún está haciendo una unidad. No puede empezar otra antes de su resultado.',
    steps: ['Espere el resultado del puesto.', 'Después vuelva a escanear la unidad o elija un puesto libre.'],
    lead: 'En la pantalla «{lanes}»: en qué paso está el puesto. Cada paso tiene un plazo; después la ejecución acaba sola.',
  },
  'link.missing': {
    means: 'El puerto de este puesto no está: el útil está desconectado o su adaptador no tiene corriente.',
    steps: [
      'Conecte el cable del útil por los dos extremos.',
      'Espere hasta que el puesto vuelva a mostrar su útil.',
      say.again,
      'Si no aparece, llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{settings}»: a qué puerto está ligado el puesto. Si se cambió un cable de conector, ligue el puesto de nuevo.',
  },
  'link.lost': {
    means: 'El cable o el adaptador se cortó mientras la estación hablaba con la unidad. La unidad no tiene la culpa.',
    steps: [
      'Apriete los conectores y mire si hay un cable dañado.',
      say.again,
      'Si se repite en este puesto, cambie el cable y llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{lanes}»: si pierde el enlace un puesto o todos. Si son todos a la vez, es el concentrador o su alimentación.',
  },
  'link.refused': {
    means:
      'El puerto está, pero el sistema operativo no se lo da a la estación: lo tiene otro programa, o la estación no puede abrirlo.',
    steps: ['Cierre otros programas que usen puertos serie, como un terminal.', say.again, say.leadIf],
    lead: 'El motivo del mensaje: el puerto lo tiene otro programa (el de las pantallas, una segunda estación), el usuario de la estación no puede abrirlo, o no admite esa velocidad.',
  },
  'run.unknown': {
    means: 'No hay ninguna ejecución con este número, o ya terminó y no se puede mostrar ni detener.',
    steps: ['Mire el puesto: probablemente ya muestra un resultado.', 'Siga trabajando.'],
    lead: 'En la pantalla «{audit}», por el número de serie: las ejecuciones de la unidad.',
  },
  'run.aborted': {
    means: 'Alguien detuvo la ejecución antes de que acabara. El mensaje dice quién. Eso no dice nada de la unidad.',
    steps: ['Si no fue usted, pregunte por qué se detuvo.', 'Vuelva a escanear la unidad cuando se pueda seguir.'],
    lead: 'En la pantalla «{audit}», por el número de serie: quién la detuvo y en qué paso.',
  },
  'run.interrupted': {
    means:
      'La estación se detuvo o se quedó sin corriente en mitad de esta unidad. Al volver, cerró la ejecución. A nadie se le dijo que la unidad estaba bien.',
    steps: [
      'Deje la unidad en su útil o vuelva a ponerla.',
      say.again,
      'Si ahora no sale bien, apártela y llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{orders}»: la lista de cuarentena. Una unidad que muestra REVISAR no puede salir hasta que una ejecución acabe bien.',
  },
  'run.empty': {
    means:
      'De la receta no resulta ningún paso para esta unidad. Una ejecución sin pasos no probaría nada y se rechaza. Es un fallo de este programa.',
    steps: [say.aside, say.lead],
    lead: 'Qué receta tiene la orden. Comuníquelo con el código a quien mantiene este programa y use mientras tanto otra versión de la receta.',
  },
};
