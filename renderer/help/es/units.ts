import type { units as english } from '../en/units.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units: what they answer, who they are, and where they stand. */
export const units: Like<typeof english> = {
  'unit.silent': {
    means:
      'El cable está, pero la unidad no contestó a tiempo a un mensaje. No tiene corriente, aún no ha arrancado o está colgada.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'En la pantalla «{lanes}»: si le pasa a un solo puesto, cambie su útil o su cable; si les pasa a todos, mire la alimentación y el firmware de este lote.',
  },
  'unit.garbled': {
    means:
      'La unidad contestó con algo que no es un mensaje del protocolo o cuya suma de comprobación no cuadra. La causa es un mal contacto, una velocidad equivocada o un firmware que escribe en la misma línea.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'En la pantalla «{settings}»: si la velocidad del puesto es la de las unidades. Además, si el firmware escribe mensajes de diagnóstico en este puerto.',
  },
  'unit.serial-mismatch': {
    means:
      'La etiqueta escaneada es de otra unidad que la que está en el útil. Con la etiqueta equivocada, un dispositivo se inscribiría con el nombre de otro; por eso no se escribió nada.',
    steps: [
      'Compare la etiqueta con la unidad del útil: ¿se escaneó la de otra?',
      'Si es así, escanee la etiqueta correcta.',
      'Si la etiqueta está pegada en otra unidad, marque la unidad con este código, apártela y llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{audit}», por el número de serie escaneado: si las unidades vecinas tienen el mismo error. Entonces se ha corrido un rollo de etiquetas y la línea se detiene hasta saber dónde.',
  },
  'unit.mac-mismatch': {
    means:
      'La orden da una MAC para este número de serie y la unidad comunica otra. La placa, la etiqueta y la orden no corresponden.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'En la pantalla «{orders}»: la línea de esta unidad en la orden. Compárela con la marca de la placa y haga corregir la orden o la placa.',
  },
  'unit.version': {
    means:
      'La unidad y la estación usan versiones distintas del protocolo. El firmware de la unidad es más antiguo o más nuevo de lo que conoce esta estación.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'Qué firmware tiene el lote. Actualice las unidades o la estación; ningún ajuste lo resuelve.',
  },
  'unit.cannot': {
    means:
      'La receta pide a la unidad algo que no ofrece. El firmware es otro que aquel para el que se escribió la receta, o la orden tiene una receta equivocada.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'En la pantalla «{orders}»: la receta de la orden. En la pantalla «{recipes}»: lo que pide la receta. Compárelo con el firmware del lote.',
  },
  'unit.refused': {
    means:
      'La unidad entendió la petición, la rechazó y dio un motivo: está bloqueada, o lo que recibió no le corresponde. No se forzó nada.',
    steps: ['Lea el motivo en el mensaje.', say.aside, say.lead],
    lead: 'En la pantalla «{audit}», por este número de serie: si la unidad ya se hizo antes, aquí o con otra orden. Una unidad bloqueada necesita retrabajo.',
  },
  'unit.other-credential': {
    means:
      'En la unidad ya hay otra clave u otro certificado que el que aquí le corresponde. Sobrescribirlo podría dar dos dispositivos con un mismo nombre.',
    steps: [say.aside, say.notAgain, 'Llame al responsable de línea, que decide sobre el retrabajo.'],
    lead: 'En la pantalla «{audit}», por este número de serie: qué credencial recibió, cuándo y en qué puesto. El retrabajo borra la memoria de la unidad antes de que vuelva a la línea.',
  },
  'unit.proof-wrong': {
    means:
      'La unidad recibió su clave, pero lo que calculó con ella es erróneo. La nube la rechazaría; por eso no se da por buena.',
    steps: [say.again, say.asideIf],
    lead: 'En la pantalla «{audit}»: si les pasa a varias unidades de un lote, falla su memoria o su firmware criptográfico.',
  },
  'unit.certificate-refused': {
    means: 'La unidad trae un certificado propio y una regla de la receta no lo permite. El mensaje nombra la regla.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'En la pantalla «{hsm}»: los almacenes de certificados y qué fabricante emitió este. Un lote entero con este código vuelve a quien puso los certificados.',
  },
  'unit.mac-taken': {
    means:
      'Dos unidades comunican la misma MAC. Una es una copia o está mal programada, y en una red se estorbarían. El puesto no acepta más unidades.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'En la pantalla «{audit}», por los dos números de serie: cuál vino primero. Después, dónde se escriben las MAC del lote.',
  },
  'unit.unknown': {
    means:
      'Ninguna orden abierta tiene una unidad con este número de serie. La etiqueta se leyó mal, es de otro producto o su orden aún no se importó.',
    steps: [
      'Escanee la etiqueta otra vez; limpie la ventana del lector si está sucia.',
      'Compare lo que muestra la pantalla con lo que dice la etiqueta.',
      'Si coinciden, llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{orders}»: busque el número de serie y vea si su orden está importada y abierta.',
  },
  'unit.ambiguous': {
    means:
      'Varias órdenes abiertas tienen una unidad con este número de serie; la estación no puede saber cuál se quiere.',
    steps: [
      'Mire en los papeles de la unidad de qué orden es.',
      'Elija esa orden y vuelva a escanear la unidad.',
      'Si los papeles no lo dicen, llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{orders}»: cierre la orden terminada o haga corregir uno de los dos archivos.',
  },
  'unit.finished': {
    means: 'Esta unidad ya salió bien, a la hora que dice el mensaje. Nunca se hace dos veces: ya lleva su identidad.',
    steps: [
      'Ponga la unidad con las terminadas.',
      'Si la unidad del útil es otra, su etiqueta es una copia: apártela y llame al responsable de línea.',
      say.goOn,
    ],
    lead: 'En la pantalla «{audit}», por este número de serie: cuándo y dónde se hizo. Dos unidades con una etiqueta son asunto del responsable de seguridad.',
  },
  'unit.busy': {
    means: 'Una unidad con este número de serie se está haciendo ahora, en el puesto que nombra el mensaje.',
    steps: [
      'Mire ese puesto y espere su resultado.',
      'Si allí hay otra unidad, dos unidades tienen la misma etiqueta: aparte las dos y llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{audit}», por este número de serie: si la etiqueta se imprimió dos veces.',
  },
  'unit.in-batch': {
    means:
      'El certificado de esta unidad se está haciendo ahora a partir de un archivo, fuera de la línea. Una ejecución a la vez podría darle un segundo.',
    steps: ['Espere un minuto.', say.again, 'Si a los cinco minutos sigue igual, llame al responsable de línea.'],
    lead: 'En la pantalla «{audit}», por la orden: quién está emitiendo certificados para ella.',
  },
  'unit.scrapped': {
    means:
      'Esta unidad se retiró para siempre, a la hora que dice el mensaje. Su entrada en la nube está deshabilitada.',
    steps: [
      'Ponga la unidad con los desechos.',
      'Si no debería serlo, llame al responsable de línea; escanearla no cambia nada.',
    ],
    lead: 'En la pantalla «{audit}», por este número de serie: quién la desechó y por qué. No vuelve; una placa reparada recibe otro número de serie.',
  },
  'unit.unmade': {
    means:
      'La unidad aún no tiene identificador de registro, porque nunca se ejecutó o porque depende de un TPM que aún no se ha leído. La nube no puede conocerla.',
    steps: ['Ejecute primero la unidad en un puesto.', say.redo],
    lead: 'En la pantalla «{orders}»: el estado de esta unidad.',
  },
  'unit.chain-differs': {
    means: 'La unidad recibió su certificado y relee otro. Así no se puede confiar en su memoria.',
    steps: [say.again, say.asideIf],
    lead: 'En la pantalla «{audit}»: si les pasa a varias unidades de un lote, su memoria es demasiado pequeña o está gastada.',
  },
};
