import type { ca as english } from '../en/ca.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The intermediate CA, certificates, and stores of certificates. */
export const ca: Like<typeof english> = {
  'ca.unknown': {
    means: 'La receta o la llamada nombra una CA intermedia que esta estación no tiene.',
    steps: [say.stop, say.asks],
    lead: 'En la pantalla «{issuers}»: los emisores. El nombre en la receta, en la pantalla «{recipes}», tiene que ser el mismo.',
  },
  'ca.not-ready': {
    means:
      'La CA intermedia no puede firmar: su ceremonia no ha terminado, está retirada o falta su certificado. El mensaje dice cuál es el caso.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{issuers}»: el emisor y cuál es el paso siguiente de su ceremonia.',
  },
  'ca.csr-refused': {
    means:
      'La unidad pidió un certificado de una manera no permitida, por ejemplo con una clave débil o una firma no válida. No se firmó nada.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'La regla del mensaje. Si les pasa a todas las unidades de un lote, su firmware hace mal las claves o las solicitudes.',
  },
  'ca.profile': {
    means:
      'Lo que la receta pide de los certificados no está permitido, por ejemplo un certificado de dispositivo que dure más que su emisor.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{recipes}»: el perfil de la receta. En la pantalla «{issuers}»: hasta cuándo vale el emisor.',
  },
  'ca.lint': {
    means:
      'Antes de cada firma, la estación comprueba el certificado según unas reglas, y este incumpliría una. Es un fallo de este programa. No se firmó nada.',
    steps: [say.stop, say.officer],
    lead: 'Comunique la regla y el código a quien mantiene este programa.',
  },
  'ca.chain': {
    means:
      'Un certificado de la cadena que se dio no encaja con los demás, o incumple una regla. No se tomó nada de ella.',
    steps: [
      'Mire qué certificado nombra el mensaje.',
      'Pida a quien hizo la cadena que la dé entera y en orden.',
      say.officer,
    ],
    lead: 'En la pantalla «{issuers}»: la solicitud que se envió; la respuesta tiene que ser de esta.',
  },
  'ca.clock': {
    means:
      'El reloj está antes de algo que la estación ya registró, fuera de la validez del emisor o lejos de su reloj de pulsera. Un certificado con una hora errónea no valdría nada.',
    steps: ['Compare la hora de la pantalla con su reloj de pulsera.', say.lead],
    lead: 'Ponga en hora el reloj del sistema operativo; después, dos personas lo confirman en la pantalla «{issuers}».',
  },
  'ca.key-taken': {
    means:
      'Otra unidad ya tiene un certificado con la misma clave pública. Dos dispositivos con una clave significan que se copió, o que se crea sin azar verdadero.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'En la pantalla «{audit}», por este número de serie: la ejecución que se rechazó. Si son varias unidades, falla el generador aleatorio del firmware.',
  },
  'ca.serial-taken': {
    means:
      'Un certificado nuevo habría tenido un número que ya existe. Por azar eso no ocurre nunca; hay que dudar del generador aleatorio.',
    steps: [say.again, 'Si se repite, pare y llame al responsable de seguridad.'],
    lead: 'Si este equipo se copió de otro mientras estaba en marcha.',
  },
  'ca.signature-wrong': {
    means:
      'Lo que devolvió el HSM no es una firma de lo que envió la estación. Está averiado, o alguien se ha puesto en medio.',
    steps: ['No haga más unidades que necesiten un certificado.', say.officer],
    lead: 'En la pantalla «{hsm}»: el controlador del HSM y su hash, frente a los de la configuración. No siga con este HSM.',
  },
  'ca.quota': {
    means:
      'Se emitieron tantos certificados como acordaron dos personas. El cupo limita lo que alguien podría hacer con una estación robada.',
    steps: [say.stop, say.lead],
    lead: 'En la pantalla «{issuers}»: los emitidos y el cupo. Ampliarlo necesita dos personas.',
  },
  'ca.no-certificate': {
    means:
      'No existe tal certificado, o su estado no permite esto: ya está revocado, nunca se firmó, o su unidad ya no tiene nombre.',
    steps: ['Busque el certificado otra vez.', say.look],
    lead: 'En la pantalla «{certificates}»: el certificado y su estado.',
  },
  'store.none': {
    means:
      'El certificado de esta unidad debe venir de un almacén hecho en otro sitio, y allí no lo hay para ella o ya se usó. El mensaje dice por qué.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'En la pantalla «{hsm}»: las existencias del almacén y para qué unidades tiene certificados. Dos personas importan más.',
  },
  'store.empty': {
    means: 'La orden toma sus certificados de un almacén que no tiene ninguno para sus unidades.',
    steps: [say.notYet, say.lead],
    lead: 'En la pantalla «{hsm}»: los almacenes. Dos personas importan los archivos de esta orden.',
  },
};
