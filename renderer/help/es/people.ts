import type { people as english } from '../en/people.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** People, what they may do, and what is kept about them. */
export const people: Like<typeof english> = {
  'person.unknown': {
    means:
      'No hay nadie con este nombre y este PIN. La estación no dice cuál de los dos está mal, para que nadie pueda averiguar nombres.',
    steps: [
      'Compruebe que el bloqueo de mayúsculas está desactivado y teclee ambos otra vez.',
      'No adivine: unos pocos intentos erróneos bloquean a la persona.',
      'Si no sabe su PIN, llame al responsable de línea.',
    ],
    lead: 'En la pantalla «{people}»: si la persona está y está activa. Dar otro código de un solo uso necesita dos personas.',
  },
  'person.not-signed-in': {
    means:
      'En esta pantalla nadie ha iniciado sesión: la sesión acabó tras un tiempo sin uso, o la estación se reinició. Los puestos en marcha siguen.',
    steps: ['Inicie sesión.', say.redo],
    lead: 'Tras cuántos minutos sin uso se cierra la sesión está en station.json; si no lo dice, tras 15.',
  },
  'person.not-allowed': {
    means:
      'Su rol no puede hacer esto. El mensaje dice qué roles pueden. El intento queda en el registro de auditoría.',
    steps: [
      'Pida a alguien con uno de esos roles que lo haga.',
      'Si es parte de su trabajo, llame al responsable de línea: su rol puede estar mal.',
    ],
    lead: 'En la pantalla «{people}»: el rol de la persona. En la pantalla «{help}», en Roles: lo que puede hacer cada rol.',
  },
  'person.second-needed': {
    means:
      'Esto cambia algo que nadie puede cambiar solo. Una segunda persona tiene que aprobar exactamente esta operación, con su propio PIN.',
    steps: [
      'Llame a alguien de los roles que nombra el mensaje.',
      'Esa persona lee lo que se va a hacer e introduce su nombre y su PIN.',
    ],
    lead: 'En la pantalla «{people}»: quién tiene estos roles. En cada turno debería haber siempre dos.',
  },
  'person.approval-wrong': {
    means: 'La aprobación no corresponde: se cambió algo después de darla, ya se usó, o las dos personas son la misma.',
    steps: ['Empiece la operación de nuevo.', 'Haga que la segunda persona la lea y la apruebe otra vez.'],
    lead: 'En la pantalla «{audit}»: los dos intentos y quién los hizo.',
  },
  'person.none': {
    means: 'Ya no queda nadie con este rol; lo que lo necesita no se puede hacer.',
    steps: ['Deje lo que necesita este rol.', 'Llame al responsable de línea o al responsable de seguridad.'],
    lead: 'En la pantalla «{people}»: añada a alguien con este rol. Lo hacen dos personas.',
  },
  'person.taken': {
    means: 'Aquí las personas se distinguen por su nombre, y este ya está usado.',
    steps: ['Elija un nombre distinto, por ejemplo con el apellido.', 'Añada a la persona otra vez.'],
    lead: 'En la pantalla «{people}»: si es la misma persona, que no necesita otra entrada.',
  },
  'privacy.unknown': {
    means: 'No se guarda nada con este nombre. Nunca estuvo aquí, se escribe de otra manera o ya se borró.',
    steps: [
      'Compruebe cómo se escribe, también las mayúsculas.',
      'Si debería estar, pregunte al responsable de seguridad.',
    ],
    lead: 'En la pantalla «{audit}»: si hay un asiento sobre un borrado en aquella fecha.',
  },
  'privacy.held': {
    means: 'Una retención legal prohíbe borrar estos registros mientras esté en vigor.',
    steps: ['Deje los registros como están.', 'Pregunte al responsable de seguridad si la retención puede terminar.'],
    lead: 'En la pantalla «{audit}»: la lista de retenciones legales, quién puso esta y por qué. La terminan dos personas.',
  },
  'privacy.no-hold': {
    means: 'No hay ninguna retención legal en vigor con este número: ya terminó, o el número está mal.',
    steps: ['Busque el número en la lista de retenciones legales.', 'Repita con el número correcto.'],
    lead: 'En la pantalla «{audit}»: la lista de retenciones legales, también las terminadas.',
  },
  'privacy.waits': {
    means:
      'Aún esperan envíos de esta unidad. Si se borrara ahora, no se podrían enviar nunca y la nube conservaría una entrada que aquí nadie conoce.',
    steps: [
      'Espere hasta que todo esté enviado.',
      'Deje que el responsable de línea decida sobre las filas que esperan a una persona.',
      'Después borre.',
    ],
    lead: 'En la pantalla «{cloud}»: lo pendiente y las filas que esperan a una persona; envíelas otra vez o descártelas.',
  },
  'privacy.working': {
    means: 'La persona tiene una ejecución en marcha, de la que ya no se sabría de quién es.',
    steps: ['Espere el resultado del puesto.', 'Después borre.'],
    lead: 'En la pantalla «{lanes}»: qué puesto sigue trabajando.',
  },
  'privacy.only-one': {
    means: 'Sin esta persona nadie podría hacer ya el trabajo de este rol, ni siquiera añadir a alguien.',
    steps: ['Añada primero a otra persona con este rol, que inicie sesión una vez.', 'Después borre a esta.'],
    lead: 'En la pantalla «{people}»: quién tiene el rol y puede iniciar sesión.',
  },
  'privacy.still-read': {
    means:
      'Los datos están borrados, pero no se pueden sobrescribir páginas antiguas de la base de datos mientras otro programa la lee. La estación lo intenta de nuevo sola.',
    steps: [
      'Termine lo que lee la base de datos: una comprobación, una copia de seguridad o una verificación.',
      'No hay que hacer nada más: la estación lo intenta cada hora y al arrancar.',
    ],
    lead: 'En la pantalla «{audit}»: si aún hay una verificación en marcha. El asiento sobre el borrado se queda como está.',
  },
  'person.locked': {
    means:
      'Se teclearon demasiados PIN erróneos para este nombre. Queda bloqueado hasta que lo desbloquee una persona, para que nadie pruebe un PIN tras otro.',
    steps: [
      'No lo intente otra vez: sigue bloqueado, también con el PIN correcto.',
      'Llame al responsable de línea o al responsable de seguridad.',
    ],
    lead: 'En la pantalla «{people}»: desbloquee a la persona o dele otro código de un solo uso. En la pantalla «{audit}»: cuándo se teclearon los PIN erróneos y si la persona estaba.',
  },
  'person.choose-pin': {
    means: 'Un código de un solo uso deja entrar una vez a una persona, para que elija un PIN que nadie más conozca.',
    steps: ['Elija un PIN propio y tecléelo dos veces.', 'No se lo diga a nadie, tampoco al responsable de línea.'],
    lead: 'No hay que hacer nada. Nadie puede consultar el PIN; quien lo olvida recibe otro código de un solo uso.',
  },
  'person.code-ended': {
    means: 'Un código de un solo uso vale para un inicio de sesión en siete días. Este ya se usó o es demasiado viejo.',
    steps: ['No lo teclee otra vez.', 'Pida otro al responsable de línea y al responsable de seguridad.'],
    lead: 'En la pantalla «{people}»: dé otro código de un solo uso; lo hacen dos personas. Si la persona no usó el anterior, lo usó otra: mire la pantalla «{audit}».',
  },
  'person.pin-weak': {
    means:
      'El PIN sería fácil de adivinar o es el anterior. Un PIN vale por la aprobación de una persona y tiene que ser solo suyo.',
    steps: [
      'Elija otro PIN de seis o más caracteres.',
      'Que no sea una secuencia, ni un solo carácter repetido, ni su nombre.',
    ],
    lead: 'Las reglas son iguales para todos y ningún ajuste las relaja.',
  },
  'person.nobody': {
    means: 'La lista de la pantalla es más antigua que lo que sabe la estación, o el nombre se escribe de otra manera.',
    steps: ['Vuelva a cargar la lista de personas.', 'Elija allí a la persona.'],
    lead: 'En la pantalla «{people}»: la lista, también con quienes se han ido.',
  },
  'person.left': {
    means: 'Alguien anotó que esta persona se ha ido. Ya no se puede hacer nada en su nombre.',
    steps: ['Compruebe que eligió a la persona correcta.', 'Si ha vuelto, haga que la añadan de nuevo.'],
    lead: 'En la pantalla «{people}»: añada a la persona de nuevo, con un código de un solo uso. Lo hacen dos personas.',
  },
  'person.last': {
    means: 'Sin esta persona nadie podría hacer el trabajo de este rol, ni siquiera añadir a alguien.',
    steps: ['Añada primero a otra persona con este rol.', 'Haga que inicie sesión una vez.', say.redo],
    lead: 'En la pantalla «{people}»: quién tiene el rol y puede iniciar sesión.',
  },
  'person.badge-taken': {
    means: 'Una tarjeta nombra a una sola persona. Esta ya nombra a otra.',
    steps: ['Escanee otra tarjeta.', 'Si es la correcta, haga que se la quiten antes a la otra persona.'],
    lead: 'En la pantalla «{people}»: de quién es la tarjeta. Una tarjeta que pasó a otro sigue nombrando a quien la tenía.',
  },
  'person.others-agree': {
    means:
      'Esta vía es para cuando no queda nadie más. Mientras dos personas puedan aprobarlo, lo hacen ellas, y no una sola con el PIN del HSM.',
    steps: ['Llame a dos personas que puedan aprobarlo.', 'Lo hacen en la estación, cada una con su propio PIN.'],
    lead: 'En la pantalla «{people}»: quién puede aprobarlo. El mensaje da la línea de comandos.',
  },
};
