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
  scanners: 'Escáneres',
  scannersAbout:
    'Un escáner que escribe como un teclado no necesita puerto: enchúfelo. Si envía algo antes de cada código, este se reconoce como escaneo esté donde esté el cursor.',
  prefix: 'Lo que los escáneres de teclado envían antes de cada código (opcional)',
  prefixMeans: 'Hasta 8 caracteres, por ejemplo ~. Ajuste lo mismo en el escáner: véase la ayuda.',
  prefixWrong: 'Hasta 8 letras, cifras o signos, sin espacios.',
  checksum: 'Carácter de control de los números de serie',
  checksumMeans: 'Un número de serie con un carácter de control erróneo se rechaza como mal leído.',
  checksums: {
    none: 'ninguno',
    mod10: 'GS1 módulo 10',
    'mod37-36': 'ISO/IEC 7064, MOD 37,36',
  },
  noScanner: 'No hay ningún escáner en un puerto serie.',
  scanner: 'Escáner {scanner}',
  port: 'Puerto del escáner {scanner}',
  baud: 'Velocidad del escáner {scanner}, baudios',
  before: 'Antes de cada código, escáner {scanner} (opcional)',
  beforeMeans: '\\x02 representa STX.',
  ending: 'Después de cada código, escáner {scanner}',
  endings: {
    line: 'fin de línea (CR, LF)',
    tab: 'tabulador',
    etx: 'ETX',
  },
  findFor: 'Buscar enchufando, escáner {scanner}',
  remove: 'Quitar el escáner {scanner}',
  add: 'Añadir un escáner',
  wrongScanners: {
    noPort: 'Cada escáner necesita un puerto.',
    samePort: 'Dos tienen el mismo puerto. Cada puesto y cada escáner necesita el suyo.',
    baud: 'Una velocidad es un número entero de 9600 a 3000000.',
    prefix: 'Antes de un código van hasta 8 caracteres, sin fin de línea, tabulador ni ETX.',
  },
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
