import type { orders as english } from '../en/orders.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Orders, recipes, and what identities and input may be. */
export const orders: Like<typeof english> = {
  'order.unknown': {
    means: 'Aquí no hay ninguna orden con este nombre. Se escribe de otra manera, o nunca se importó en esta estación.',
    steps: ['Compare el nombre con los papeles.', 'Si es correcto, llame al responsable de línea.'],
    lead: 'En la pantalla «{orders}»: la lista de órdenes. Si falta, importe su archivo.',
  },
  'order.full': {
    means: 'Se hicieron tantas unidades como pide la orden. La orden limita cuántas identidades existen; no hay más.',
    steps: [
      'Ponga la unidad con las que no están hechas.',
      'Empiece la orden siguiente o llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{orders}»: las terminadas y las pedidas. Para más unidades hace falta otra orden.',
  },
  'order.closed': {
    means: 'La orden se cerró y ya no se hace ninguna unidad de ella.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{audit}», por la orden: quién la cerró y cuándo. En la pantalla «{orders}»: un responsable de línea puede abrirla de nuevo.',
  },
  'order.not-armed': {
    means:
      'Aún no se ha comparado si la clave de la estación es la que la nube tiene para esta orden. Con una clave equivocada, todas las unidades se harían en vano.',
    steps: [say.notYet, say.lead],
    lead: 'En la pantalla «{orders}»: habilite la orden mientras haya red; entonces se compara. Sin red, un responsable de línea puede aceptarlo, lo que queda a la vista.',
  },
  'order.key-differs': {
    means:
      'La nube tiene para este grupo otra clave u otra CA que la que usaría esta estación. La nube rechazaría todas las unidades hechas con ella.',
    steps: [say.stop, say.both],
    lead: 'En la pantalla «{hsm}»: el valor de comprobación de la clave. En la pantalla «{issuers}»: la huella del emisor. Compárelos con el grupo en la nube. Uno de los dos se renovó.',
  },
  'order.not-comparable': {
    means: 'A este destino no se le puede preguntar qué clave tiene; la estación no puede comparar por sí misma.',
    steps: [say.notYet, say.lead],
    lead: 'Compare a ojo, en el portal del destino. Después acéptelo en la pantalla «{orders}»; queda registrado que lo hizo.',
  },
  'export.no-entries': {
    means: 'Un certificado de nacimiento cuenta lo que le ocurrió a una unidad. A esta aún no le ha ocurrido nada.',
    steps: ['Compruebe el número de serie.', 'Ejecute primero la unidad.'],
    lead: 'En la pantalla «{orders}»: el estado de esta unidad.',
  },
  'recipe.not-approved': {
    means:
      'La receta es nueva o se cambió, y aún no la han aprobado las dos personas. Las recetas deciden sobre claves; una persona sola no puede ponerla en vigor.',
    steps: [say.notYet, say.lead],
    lead: 'En la pantalla «{recipes}»: la diferencia con la última versión. La aprueban un responsable de línea y un responsable de seguridad.',
  },
  'recipe.unsupported': {
    means: 'La receta pide algo que esta estación, o este tipo de receta, no puede hacer. El mensaje dice qué.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{recipes}»: compruebe la receta; cada problema se muestra con su lugar.',
  },
  'identity.invalid': {
    means:
      'El identificador de registro que resulta de la orden y de la receta incumple una regla del servicio de la nube, que lo rechazaría.',
    steps: ['Anote el número de serie y este código.', say.lead],
    lead: 'En la pantalla «{orders}»: la línea de la orden. La regla está en el mensaje; hay que corregir el archivo o la plantilla de la receta.',
  },
  'identity.taken': {
    means:
      'Otra unidad ya tiene este identificador de registro. Dos dispositivos con el mismo se excluirían uno al otro.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{recipes}»: cómo resulta el identificador del archivo de la orden. Si dos líneas dan el mismo, se corrigen en el archivo; mayúsculas y minúsculas cuentan como iguales.',
  },
  'identity.erased': {
    means:
      'El número de serie, la MAC o el identificador fue de una unidad cuyos registros se borraron. No se vuelve a dar, para que nunca se tome una unidad nueva por la antigua.',
    steps: [say.aside, say.asks],
    lead: 'En la pantalla «{audit}»: el asiento sobre el borrado. La unidad necesita otra etiqueta.',
  },
  'input.invalid': {
    means:
      'Algo tecleado, escaneado o leído de un archivo no es lo que debe ser. El mensaje dice dónde, qué se esperaba y qué se encontró.',
    steps: [
      'Vaya al lugar que nombra el mensaje y corríjalo.',
      'Repita.',
      'Si vino de un archivo, pida a quien lo hizo que lo corrija.',
    ],
    lead: 'El propio archivo. No se tomó nada de él: lo que se introduce se acepta entero o no se acepta.',
  },
  'input.unknown-call': {
    means:
      'La pantalla pidió a la estación algo que esta no conoce. La pantalla y la estación son de versiones distintas.',
    steps: ['Vuelva a cargar la página (Ctrl+R).', say.leadIf],
    lead: 'Las versiones, aquí en la ayuda, en «Acerca de». Tras una actualización hay que reiniciar la estación.',
  },
  'order.file-refused': {
    means:
      'Hay líneas del archivo que no son lo que deben ser. No se creó nada: una orden se acepta entera o no se acepta.',
    steps: [
      'Mire las líneas erróneas que muestra la pantalla.',
      'Pida a quien hizo el archivo que lo corrija.',
      'Impórtelo de nuevo.',
    ],
    lead: 'En la pantalla «{orders}»: cada línea errónea, con lo que se esperaba y lo que se encontró.',
  },
  'order.file-unreadable': {
    means:
      'El archivo no es texto en UTF-8 o pasa de 10 MB. A menudo es una hoja de cálculo en su propio formato o en una codificación antigua.',
    steps: ['Guárdelo como CSV en UTF-8 en el programa del que viene.', 'Elíjalo de nuevo.'],
    lead: 'Quien hace los archivos de órdenes: la codificación, y si una orden tan grande se puede dividir.',
  },
  'recipe.unknown': {
    means:
      'La estación no tiene ninguna receta con este contenido. Puede que la lista de la pantalla sea más antigua, o que la receta sea de otra estación.',
    steps: ['Vuelva a cargar la lista de recetas.', 'Elija allí la receta, o el archivo en que está.'],
    lead: 'En la pantalla «{recipes}»: las recetas de esta estación. Una de otra estación se trae como archivo y aquí la aprueban dos personas.',
  },
  'recipe.version-taken': {
    means:
      'La versión de una receta corresponde para siempre a un contenido, porque con ella se hicieron unidades. Otro contenido necesita otra versión.',
    steps: ['Dé a la receta la versión siguiente.', 'Guárdela de nuevo.'],
    lead: 'En la pantalla «{recipes}»: las versiones de esta receta y en qué se diferencian.',
  },
};
