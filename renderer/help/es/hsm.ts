import type { hsm as english } from '../en/hsm.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The HSM and what it keeps. */
export const hsm: Like<typeof english> = {
  'hsm.locked': {
    means:
      'El HSM está, pero nadie ha dado su PIN desde que se arrancó o se conectó. Sin él no se puede hacer ninguna unidad ni iniciar sesión.',
    steps: ['Deje las unidades en sus útiles.', 'Llame al responsable de seguridad para que lo desbloquee.'],
    lead: 'El responsable de seguridad lo desbloquea en la pantalla «{hsm}». Si se bloquea una y otra vez, mire su cable y su alimentación.',
  },
  'hsm.down': {
    means:
      'El HSM no responde. La estación intenta recuperarlo sola; hasta entonces los puestos esperan y no se pierde ninguna unidad.',
    steps: ['Deje todo como está un minuto.', 'Compruebe que el HSM está conectado y tiene corriente.', say.officer],
    lead: 'En la pantalla «{hsm}»: el estado y el motivo. El mensaje dice lo que dijo el controlador; si su archivo cambió, también lo dice.',
  },
  'hsm.ambiguous': {
    means:
      'Puede que el HSM haya firmado un certificado cuya respuesta no llegó. Figura como posiblemente emitido y se puede revocar. Hacer la unidad otra vez es seguro.',
    steps: [say.again, say.officerIf],
    lead: 'En la pantalla «{certificates}», por esta unidad: los certificados posiblemente emitidos. Revoque los que la unidad no tiene.',
  },
  'hsm.not-unwrapped': {
    means:
      'La clave envuelta no se abre con la clave para la que debía estar envuelta. Se dañó por el camino, o es para otra estación.',
    steps: ['No lo intente otra vez con el mismo archivo.', say.officer],
    lead: 'En la pantalla «{hsm}»: la huella de la clave de desenvolver; compárela con la que usó el dueño de la clave.',
  },
  'hsm.key-missing': {
    means: 'Una clave que la estación necesita no está en el HSM. Se borró, o hay otro token conectado.',
    steps: [say.stop, 'Compruebe que está conectado el token correcto.', say.officer],
    lead: 'En la pantalla «{hsm}»: el número de serie del token y sus claves.',
  },
  'hsm.key-ambiguous': {
    means: 'Hay dos claves con un mismo nombre y la estación no elige entre ellas.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{hsm}»: las dos claves y cuál hizo la estación. La otra se quita con la herramienta del propio HSM.',
  },
  'hsm.key-differs': {
    means:
      'En el HSM hay una clave con el nombre correcto, pero no es la que se configuró. Las unidades hechas con ella se rechazarían, o alguien podría conocer sus claves.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{hsm}»: el valor de comprobación o la clave pública, frente al acta de la configuración. Averigüe quién la cambió; el registro de auditoría tiene todas las llamadas de esta estación.',
  },
  'hsm.key-attribute': {
    means:
      'Una clave se podría leer fuera del HSM, o usar para otra cosa que aquella para la que está. No se usa: un secreto que puede salir no lo es.',
    steps: [say.stop, say.officer],
    lead: 'En la pantalla «{hsm}»: el atributo del mensaje. Las claves no se arreglan; se hace o se importa otra de la manera correcta.',
  },
  'hsm.key-exists': {
    means: 'Ya hay una clave con este nombre. Las claves nunca se sobrescriben: se perdería lo hecho con la antigua.',
    steps: ['Elija otro nombre.', 'Repita.'],
    lead: 'En la pantalla «{hsm}»: la clave que hay y qué la usa.',
  },
  'hsm.public-sample': {
    means: 'Esta clave figura como ejemplo en documentos públicos; la tiene todo el mundo.',
    steps: ['No la use.', 'Pida al dueño del grupo su clave verdadera.', say.officer],
    lead: 'Si se dio la misma clave a otras estaciones.',
  },
  'hsm.key-length': {
    means:
      'La clave es demasiado corta o demasiado larga para una clave de grupo. Lo habitual es que se tomara por clave una línea de texto, o que una parte se tecleara incompleta.',
    steps: ['Compare lo tecleado con lo que dio el dueño.', 'Teclee otra vez todas las partes.'],
    lead: 'El dueño del grupo dice qué longitud tiene la clave.',
  },
  'hsm.pin': {
    means:
      'El HSM dijo que el PIN es erróneo. La estación nunca prueba un PIN dos veces: tras unos pocos erróneos, un HSM destruye sus claves.',
    steps: ['No pruebe otro PIN.', say.officer],
    lead: 'En la pantalla «{hsm}»: el motivo y lo que el token dice de su PIN: pocos intentos, el último o bloqueado. Desbloquéelo solo con el PIN de su sobre.',
  },
  'hsm.refused': {
    means: 'El HSM entendió la petición y la rechazó, por el motivo que nombra el mensaje.',
    steps: ['Anote el motivo.', say.officer],
    lead: 'Busque el motivo en el manual del HSM. A menudo es su política, o una clave que no puede hacer esto.',
  },
  'hsm.unsupported': {
    means: 'Este HSM no puede hacer lo que se pide: le falta el algoritmo o la longitud.',
    steps: [say.stop, say.officer],
    lead: 'Lo que el HSM puede hacer según su manual. Después, otro algoritmo en la receta o en el perfil, u otro HSM.',
  },
  'hsm.unsealable': {
    means:
      'Un secreto de la base de datos no se puede abrir. Se cambió, o el HSM tiene otra clave de sellado que cuando se selló, por ejemplo tras reponer una copia equivocada.',
    steps: ['Pare lo que estaba haciendo.', say.officer],
    lead: 'En la pantalla «{hsm}»: si la clave de sellado es la que se configuró. Un secreto que nombra una receta lo ponen de nuevo dos personas.',
  },
  'secret.unknown': {
    means:
      'La receta nombra un secreto, como una contraseña de la consola de la unidad, que esta estación nunca recibió.',
    steps: [say.stop, say.asks],
    lead: 'En la pantalla «{hsm}»: la lista de secretos. Lo ponen dos personas en la línea de comandos de la estación.',
  },
};
