import type { backup as english } from '../en/backup.ts';
import type { Told } from '../messages.ts';

export const backup: Told<typeof english> = {
  title: 'Copia de seguridad',
  new: 'Una nueva copia',
  make: 'Crear una copia',
  about:
    'La estación se copia mientras funciona y la copia se comprueba. Contiene nombres y secretos sellados: guárdela como la propia estación. Las claves están en el HSM, que tiene su propia copia.',
  made: '{name} está creada y comprobada, {at}.',
  stages: {
    copying: 'Copiando',
    reading: 'Releyendo',
    checking: 'Comprobando los registros',
    verifying: 'Verificando el registro de auditoría',
  },
  list: 'Copias de seguridad',
  folder: 'Están en {folder}. Cópielas también a otro lugar.',
  ownFolder: 'Están en la carpeta «backups» de la estación. Cópielas también a otro lugar.',
  none: 'Aún no hay ninguna copia.',
  name: 'Carpeta',
  madeAt: 'Creada',
  size: 'Tamaño',
  mb: '{mb} MB',
  entries: 'Entradas',
  expires: 'Restaurable hasta',
  unread: 'Estas carpetas no son copias completas: {names}',
  restore: 'Restaurar una copia',
  restoreMeans: 'Detenga primero la estación. Después, en la línea de órdenes de este ordenador:',
  restoreAfter:
    'La estación que había se guarda aparte. En su próximo inicio, la restaurada se compara con sus anclas externas; si una es más nueva, dos personas concilian.',
};
