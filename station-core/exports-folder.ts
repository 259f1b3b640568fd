import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExportFolder, syncFolder } from './audit/export/folder.ts';
import { StationError } from './contract/errors.ts';

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

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.name = name;
    this.path = join(folder, `${halfMade}${name}`);
    this.final = join(folder, name);
  }

  /** `madeAt`: ISO 8601; it is part of the name, without colons, which Windows takes in no name. Throws `audit.not-written`. */
  static async take(folder: string, { madeAt, kind }: { madeAt: string; kind: string }): Promise<ExportPlace> {
    const named = `${madeAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${kind}`;
    return writing(folder, async () => {
      mkdirSync(folder, { recursive: true });
      return new ExportPlace(folder, takeName(folder, named));
    });
  }

  /** Adds a small file, durable. */
  async add(name: string, content: string): Promise<void> {
    await writing(this.path, async () => {
      const folder = new ExportFolder(this.path);
      folder.write(name, content);
      await folder.sync();
    });
  }

  /** Gives the export its name; durable when this answers. */
  async publish(): Promise<void> {
    await writing(this.#folder, async () => {
      renameSync(this.path, this.final);
      syncFolder(this.#folder);
    });
  }

  /** Nothing of it stays. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** What the disk refuses, as `audit.not-written`. */
async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new StationError('audit.not-written', { folder, reason }, { cause });
  }
}

/** At a start: what a crash left half made. */
export function removeHalfMade(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(halfMade)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A name that no export has, nor one that is being made, which the temporary folder keeps from now on. */
function takeName(folder: string, named: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? named : `${named}-${n}`;
    if (!existsSync(join(folder, name)) && made(join(folder, `${halfMade}${name}`))) return name;
  }
}

function made(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}
