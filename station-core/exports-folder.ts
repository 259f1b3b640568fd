import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './audit/export/folder.ts';

// Where a station's exports lie: DIR/exports, a folder for each. One that is being made has a name that no export ever has.

/** The folder for exports in a station's folder. */
export const exportsIn = (station: string): string => join(station, 'exports');

const halfMade = '.part-';

/** An export on its way: written under a temporary name, and under its own once it is whole. */
export class ExportPlace {
  readonly name: string;
  /** Where it is written, and where it is once it is whole. */
  readonly path: string;
  readonly final: string;
  readonly #folder: string;

  /** `madeAt`: ISO 8601; it is part of the name, without colons, which Windows takes in no name. */
  constructor(folder: string, { madeAt, kind }: { readonly madeAt: string; readonly kind: string }) {
    mkdirSync(folder, { recursive: true });
    const named = `${madeAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${kind}`;
    this.#folder = folder;
    this.name = freeName(folder, named);
    this.path = join(folder, `${halfMade}${this.name}`);
    this.final = join(folder, this.name);
  }

  /** Adds a small file, durable. */
  add(name: string, content: string): void {
    const descriptor = openSync(join(this.path, name), 'wx', 0o644);
    try {
      writeSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFolder(this.path);
  }

  /** Gives the export its name; durable when this answers. */
  publish(): void {
    renameSync(this.path, this.final);
    syncFolder(this.#folder);
  }

  /** Nothing of it stays. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** At a start: what a crash left half made. */
export function removeHalfMade(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(halfMade)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function freeName(folder: string, named: string): string {
  const isTaken = (name: string) => existsSync(join(folder, name)) || existsSync(join(folder, `${halfMade}${name}`));
  let name = named;
  for (let n = 2; isTaken(name); n++) name = `${named}-${n}`;
  return name;
}
