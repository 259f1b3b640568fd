import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportOrder, WrittenExport } from '../../station-core/audit/export/write.ts';
import { writeExport } from '../../station-core/audit/export/write.ts';
import type { ExportFilter, ExportKind, ExportProblem } from '../../station-core/contract/audit.ts';
import { wrongDisclosures } from '../../station-core/store/disclosure.ts';
import { openStore } from '../../station-core/store/open.ts';
import { expectedSchema, schemaHash } from '../../station-core/store/schema.ts';

export type Manifest = {
  readonly kind: string;
  readonly complete: boolean;
  readonly entries: number;
  readonly size: number;
  readonly sealed: number;
  readonly heads: number;
  readonly filter: ExportFilter;
  readonly problems: readonly ExportProblem[];
  readonly schema: { readonly expected: string; readonly found: string };
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
};

export type Seal = {
  readonly entry: string;
  readonly index: number;
  readonly inclusion: readonly string[];
  readonly consistency: readonly string[];
  readonly note: string;
};

/** An export's folder, as a reader finds it. */
export class Exported {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  text(name: string): string {
    return this.bytes(name).toString('utf8');
  }

  /** The lines of a file of JSON lines, parsed. */
  lines<T>(name: string): T[] {
    return this.text(name)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as T);
  }

  get manifest(): Manifest {
    return JSON.parse(this.text('manifest.json')) as Manifest;
  }

  get seal(): Seal {
    return JSON.parse(this.text('seal.json')) as Seal;
  }

  get names(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort();
  }

  /** Names of files that are not what the manifest says, or that only one of the two has. */
  wrong(): string[] {
    const { files } = this.manifest;
    const listed = new Set([...Object.keys(files), 'manifest.json', 'seal.json']);
    const unlisted = this.names.filter((name) => !listed.has(name));
    const changed = Object.entries(files).filter(([name, { bytes, sha256 }]) => {
      const found = this.bytes(name);
      return found.length !== bytes || hash('sha256', found, 'hex') !== sha256;
    });
    return [...unlisted, ...changed.map(([name]) => name)];
  }
}

/** Writes an export of a station's folder in this thread, by a connection of its own, as the thread of the product does. */
export async function written(
  folder: string,
  out: string,
  kind: ExportKind,
  asked: Partial<ExportOrder> = {},
): Promise<{ readonly facts: WrittenExport; readonly exported: Exported }> {
  const db = openStore(folder, 'reader');
  try {
    const order = { kind, filter: {}, named: false, madeAt: '2026-01-02T04:00:00.000Z', problems: [], ...asked };
    const schema = { expected: expectedSchema(), found: schemaHash(db) };
    const facts = await writeExport({
      db,
      out,
      order,
      schema,
      wrongDisclosures: wrongDisclosures(db),
      software: '0.1.0',
      progress: () => undefined,
    });
    return { facts, exported: new Exported(out) };
  } finally {
    db.close();
  }
}
