import type { airGap as english } from '../en/air-gap.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Bundles and receipts, which are carried over an air gap. */
export const airGap: Like<typeof english> = {
  'bundle.no-applier': {
    means: 'Un paquete va cifrado para un aplicador, el equipo que lo envía. A esta estación no se le dijo cuál es.',
    steps: ['No haga todavía ningún paquete.', say.officer],
    lead: 'Dos personas fijan el aplicador con su archivo y, de otra fuente, su huella.',
  },
  'bundle.fingerprint': {
    means:
      'El archivo con las claves del aplicador no es aquel del que se leyó la huella. Quien lo cambie recibiría las claves de todas las unidades.',
    steps: ['Compruebe lo tecleado.', 'Si estaba bien, consiga el archivo otra vez, por otra vía.', say.officer],
    lead: 'Haga leer la huella en la pantalla del propio aplicador, por teléfono, a una persona que conozca.',
  },
  'bundle.nothing': {
    means: 'Todo está enviado o ya va en camino en un paquete; no hay nada que llevar.',
    steps: ['No haga ningún paquete: no hay nada que poner en él.', 'Siga trabajando.'],
    lead: 'En la pantalla «{cloud}»: lo pendiente y los paquetes que siguen abiertos.',
  },
  'bundle.busy': {
    means: 'Se está haciendo un paquete. Otro a la vez llevaría las mismas filas.',
    steps: ['Espere hasta que acabe.', 'Después haga el siguiente.'],
    lead: 'En la pantalla «{cloud}»: la lista de paquetes.',
  },
  'bundle.unknown': {
    means: 'No hay ningún paquete abierto con este número: sus recibos se aceptaron, caducó, o el número está mal.',
    steps: ['Busque el número en la lista de paquetes.', 'Repita con el número correcto.'],
    lead: 'En la pantalla «{cloud}»: los paquetes y sus estados.',
  },
  'bundle.forged': {
    means: 'La firma no es válida: el archivo se cambió por el camino o viene de otra persona. No se hizo nada con él.',
    steps: [
      'Copie el archivo otra vez de donde se hizo.',
      'Si dice lo mismo, guarde el medio y llame al responsable de seguridad.',
    ],
    lead: 'Quién llevó el medio, y si estuvo entretanto en otro sitio. Compare el hash del archivo en los dos lados.',
  },
  'bundle.foreign': {
    means: 'El archivo está en orden, pero es para otro.',
    steps: ['Mire si se confundieron los archivos.', 'Llévelo a quien nombra el mensaje.'],
    lead: 'Qué aplicador está fijado en la estación.',
  },
  'bundle.unknown-station': {
    means: 'El aplicador no conoce la estación que hizo este paquete y no acepta nada de desconocidos.',
    steps: ['Deje el paquete donde está.', say.officer],
    lead: 'Consiga el archivo público de la estación y, por otra vía, su huella; después confíe en ella en el aplicador.',
  },
  'bundle.trusted-otherwise': {
    means: 'El aplicador conoce esta estación con otra clave. La clave de una estación nunca cambia por sí sola.',
    steps: ['Deje el paquete donde está.', say.officer],
    lead: 'Si la estación se configuró de nuevo. Si nadie sabe por qué, tómelo por un ataque.',
  },
  'bundle.expired': {
    means:
      'El paquete estuvo parado demasiado tiempo. Su contenido puede ser antiguo; no se envía nada de él. Sus filas vuelven a la cola de la estación.',
    steps: ['Haga un paquete nuevo en la estación.', 'Llévelo pronto.'],
    lead: 'En la pantalla «{cloud}»: cuándo caducó. Quien hace un paquete dice cuántos días vale, 90 como máximo.',
  },
  'bundle.replayed': {
    means: 'Ya se aceptó un paquete más nuevo de esta estación; este desharía lo que vino después.',
    steps: ['Guarde el paquete aparte.', 'Lleve el más nuevo.'],
    lead: 'Si anda por ahí un medio antiguo, o alguien envió a propósito un paquete antiguo.',
  },
  'bundle.gap': {
    means: 'Entre este paquete y el último falta uno. Lo que lleva no llegaría nunca.',
    steps: ['Busque el paquete que falta y llévelo primero.', 'Si se perdió, llame al responsable de línea.'],
    lead: 'En la pantalla «{cloud}» de la estación: mientras está abierto, su archivo se puede escribir otra vez. Si se perdió del todo, el aplicador puede aceptar el hueco; las filas se envían más tarde.',
  },
  'bundle.older-head': {
    means:
      'El registro de auditoría de la estación es más corto que antes, u otro: trabaja una copia antigua de la estación, y sus números de serie se usarían dos veces.',
    steps: ['Detenga la estación.', say.officer],
    lead: 'En la pantalla «{audit}» de la estación: la cabecera más nueva. Busque la base de datos correcta.',
  },
  'bundle.no-applier-folder': {
    means: 'En la carpeta que se nombró no hay ningún aplicador.',
    steps: [say.folder, 'Si nunca hubo uno, créelo.'],
    lead: 'La línea de comandos dice cómo: birthmark applier --help.',
  },
  'receipts.unknown': {
    means: 'Los recibos no corresponden a ningún paquete que haya hecho esta estación.',
    steps: ['Mire si son de otra estación.', 'Lleve el archivo correcto.'],
    lead: 'En la pantalla «{cloud}»: los paquetes abiertos.',
  },
  'receipts.stale': {
    means: 'Ya se aceptaron recibos más nuevos del mismo paquete. Los antiguos harían retroceder la lista.',
    steps: ['Guarde el archivo aparte.', 'Lleve los recibos más nuevos.'],
    lead: 'El mensaje dice qué número se aceptó el último. En la pantalla «{cloud}»: si el paquete está hecho.',
  },
  'receipts.partial': {
    means: 'Los recibos no hablan de todas las filas del paquete. Falta una parte del archivo.',
    steps: ['Copie el archivo otra vez del aplicador.', say.leadIf],
    lead: 'Haga que el aplicador escriba otra vez los recibos de este paquete.',
  },
};
