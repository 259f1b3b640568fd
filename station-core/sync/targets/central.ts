import { access, constants } from 'node:fs/promises';
import type { OutboxRow } from '../../store/outbox.ts';
import { type ImportedRow, importFile, keepFile, type Written, writtenFor } from '../central/import.ts';
import type { Fate, Sent, Target } from './target.ts';

export type CentralTargetNeed = {
  /** The folder that the files go to; made when the first one is written. */
  readonly folder: string;
};

/** Small enough to be looked through by a person, and few files for many units. */
const mostRows = 1_000;

/**
 * IoT Central, which takes devices as CSV files from a person (dps-reference 11). A row's receipt is the file that names it, with
 * its SHA-256. A key is in none of them.
 */
export class CentralTarget implements Target {
  readonly name = 'central';
  readonly batch = mostRows;
  readonly abreast = 1;
  readonly #folder: string;

  constructor({ folder }: CentralTargetNeed) {
    this.#folder = folder;
  }

  /** Whether the folder can be written to. */
  async reachable(): Promise<boolean> {
    return access(this.#folder, constants.W_OK).then(
      () => true,
      // Without a folder yet it is made; whether that works shows when it is tried.
      (thrown: NodeJS.ErrnoException) => thrown.code === 'ENOENT',
    );
  }

  /**
   * Writes one file for all rows that stand in none yet. A start that died between a file and its receipts finds the file again: the
   * same rows get the receipt of the same file.
   */
  async send(rows: readonly OutboxRow[], _signal: AbortSignal, { fates }: Sent): Promise<void> {
    for (const row of rows) if (row.action !== 'create') fates.set(row.id, byHand(row));
    const wanted = rows.filter(({ action }) => action === 'create').map(rowOf);
    if (wanted.length === 0) return;
    const written = new Map(await writtenFor(this.#folder, wanted));
    const fresh = wanted.filter(({ id }) => !written.has(id));
    if (fresh.length > 0) {
      const file = await keepFile(this.#folder, importFile(fresh));
      for (const { id } of fresh) written.set(id, file);
    }
    for (const [id, file] of written) fates.set(id, receiptOf(file));
  }
}

const receiptOf = ({ file, sha256 }: Written): Fate => ({ done: JSON.stringify({ answer: 'file', file, sha256 }) });

/** IoT Central's files only add devices: blocking one, and new certificates, are its operators' to do. */
const byHand = ({ action }: OutboxRow): Fate => ({
  park: { code: 'cloud.by-hand', details: { target: 'IoT Central', what: action } },
});

function rowOf({ id, registrationId, body }: OutboxRow): ImportedRow {
  const { deviceName = '' } = body as { readonly deviceName?: string };
  return { id, deviceId: registrationId, deviceName };
}
