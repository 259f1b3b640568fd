import type { programmers as english } from '../en/programmers.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** External programmers, which write a unit's firmware first. */
export const programmers: Like<typeof english> = {
  'unit.not-programmed': {
    means:
      'No se pudo escribir el firmware en la unidad: el programador acabó con un código de salida que la receta atribuye a la unidad. Lo último que dijo está en el mensaje.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Lo que escribió el programador: con el número de la ejecución, en la línea de comandos de la estación. Si les pasa a todas, mire los contactos del útil y qué códigos de salida nombra la receta.',
  },
  'programmer.unknown': {
    means:
      'La receta nombra un programa que escribe el firmware de la unidad, y esta estación no tiene ninguno con ese nombre.',
    steps: [say.stop, say.lead],
    lead: 'Qué programador nombra la receta, en la pantalla «{recipes}», y cuáles tiene la configuración de esta estación. Los nombres deben coincidir.',
  },
  'programmer.changed': {
    means:
      'El archivo del programador no es aquel en el que la estación debe confiar. Alguien lo actualizó o lo sustituyó. No se inició.',
    steps: [say.stop, say.both],
    lead: 'Quién cambió el programa y si su versión nueva se ha probado. Solo entonces se fija en la configuración el hash del archivo nuevo.',
  },
  'programmer.not-started': {
    means: 'El sistema operativo no pudo iniciar el programador. No se tocó la unidad.',
    steps: ['Deje la unidad donde está.', say.lead],
    lead: 'El motivo en el mensaje: si el programa está instalado en este equipo y si la cuenta de la estación puede ejecutarlo.',
  },
  'programmer.broke': {
    means:
      'El programador acabó sin haber programado la unidad, y nada dice que la culpa sea de la unidad. Lo último que dijo está en el mensaje.',
    steps: ['Compruebe los conectores del programador y su corriente.', say.again, say.leadIf],
    lead: 'Lo que escribió el programador: con el número de la ejecución, en la línea de comandos de la estación. Los códigos de salida que significan una unidad mala van en la receta.',
  },
  'programmer.late': {
    means:
      'El programador no había acabado al vencer su plazo; la estación lo terminó, con todo lo que había iniciado. La unidad puede tener medio firmware.',
    steps: ['Compruebe los conectores del programador y su corriente.', say.again, say.leadIf],
    lead: 'Lo último que escribió el programador y cuánto tardan las unidades buenas: el plazo de la receta puede ser corto.',
  },
};
