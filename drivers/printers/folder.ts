import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Printer } from './printer.ts';
import { printerTrouble } from './trouble.ts';

export type FolderPrinterPlace = {
  readonly name: string;
  /** There already: a share that is not mounted must not become a folder of this machine. */
  readonly path: string;
  readonly format: 'zpl' | 'pdf';
  readonly dpmm: number;
};

/** Labels as files, whole or absent, for a program that prints or keeps them; the same label again is the same file. */
export function folderPrinter({ name, path, format, dpmm }: FolderPrinterPlace): Printer {
  return {
    format,
    dpmm,
    async print({ name: label, bytes }, signal) {
      signal.throwIfAborted();
      const file = join(path, `${label}.${format}`);
      const part = `${file}.part`;
      try {
        const written = await open(part, 'w');
        try {
          await written.writeFile(bytes);
          await written.sync();
        } finally {
          await written.close();
        }
        await rename(part, file);
      } catch (thrown) {
        await rm(part, { force: true }).catch(() => undefined); // what went wrong before says more
        throw printerTrouble(name, thrown);
      }
    },
  };
}
