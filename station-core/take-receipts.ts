import type { Receipts, RowResult } from './bundle/format.ts';
import { readReceipts, verifyReceipts } from './bundle/receipts.ts';
import { isoTime } from './clock.ts';
import { StationError } from './contract/errors.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { BundleRow, HeldRow } from './store/bundles.ts';
import { noteBacklog } from './store/records.ts';
import type { Fate } from './sync/targets/target.ts';
import { bill, settled } from './uploads.ts';

type Counts = Record<RowResult['result'] | 'skipped', number>;

/**
 * Takes receipts of the applier that a bundle was made for, whole or not at all: signature, bundle, number and every row are checked
 * before anything changes. Then rows get their receipts and their keys are destroyed, in one transaction; the same receipts once more
 * change nothing. Throws `receipts.unknown`, `receipts.stale`, `receipts.partial`, `bundle.forged`, `bundle.foreign`, `input.invalid`, and
 * `audit.older` or `audit.forked` when the applier has seen a head that this log does not hold.
 */
export async function takeReceipts(station: Station, text: string, by: By): Promise<Counts & { sequence: number }> {
  const { records, audit, operators, parts } = station;
  const read = readReceipts(text);
  const { said } = read;
  const bundle = records.bundles.byHash(Buffer.from(said.bundle, 'hex'));
  if (!bundle || said.origin !== station.row.origin || said.sequence !== bundle.sequence) {
    await lookAtStranger(station, read);
    throw new StationError('receipts.unknown');
  }
  const sha256 = await verifyReceipts(read, records.bundles.applier(bundle.applier));
  await compareHead(station, said);
  return records.commits.commit(() => {
    const { sequence } = bundle;
    // Read again inside the transaction: another call may have taken receipts meanwhile.
    const held = checked(station, said, sha256);
    const counts: Counts = { done: 0, parked: 0, returned: 0, open: 0, skipped: 0 };
    for (const result of said.rows) counts[settle(station, sequence, result, held.get(result.row))]++;
    billBundle(station, sequence, said.operations);
    records.bundles.noteReceipts(sequence, said, sha256);
    const left = records.bundles.rows(sequence).some((row) => row.state === 'held');
    if (!left && records.bundles.bySequence(sequence)?.state === 'open') records.bundles.end(sequence, 'closed');
    const details = { sequence, number: said.number, sha256: said.bundle, ...counts };
    audit.append({ action: 'bundle.receipts', result: 'ok', ...people(operators, by), details });
    noteBacklog(records, isoTime(parts.clock));
    return { sequence, ...counts };
  });
}

/**
 * Receipts for a bundle that this station does not know, signed by its applier and in its name: then it made that bundle, and does not
 * know it any more. The head that they quote says so.
 */
async function lookAtStranger(station: Station, read: ReturnType<typeof readReceipts>): Promise<void> {
  const applier = station.records.bundles.currentApplier();
  const { origin, applier: signer } = read.said;
  if (!applier || origin !== station.row.origin || signer !== applier.fingerprint) return;
  await verifyReceipts(read, applier);
  await compareHead(station, read.said);
}

/** The applier saw this head; throws `audit.older` or `audit.forked` when the log does not hold it, which stops it. */
async function compareHead(station: Station, { checkpoint, sequence }: Receipts): Promise<void> {
  if (checkpoint === undefined) return;
  const error = await station.anchoring.compareNote(checkpoint, `the receipts of the bundle ${sequence}`);
  if (error) throw error;
}

/** The rows that the bundle has, which must be those that the receipts speak of. */
function checked({ records }: Station, said: Receipts, sha256: Buffer): ReadonlyMap<number, HeldRow> {
  const bundle = records.bundles.bySequence(said.sequence) as BundleRow;
  const { sequence, receiptsNumber, receiptsSha256 } = bundle;
  const again = said.number === receiptsNumber && receiptsSha256?.equals(sha256) === true;
  if (said.number <= receiptsNumber && !again) {
    throw new StationError('receipts.stale', { sequence, number: said.number, last: receiptsNumber });
  }
  const rows = new Map(records.bundles.rows(sequence).map((row) => [row.row, row]));
  const theirs = new Set(said.rows.map(({ row }) => row));
  const whole =
    theirs.size === said.rows.length && theirs.size === rows.size && [...theirs].every((id) => rows.has(id));
  if (whole) return rows;
  throw new StationError('receipts.partial', { sequence, found: said.rows.length, expected: rows.size });
}

/** Inside the commit: one row's end, unless it came to its end, or is on its way, without this bundle. */
function settle(station: Station, sequence: number, result: RowResult, held: HeldRow | undefined): keyof Counts {
  const { bundles, outbox } = station.records;
  if (result.result === 'open') return 'open';
  const isHeld = held?.state === 'held';
  // A receipt counts even when it comes late and the row waits again; nothing else is done to what is no longer ours.
  const late = held?.state === 'returned' && held.outbox === 'queued' && result.result === 'done';
  if (!held || (!isHeld && !late)) return 'skipped';
  bundles.settle(sequence, result.row, result.result);
  switch (result.result) {
    case 'done':
      end(station, result.row, { done: result.receipt });
      break;
    case 'parked':
      end(station, result.row, { park: result.reason });
      break;
    case 'returned':
      outbox.release(result.row);
      break;
  }
  return result.result;
}

/** Inside the commit: what was billed since the last receipts, shared among the orders of the bundle's units. */
function billBundle({ records, parts }: Station, sequence: number, operations: number): void {
  const fresh = operations - (records.bundles.bySequence(sequence)?.operations ?? 0);
  const rows = records.bundles.rows(sequence).map(({ row }) => records.outbox.byId(row));
  if (fresh > 0) bill(records, rows, fresh, parts.clock.now());
}

/** As the pump settles what it sent itself: the receipt, its audit entry and the end of the secret are one transaction. */
function end(station: Station, id: number, fate: Exclude<Fate, { retry: unknown }>): void {
  const { outbox } = station.records;
  const row = outbox.byId(id);
  if ('done' in fate) outbox.done(id, fate.done);
  else outbox.park(id, fate.park);
  settled(station, row, fate);
}
