import { openSerial } from '../serial.ts';
import { type LinkPrinterPlace, linkPrinter } from './over-link.ts';
import type { Printer } from './printer.ts';

export type SerialPrinterPlace = LinkPrinterPlace & {
  /** By its place, as those of lanes. */
  readonly path: string;
  readonly baud: number;
};

/** A ZPL printer at a serial port. */
export function serialPrinter({ path, baud, ...place }: SerialPrinterPlace): Printer {
  return linkPrinter(place, (signal) => openSerial({ path, baud, signal }));
}
