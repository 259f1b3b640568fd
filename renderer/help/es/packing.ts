import type { packing as english } from '../en/packing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

export const packing: Like<typeof english> = {
  'unit.shipped': {
    means: 'Según su registro, la unidad salió de la línea. Si está aquí, o volvió, o se embaló otra con su nombre.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{units}»: cuándo salió. Una unidad que vuelve se desecha, o se hace en una orden nueva con otro número de serie.',
  },
  'unit.needs-replacement': {
    means:
      'La nube tiene la clave de la unidad y la copia de aquí se destruyó, como debe ser. Solo se puede hacer otra vez con otra clave, con el mismo nombre.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{units}»: sustituya su credencial, con una segunda persona. La próxima pasada trae la clave nueva, y su entrada en la nube la recibe.',
  },
  'order.first-article': {
    means:
      'La receta pide que alguien mire la primera unidad de esta versión antes de hacer otras. Si no, un error suyo estaría en toda una orden.',
    steps: ['Lleve la primera unidad, por el número de serie del mensaje, al responsable de línea.', say.again],
    lead: 'Mire la unidad. Si está bien, apruébela en la pantalla «{recipes}»; si no, deséchela o hágala otra vez en la pantalla «{units}»: la siguiente que pase es la primera.',
  },
  'packing.label': {
    means:
      'Lo escaneado nombra otra unidad, o nada que hiciera esta estación. Una caja con la etiqueta equivocada entrega la identidad de otra.',
    steps: [
      'Escanee otra vez la etiqueta de la propia unidad.',
      'Si dice lo mismo, marque la unidad con este código, apártela y llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{units}»: a qué unidad se refiere la etiqueta. Si las unidades vecinas tienen las etiquetas cambiadas.',
  },
  'packing.no-key': {
    means:
      'La unidad se acredita con su TPM y no consta ninguna clave de endoso suya. La nube nunca podría reconocerla.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{audit}», por este número de serie: si su pasada leyó el TPM. Hágala otra vez desde la pantalla «{units}».',
  },
  'packing.short-lived': {
    means:
      'Su certificado acaba demasiado pronto: la unidad puede pasar en el almacén más tiempo del que vale, y entonces sería rechazada.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{certificates}»: cuándo acaba. Renuévelo y haga la unidad otra vez, o pregunte si la receta pide demasiado.',
  },
  'packing.no-receipt': {
    means: 'La receta pide la respuesta de la nube antes de que salga una unidad, y todavía no está.',
    steps: ['Deje la unidad a un lado y embale la siguiente.', 'Escanéela otra vez más tarde.', say.leadIf],
    lead: 'En la pantalla «{cloud}»: si hay envíos que esperan y por qué; si la fila de esta unidad espera a una persona.',
  },
  'packing.shut-out': {
    means: 'Alguien bloqueó la unidad en la nube o la retiró. Quien la encienda sería rechazado.',
    steps: [say.aside, say.lead],
    lead: 'En la pantalla «{audit}», por este número de serie: quién lo hizo y por qué. Permítala de nuevo, o deséchela.',
  },
};
