import { folderPrinter } from './folder.ts';
import { serialPrinter } from './serial.ts';
import { tcpPrinter } from './tcp.ts';

/** Every kind of printer, with what it needs. */
export const printers = { tcp: tcpPrinter, serial: serialPrinter, folder: folderPrinter } as const;
