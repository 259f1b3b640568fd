import { openSerial } from '../serial.ts';
import { printOver } from './over-link.ts';
import type { Printer } from './printer.ts';
import { printerTrouble } from './trouble.ts';

export type SerialPrinterPlace = {
  readonly name: string;
  /** By its place, as those of lanes. */
  readonly path: string;
  readonly baud: number;
  readonly dpmm: number;
  readonly status: boolean;
};

/** A ZPL printer at a serial port, opened for every label. */
export function serialPrinter({ name, path, baud, dpmm, status }: SerialPrinterPlace): Printer {
  return {
    format: 'zpl',
    dpmm,
    async print({ bytes }, signal) {
      try {
        const link = await openSerial({ path, baud, signal });
        try {
          await printOver(link, { printer: name, zpl: bytes, status }, signal);
        } finally {
          await link.close();
        }
      } catch (thrown) {
        throw signal.aborted ? signal.reason : printerTrouble(name, thrown);
      }
    },
  };
}
