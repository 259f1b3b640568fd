import type { station as english } from '../en/station.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The station itself: its records, its audit trail, its backups. */
export const station: Like<typeof english> = {
  'station.held': {
    means:
      'Otro proceso trabaja con esta carpeta. Dos podrían dar una identidad dos veces; por eso el segundo no arranca.',
    steps: [
      'Mire si la estación está abierta en otra ventana y use esa.',
      'Si no hay ninguna, llame al responsable de línea.',
    ],
    lead: 'El mensaje dice qué proceso la tiene. Termine ese proceso, sin apagar el equipo.',
  },
  'station.no-folder': {
    means: 'En esta carpeta no hay ninguna estación, o sus pantallas no están construidas.',
    steps: [say.folder, 'Si es un equipo nuevo, configure la estación.'],
    lead: 'Si desde el último arranque falta un disco o un recurso de red.',
  },
  'station.config': {
    means:
      'La configuración tiene algo que no está permitido. El mensaje dice dónde, qué se esperaba y qué se encontró.',
    steps: ['Anote el lugar que nombra el mensaje.', say.lead],
    lead: 'Ese lugar en station.json. Lo que se puede cambiar en la pantalla «{settings}» se comprueba antes de escribirlo.',
  },
  'station.mode': {
    means:
      'Práctica y producción están separadas: nunca unidades simuladas ni claves de práctica en producción, y nunca ceremonias reales en práctica.',
    steps: ['Mire qué modo muestra la pantalla arriba.', say.lead],
    lead: 'El modo se elige una sola vez, en la configuración. Para el otro se configura otra estación.',
  },
  'station.stopping': {
    means: 'Se pidió a la estación que se detuviera mientras esto estaba en marcha. Nada hecho a medias cuenta.',
    steps: ['Espere hasta que la estación vuelva a funcionar.', say.again],
    lead: 'Quién la detuvo y por qué. Antes de detenerla, vea en la pantalla «{lanes}» que no hay ningún puesto en marcha.',
  },
  'store.failed': {
    means:
      'El disco no aceptó un registro. Sin él nada sale de la estación; la unidad no recibió nada y no se da por buena.',
    steps: [
      'Deje la unidad en su útil.',
      'Llame al responsable de línea, que libera espacio en el disco.',
      'Después vuelva a escanear la unidad.',
    ],
    lead: 'Cuánto espacio tiene el disco y si es de solo lectura. SQLITE_FULL es un disco lleno; SQLITE_IOERR, uno averiado.',
  },
  'store.damaged': {
    means: 'Un registro o un archivo de la estación no es lo que se escribió.',
    steps: ['Deje de trabajar con esta estación.', say.both],
    lead: 'birthmark fsck dice qué está bien y qué no. Después, la copia de seguridad más nueva.',
  },
  'audit.too-long': {
    means:
      'Un asiento del registro de auditoría sería más largo de lo permitido. No se hizo nada, porque nada se hace sin asiento. Es un fallo de este programa.',
    steps: ['No lo intente otra vez.', say.lead],
    lead: 'Comuníquelo con el código. A menudo ayuda hacer lo mismo con menos unidades a la vez.',
  },
  'audit.damaged': {
    means:
      'El registro de auditoría no cuadra con sus propias sumas de comprobación: un asiento se cambió, se quitó o se perdió. Se ha detenido todo lo que hace o firma.',
    steps: ['No reinicie ni arregle nada.', 'Llame al responsable de seguridad y a un auditor.'],
    lead: 'En la pantalla «{audit}»: el lugar. Exporte lo que hay y compárelo con la última exportación y con los códigos del libro de turnos.',
  },
  'audit.older': {
    means:
      'Fuera de la estación se conoce un estado suyo más nuevo que el que ella tiene. Se repuso una copia antigua de su base de datos; seguir daría números dos veces.',
    steps: [say.leave, say.both],
    lead: 'En la pantalla «{audit}»: los anclajes. Reponga la base de datos más nueva. Si se perdió, concilian un responsable de seguridad y un responsable de línea.',
  },
  'audit.forked': {
    means: 'Lo que se ancló fuera no es lo que dice esta base de datos: hay dos historias de una misma estación.',
    steps: [say.leave, 'Llame al responsable de seguridad y a un auditor.'],
    lead: 'En la pantalla «{audit}»: los anclajes y cuáles difieren. Busque una segunda copia de la estación que haya trabajado entretanto.',
  },
  'audit.not-stopped': {
    means:
      'Lo que quiere conciliar no es el motivo por el que está detenido el registro de auditoría, o este no está detenido.',
    steps: ['Mire los anclajes otra vez.', say.look],
    lead: 'En la pantalla «{audit}»: la cabecera que lo detuvo, su tamaño y su raíz.',
  },
  'audit.unsigned': {
    means:
      'El HSM no firmó el estado más nuevo del registro de auditoría; todo lo que se saca de él necesita esa firma.',
    steps: ['Compruebe que el HSM está listo.', 'Repita.', say.officerIf],
    lead: 'En la pantalla «{hsm}»: el HSM. En la pantalla «{audit}»: si el registro está detenido.',
  },
  'audit.not-written': {
    means: 'El disco no aceptó la exportación. El propio registro de auditoría está como estaba.',
    steps: ['Libere espacio o elija otra carpeta.', 'Exporte otra vez.'],
    lead: 'Si la estación puede escribir en esta carpeta.',
  },
  'backup.exists': {
    means: 'Ya hay algo con este nombre. Una copia de seguridad nunca sobrescribe nada.',
    steps: ['Elija un nombre nuevo.', 'Haga la copia otra vez.'],
    lead: 'En la pantalla «{backup}»: las copias de seguridad que hay.',
  },
  'backup.failed': {
    means: 'La copia de seguridad no se pudo escribir hasta el final. Lo empezado se quitó; la propia estación sigue.',
    steps: ['Compruebe que el medio está conectado y tiene espacio.', 'Haga la copia otra vez.'],
    lead: 'En la pantalla «{backup}»: de cuándo es la última copia buena.',
  },
  'backup.damaged': {
    means: 'Un archivo de la copia de seguridad no es lo que era cuando se hizo.',
    steps: ['No la reponga.', 'Tome otra copia de seguridad.', say.lead],
    lead: 'Si el medio está gastado. Si no es válida una copia recién hecha, ejecute birthmark fsck en la estación.',
  },
  'backup.expired': {
    means:
      'Registros que hubo que borrar desde entonces siguen en esta copia de seguridad; reponerla los traería de vuelta.',
    steps: [
      'Tome una copia más nueva.',
      'Si no hay ninguna, llame al responsable de línea y al responsable de seguridad.',
    ],
    lead: 'Si tiene que ser esta, repóngala con --expired. La estación borra otra vez los mismos registros al arrancar, si su lista de borrados sigue en la carpeta.',
  },
  'backup.not-empty': {
    means: 'En la carpeta donde se va a reponer la estación ya hay algo.',
    steps: [
      'Elija una carpeta nueva y vacía.',
      'Si se va a sustituir la estación antigua, llame al responsable de línea.',
    ],
    lead: 'Con --replace la carpeta antigua se conserva con otro nombre; bórrela solo cuando la estación repuesta funcione.',
  },
  'rpc.closed': {
    means:
      'La pantalla perdió su conexión con la estación. Los puestos siguen en la estación; la pantalla vuelve sola y muestra lo que ocurrió.',
    steps: [
      'Espere unos segundos. Deje las unidades en sus útiles.',
      'Si no vuelve en un minuto, cargue otra vez la página (Ctrl+R).',
      'Si eso no ayuda, llame al responsable de línea.',
    ],
    lead: 'Si el proceso de la estación sigue en marcha en este equipo.',
  },
  'rpc.deadline': {
    means: 'La estación no respondió a tiempo. Está sobrecargada, o algo la retiene.',
    steps: ['Espere un momento y repita.', say.leadIf],
    lead: 'Qué más está en marcha en este equipo, y si su disco es lento o está lleno.',
  },
  internal: {
    means:
      'Ocurrió algo que el programa no prevé. Los detalles están en el diario con el número del incidente; la pantalla no muestra ninguno, porque podrían contener un secreto.',
    steps: ['Anote el número del incidente y la hora.', say.again, say.lead],
    lead: 'El diario de la estación, por ese número. Envíelo a quien mantiene este programa.',
  },
  'setup.first': {
    means: 'Esta estación aún no tiene nombre, HSM ni personas. Hasta que se configure no puede hacer nada más.',
    steps: [
      'Termine la configuración en esta pantalla.',
      'Si la estación ya se configuró antes, llame al responsable de línea: puede faltar su carpeta.',
    ],
    lead: 'Si aquí ya se configuró una estación: vea si está su disco antes de que se haga una segunda.',
  },
  'setup.done': {
    means: 'Alguien terminó la configuración entretanto. Una estación se configura una sola vez.',
    steps: ['Vuelva a cargar la página (Ctrl+R).', 'Inicie sesión.'],
    lead: 'En la pantalla «{settings}»: lo que se puede cambiar más tarde. Para otro modo se configura otra estación.',
  },
  'setup.busy': {
    means:
      'Se está creando la estación: su carpeta, sus claves y sus primeras personas. Otro intento a la vez estorbaría al primero.',
    steps: [
      'Espere hasta que la pantalla diga que ha terminado.',
      'Si en cinco minutos no avanza nada, vuelva a cargar la página (Ctrl+R).',
    ],
    lead: 'Si el HSM responde; crear sus claves es lo que más tarda. Una configuración que se corta no deja media estación.',
  },
  'setup.no-pin': {
    means:
      'La estación necesita el PIN del token para crear en él sus claves, y no tiene ninguno para el token elegido.',
    steps: ['Elija el token otra vez.', 'Teclee su PIN.', 'Si no lo tiene, llame al responsable de seguridad.'],
    lead: 'Qué token está elegido, por su número de serie. El PIN se guarda hasta que acaba la configuración y no se escribe en ningún sitio.',
  },
  'settings.units': {
    means: 'Reiniciar ahora la estación cortaría la unidad de este puesto.',
    steps: ['Espere el resultado del puesto.', 'No escanee más unidades.', 'Después reinicie la estación.'],
    lead: 'En la pantalla «{lanes}»: qué puestos siguen trabajando.',
  },
  'settings.same-port': {
    means:
      'Una toma puede tener varios nombres en este ordenador. Dos puestos en un mismo puerto escribirían en las unidades del otro; por eso no se guardó nada.',
    steps: [
      'Busque enchufando el puerto de cada uno: en la pantalla «{settings}» hay un botón para ello.',
      'Guarde de nuevo.',
    ],
    lead: 'Si dos puestos, o un puesto y un escáner, estaban pensados para una misma toma: cada uno necesita la suya.',
  },
  'settings.no-restart': {
    means:
      'Esta estación se inició con un comando, y solo quien lo hizo puede reiniciarla. Los ajustes están guardados.',
    steps: ['Siga trabajando: hasta entonces valen los ajustes anteriores.', say.lead],
    lead: 'Termine el comando donde se ejecuta cuando no trabaje ningún puesto, e inícielo de nuevo: birthmark serve.',
  },
  'settings.failed': {
    means: 'El disco no aceptó los ajustes nuevos. Los anteriores siguen en vigor, enteros.',
    steps: [
      'Anote el motivo del mensaje.',
      'Llame al responsable de línea, que libera espacio en el disco.',
      'Después guarde los ajustes de nuevo.',
    ],
    lead: 'Cuánto espacio tiene el disco, y si la estación puede escribir en su propia carpeta.',
  },
  'backup.busy': {
    means: 'Se está haciendo una copia de seguridad. Otra a la vez solo frenaría a las dos.',
    steps: ['Espere hasta que acabe.', 'Haga otra después, si aún hace falta.'],
    lead: 'En la pantalla «{backup}»: las copias de seguridad y cuánto lleva esta.',
  },
  'audit.no-entry': {
    means: 'Los asientos del registro de auditoría se numeran sin huecos, y aún no hay ninguno con este número.',
    steps: ['Compare el número con su origen.', 'Busque en su lugar por unidad, persona u hora.'],
    lead: 'En la pantalla «{audit}»: cuántos asientos hay. Si una exportación anterior tiene este asiento y la estación no, compare las cabeceras: puede trabajar una copia antigua.',
  },
  'station.altered': {
    means:
      'Un archivo del programa no es el que se entregó. Puede estar dañado o cambiado a propósito; por eso la estación no arranca con él.',
    steps: [
      'No haga más unidades con este equipo.',
      'Llame al responsable de línea y al responsable de seguridad y dígales el nombre del archivo.',
    ],
    lead: 'Deje el equipo como está hasta que se sepa quién cambió el archivo. Después instale el programa de nuevo desde su origen; la carpeta de la estación se queda.',
  },
};
