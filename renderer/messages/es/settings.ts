import type { settings as english } from '../en/settings.ts';
import type { Told } from '../messages.ts';

export const settings: Told<typeof english> = {
  title: 'Ajustes',
  inForce: 'Ajustes vigentes',
  current: 'los que se muestran abajo',
  waiting: 'otros: los de abajo rigen cuando la estación se reinicie',
  restart: 'Reiniciar la estación',
  restartNow: 'Reiniciar ahora',
  restartMeans:
    'Los puestos se cierran unos segundos. Después, el HSM y la conexión a la nube pueden volver a pedir sus secretos.',
  byCommand: 'Esta estación se inició con una orden: deténgala allí e iníciela de nuevo.',
  others: 'Lugar, nube y copias de seguridad',
  idle: 'Minutos hasta cerrar la sesión',
  idleMeans: 'Si nadie usa una pantalla durante ese tiempo, se cierra la sesión. Los puestos siguen.',
  idleWrong: 'Un número entero de 1 a 480.',
  backupFolder: 'Carpeta para copias de seguridad (opcional)',
  backupFolderMeans:
    'Una ruta completa en otro disco o recurso compartido. Si se deja vacía, quedan en la carpeta de la propia estación.',
  save: 'Guardar',
  saveMeans: 'Una segunda persona debe estar de acuerdo. Los ajustes rigen cuando la estación se reinicie.',
};
