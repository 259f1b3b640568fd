import type { cloud as english } from '../en/cloud.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The cloud, uploads, and files for whoever enrols by hand. */
export const cloud: Like<typeof english> = {
  'cloud.unreachable': {
    means:
      'En este momento no hay camino a la nube. Las unidades se hacen igualmente; sus envíos esperan y siguen solos.',
    steps: ['Siga trabajando.', 'Si dura más de lo que permite la planta, avise al responsable de línea.'],
    lead: 'En la pantalla «{cloud}»: desde cuándo y el motivo. Compruebe allí la conexión; dice, uno tras otro, nombre, ruta, certificado y permisos.',
  },
  'cloud.throttled': {
    means: 'La nube pidió una pausa, porque recibe más llamadas de las que admite. La estación la respeta.',
    steps: [say.workOn, 'Si dura horas, avise al responsable de línea.'],
    lead: 'En la pantalla «{cloud}»: el presupuesto de llamadas. Si otras estaciones usan el mismo servicio, redúzcalo.',
  },
  'cloud.failed': {
    means: 'La propia nube tiene problemas. La estación lo intenta de nuevo sola, cada vez más despacio.',
    steps: [say.workOn, 'Si dura horas, avise al responsable de línea.'],
    lead: 'En la pantalla «{cloud}»: desde cuándo. Después, la página de estado del servicio.',
  },
  'cloud.refused': {
    means:
      'La nube no deja entrar a esta estación: su credencial caducó, le falta un permiso o hay un filtro por medio. Los envíos se detienen hasta que mire una persona.',
    steps: [say.uploadsWait, say.lead],
    lead: 'En la pantalla «{cloud}»: el consejo, de lo más a lo menos probable: credencial, permiso, filtro de direcciones, reloj. Compruebe allí la conexión.',
  },
  'cloud.rejected': {
    means: 'La nube rechazó esta entrada y volvería a hacerlo. Las demás siguen.',
    steps: ['Siga trabajando con otras unidades.', say.lead],
    lead: 'En la pantalla «{cloud}»: la fila que espera, con el número de error del servicio. Remedie la causa y envíela otra vez, o descártela.',
  },
  'cloud.malformed': {
    means:
      'Lo que volvió no es lo que contesta el servicio. A menudo hay en medio un proxy o una página de acceso de la red. Cuenta como no hecho y se intenta otra vez.',
    steps: [say.workOn, 'Si continúa, avise al responsable de línea.'],
    lead: 'En la pantalla «{cloud}»: compruebe la conexión. ¿De quién es el certificado que muestra el otro extremo?',
  },
  'cloud.different': {
    means:
      'Otra persona hizo una entrada con el mismo identificador. Puede ser otro dispositivo; por eso la estación no la sobrescribe.',
    steps: ['Aparte la unidad si aún está aquí.', say.lead],
    lead: 'En la pantalla «{cloud}»: lo que hay y lo que debía haber. Reemplazar lo que hay necesita dos personas; descartar deja la otra entrada.',
  },
  'cloud.no-group': {
    means:
      'El grupo de inscripción que nombra la receta no está en la nube; ninguno de sus dispositivos podría registrarse.',
    steps: [say.stop, say.lead],
    lead: 'Pida al dueño del grupo que lo cree. Después compare otra vez la orden en la pantalla «{orders}».',
  },
  'cloud.by-hand': {
    means: 'Este destino solo acepta un cambio así de una persona, en su propio portal.',
    steps: ['Déjelo como está.', say.lead],
    lead: 'Hágalo en el portal del destino y después descarte la fila en la pantalla «{cloud}».',
  },
  'cloud.private-key': {
    means:
      'Un mensaje a la nube contenía una clave privada, que no debe salir nunca. Se detuvo antes de salir. Es un fallo de este programa.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{cloud}»: la fila. Comuníquelo con el código; la clave no se muestra en ningún sitio.',
  },
  'cloud.too-large': {
    means:
      'Lo que la receta quiere inscribir es más grande de lo que acepta el servicio, por lo general por demasiadas propiedades.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{recipes}»: el gemelo inicial de la receta. Redúzcalo y apruebe la nueva versión.',
  },
  'cloud.key-in-body': {
    means:
      'Un mensaje a la nube contenía una clave o una cadena de conexión donde no corresponde. Se detuvo antes de salir.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{recipes}»: si algún texto de la receta contiene un secreto. Si no, comuníquelo con el código.',
  },
  'cloud.not-configured': {
    means: 'A esta estación no se le dijo con qué nube debe hablar, o no se le dio una credencial para ella.',
    steps: [say.uploadsWait, say.lead],
    lead: 'La conexión con la nube en station.json. La credencial se da al arrancar la estación.',
  },
  'webhook.unreachable': {
    means:
      'No hay camino al sistema al que se comunican los resultados. Las unidades se fabrican igual; lo que hay que comunicar espera en orden.',
    steps: [say.workOn, 'Si dura horas, avise al responsable de línea.'],
    lead: 'En la pantalla «{cloud}», o con birthmark mes status: el motivo. Después, el receptor, su certificado y la red.',
  },
  'webhook.failed': {
    means:
      'El sistema al que se comunican los resultados rechaza un mensaje. Se envía de nuevo cada vez más despacio; tras 16 rechazos espera a una persona, y los mensajes posteriores de su unidad esperan detrás.',
    steps: [say.workOn, say.lead],
    lead: 'En la pantalla «{cloud}»: la respuesta del receptor. Arréglelo allí y luego envíe todo otra vez, o renuncie al mensaje (birthmark mes status, retry y discard hacen lo mismo).',
  },
  'sync.not-parked': {
    means: 'La fila sobre la que decide ya no espera: ha decidido otra persona, o se envió entretanto.',
    steps: ['Vuelva a cargar la lista.', say.look],
    lead: 'En la pantalla «{audit}»: quién decidió sobre ella.',
  },
  'sync.not-replaceable': {
    means: 'Solo se pueden reemplazar filas para las que hay otra entrada en la nube. Esta espera por otro motivo.',
    steps: ['Lea el motivo de la fila.', 'Envíela otra vez o descártela.'],
    lead: 'En la pantalla «{cloud}»: el motivo de la fila.',
  },
  'sync.changed': {
    means:
      'La entrada de la nube se cambió después de que usted la mirara. Dos personas aprobaron perder la que vieron, y no otra.',
    steps: ['Mire la fila otra vez.', say.look],
    lead: 'En la pantalla «{cloud}»: lo que hay ahora. Averigüe quién más cambia entradas de estos dispositivos.',
  },
  'group.unknown': {
    means: 'Ninguna orden de esta estación es de un grupo con este nombre; aquí no hay nada que hacer con él.',
    steps: ['Compare el nombre con la receta.', 'Repita con el nombre correcto.'],
    lead: 'En la pantalla «{recipes}»: el grupo que nombra cada receta.',
  },
  'folder.failed': {
    means:
      'No se puede escribir en la carpeta donde se dejan las inscripciones o las cabeceras firmadas. No se pierde nada; sigue en cuanto se pueda.',
    steps: ['Siga trabajando.', say.lead],
    lead: 'En la pantalla «{cloud}»: el motivo. Un disco lleno, un recurso de red que falta o un permiso que se quitó.',
  },
  'folder.changed': {
    means:
      'Un archivo que escribió la estación dice ahora otra cosa. Alguien lo editó, o el disco está dañado. No se sobrescribe, para que no se pierda nada.',
    steps: ['Deje el archivo como está.', say.lead],
    lead: 'Compare el archivo con la lista de la pantalla «{cloud}», guárdelo aparte y envíe la fila otra vez.',
  },
  'folder.key': {
    means:
      'La receta tiene claves que solo pueden conocer la nube y la unidad, y un archivo lo puede leer cualquiera que lo tenga.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{recipes}»: otro destino en la receta. O llévela en un paquete cifrado.',
  },
};
