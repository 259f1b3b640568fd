import type { tpm as english } from '../en/tpm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The TPM of a unit, its endorsement key, and that key's certificate. */
export const tpm: Like<typeof english> = {
  'tpm.missing': {
    means: 'Dentro de la unidad no responde ningún TPM: no está montado, está desactivado en el firmware o no arranca.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Si les pasa a muchas unidades de un lote: si el TPM está activado en su firmware y si la orden tiene la receta correcta.',
  },
  'tpm.version': {
    means:
      'El TPM es de una familia anterior a la 2.0, con la que el servicio de la nube no puede inscribir dispositivos.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'La lista de materiales: se montó otro TPM que el pedido. Estas unidades no se pueden hacer con esta receta.',
  },
  'tpm.failure-mode': {
    means: 'El TPM no superó su propia autocomprobación y ya no contesta a nada más. Está averiado.',
    steps: [say.aside, say.notAgain, 'Envíela a retrabajo: hay que cambiar el TPM.'],
    lead: 'En la pantalla «{audit}»: a cuántas unidades les pasa. Con un TPM nuevo, una unidad ya inscrita es otro dispositivo.',
  },
  'tpm.lockout': {
    means:
      'El TPM recibió autorizaciones erróneas y se protege. Vuelve a contestar tras un tiempo que fijó su fabricante.',
    steps: [
      'Deje la unidad con corriente; apagarla lo alarga.',
      'Siga trabajando con otras unidades.',
      'Vuelva a escanearla cuando acabe el bloqueo.',
      say.asideIf,
    ],
    lead: 'En la pantalla «{hsm}»: desde cuándo está puesto el secreto que nombra la receta. El responsable de seguridad pone el correcto antes de que se bloqueen más TPM.',
  },
  'tpm.auth': {
    means:
      'El TPM pide una autorización y la que tiene la estación es errónea. Cada intento más acerca el TPM a su bloqueo.',
    steps: ['No escanee más unidades de este lote.', say.aside, say.lead],
    lead: 'En la pantalla «{recipes}»: qué secreto nombra la receta. En la pantalla «{hsm}»: desde cuándo está puesto. El responsable de seguridad pone el correcto.',
  },
  'tpm.refused': {
    means:
      'El TPM rechazó un comando y dio el código que nombra el mensaje. Puede estar lleno, ocupado o configurado de otra manera que la que espera la receta.',
    steps: [say.again, say.asideIf],
    lead: 'En la pantalla «{audit}»: si el mismo código sale en todas las unidades, la receta no sirve para este TPM.',
  },
  'tpm.garbled': {
    means:
      'Lo que contestó el TPM no lo permite en este punto la especificación de TPM. La causa es una línea perturbada o un firmware defectuoso.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Si siempre es el mismo punto del mismo comando, falla el firmware que transmite las respuestas.',
  },
  'tpm.key-refused': {
    means:
      'A una clave que el TPM mostró o creó le falta una propiedad necesaria, por ejemplo que nunca pueda salir del TPM. Lo que probara no valdría nada.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'La regla del mensaje. Si le pasa a un lote entero, otra persona configuró antes sus TPM.',
  },
  'tpm.name-differs': {
    means:
      'El TPM da a su clave un nombre que no resulta de ella. Un TPM auténtico no puede hacerlo: otra cosa contesta en su lugar.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'En la pantalla «{audit}», por este número de serie: todas las ejecuciones de la unidad. Guarde la unidad como prueba.',
  },
  'tpm.not-activated': {
    means:
      'La estación puso un desafío que solo puede abrir quien posee la clave de aprobación mostrada, y este TPM no pudo. La clave se copió de otro TPM.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'En la pantalla «{audit}»: qué unidad tuvo antes esta clave de aprobación. Guarde la unidad como prueba.',
  },
  'ek.certificate-missing': {
    means: 'La receta pide el certificado del fabricante como prueba de que el TPM es auténtico, y el TPM no lo tiene.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'Algunos fabricantes dan los certificados, o una lista de claves, aparte del chip. Dos personas importan esa lista en la línea de comandos y la pantalla «{hsm}» la muestra; después vuelva a escanear las unidades.',
  },
  'ek.certificate-unreadable': {
    means: 'En el TPM hay un certificado, pero está dañado o no tiene la forma debida.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'El punto que nombra el mensaje. Si le pasa al lote entero, pregunte al fabricante del TPM.',
  },
  'ek.certificate-expired': {
    means:
      'Según el reloj de esta estación, el certificado aún no es válido o ya no lo es. O el reloj va mal, o el TPM es demasiado viejo.',
    steps: [
      'Mire la hora que muestra la pantalla.',
      'Si está mal, pare y llame al responsable de línea.',
      'Si está bien, marque la unidad con este código y apártela.',
    ],
    lead: 'Primero el reloj. Si va bien, los TPM estuvieron almacenados más tiempo del que valen sus certificados.',
  },
  'ek.certificate-self-signed': {
    means: 'Nadie responde del certificado salvo él mismo; cualquiera pudo hacerlo.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Dónde se compraron los TPM de este lote. Guarde la unidad como prueba.',
  },
  'ek.certificate-other-key': {
    means: 'El certificado es de otro TPM que el que lo muestra. Se copió.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'En la pantalla «{audit}»: si otra unidad mostró este certificado. Guarde la unidad como prueba.',
  },
  'ek.certificate-usage': {
    means:
      'El certificado se emitió para otra cosa que una clave de aprobación; no dice, por tanto, que esto sea un TPM.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'La regla del mensaje. Si le pasa al lote entero, pregunte al fabricante del TPM.',
  },
  'ek.certificate-chain': {
    means:
      'Uno de los certificados entre el TPM y la raíz de su fabricante incumple una regla; la cadena no prueba nada.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Qué certificado nombra el mensaje. Si es uno del fabricante, el responsable de seguridad le pide los correctos.',
  },
  'ek.root-unknown': {
    means: 'El certificado está en orden, pero lleva a un fabricante que la receta no nombra.',
    steps: [say.aside, say.goOn, say.asks],
    lead: 'Si se confía en este fabricante lo decide el responsable de seguridad: su raíz se pone en la carpeta tpm-roots de la estación y, en la pantalla «{recipes}», la nombra una nueva versión de la receta.',
  },
  'ek.software': {
    means: 'El TPM es un programa y no un chip. Sus claves se pueden copiar; por eso la producción nunca lo admite.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Si llegó a la línea una versión de prueba del firmware.',
  },
  'ek.not-genuine-enough': {
    means:
      'La receta pide menos pruebas de que el TPM es auténtico que la producción; con ella no se puede hacer ninguna unidad.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{recipes}»: una nueva versión de la receta que pida un certificado. La aprueban dos personas.',
  },
  'ek.taken': {
    means:
      'Dos unidades muestran la misma clave de aprobación, que cada TPM tiene solo para sí. Una es una copia. El puesto no acepta más unidades.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'En la pantalla «{audit}», por los dos números de serie: cuál fue la primera. El responsable de seguridad guarda las dos como prueba.',
  },
  'ek.changed': {
    means:
      'La unidad tenía otro TPM cuando estuvo aquí antes. La nube conoce los dispositivos por su TPM, así que este es otro dispositivo con la misma etiqueta. El puesto no acepta más unidades.',
    steps: [say.aside, say.lead, say.released],
    lead: 'Si el TPM se cambió en el retrabajo. Entonces dos personas desechan la unidad antigua (birthmark units scrap) y la placa recibe otro número de serie.',
  },
  'ek.public-sample': {
    means: 'La clave de aprobación figura como ejemplo en documentos públicos y todo el mundo conoce su mitad privada.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Si llegó a la línea un simulador o una imagen de ejemplo.',
  },
  'ek.not-listed': {
    means:
      'La lista de claves suministradas del fabricante del TPM no tiene esta. O la lista es de otra entrega, o el TPM no viene del fabricante. El puesto no acepta más unidades.',
    steps: [say.aside, say.lead, say.released],
    lead: 'En la pantalla «{hsm}»: qué listas se importaron y de qué entrega. Si falta la lista de esta entrega, la importan dos personas.',
  },
  'ek.other-id': {
    means:
      'La lista del fabricante ya dio a este TPM un identificador de registro y la receta le daría otro. Un dispositivo no debe tener dos.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'El mensaje nombra la lista. Compárela con la receta en la pantalla «{recipes}» y decida cuál de los dos identificadores vale.',
  },
};
