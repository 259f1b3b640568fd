import { auditHsm, auditKey } from './audit-keys.ts';
import { type PackedRow, pack } from './bundle/content.ts';
import { type Manifest, mostOfBundle } from './bundle/format.ts';
import { makeBundle } from './bundle/sealed.ts';
import { endBundles } from './bundle-ends.ts';
import { signJws } from './ca/sign.ts';
import { isoTime } from './clock.ts';
import type { StationFile } from './contract/bundle.ts';
import { StationError } from './contract/errors.ts';
import { carriedOf } from './credential-keys.ts';
import { type By, people } from './person.ts';
import { keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';
import type { PinnedApplier } from './store/bundles.ts';
import type { OutboxRow } from './store/outbox.ts';
import { noteBacklog } from './store/records.ts';
import { isOfTpm } from './sync/dps/bodies.ts';
import type { Carried } from './sync/targets/target.ts';
import { settled } from './uploads.ts';

const dayMs = 86_400_000;

/** What is wrong with one row's secret; everything else about the HSM concerns every row. */
const ofOneRow: ReadonlySet<string> = new Set(['hsm.unsealable', 'store.damaged']);

type Begun = {
  readonly applier: PinnedApplier;
  readonly sequence: number;
  readonly rows: readonly OutboxRow[];
  readonly madeAt: string;
  readonly expiresMs: number;
};

/**
 * Makes a bundle of what waits for DPS. Its number and its rows are durable before a key is opened, its bytes before anyone can have
 * them; from then on the file can be written again. Throws `bundle.no-applier`, `bundle.nothing`, `bundle.busy`, why the audit trail is stopped, what the HSM
 * throws.
 */
export async function makeBundleOf(
  station: Station,
  days: number,
  by: By,
): Promise<{ readonly sequence: number; readonly text: string }> {
  const begun = await begin(station, days);
  try {
    const text = await fill(station, begun, by);
    return { sequence: begun.sequence, text };
  } catch (thrown) {
    await station.records.commits.commit(() => endBundles(station, [begun.sequence], 'dropped'));
    throw thrown;
  }
}

/** What a machine pins of this station. The audit key is made where there is none yet. */
export async function identityOf(station: Station): Promise<StationFile> {
  const { station: name, origin } = station.row;
  const { publicKey } = await auditKey(station);
  return { schema: 1, kind: 'birthmark-station', station: name, origin, key: publicKey };
}

async function begin({ records, parts, stop }: Station, days: number): Promise<Begun> {
  stop.refuse();
  const { bundles, outbox, commits } = records;
  const applier = bundles.currentApplier();
  if (!applier) throw new StationError('bundle.no-applier');
  const madeAt = isoTime(parts.clock);
  const expiresMs = Date.parse(madeAt) + days * dayMs;
  return commits.commit(() => {
    if (bundles.unmade().length > 0) throw new StationError('bundle.busy');
    const ids = bundles.bundleable('dps', mostOfBundle);
    if (ids.length === 0) throw new StationError('bundle.nothing');
    const sequence = bundles.begin(applier.id, ids, madeAt, expiresMs);
    const rows = outbox.claim(ids, expiresMs);
    noteBacklog(records, madeAt);
    return { applier, sequence, rows, madeAt, expiresMs };
  });
}

async function fill(station: Station, begun: Begun, by: By): Promise<string> {
  const packed = await open(station, begun);
  let plain: Buffer | undefined;
  try {
    plain = pack(packed);
    return await close(station, begun, { plain, rows: packed.length }, by);
  } finally {
    plain?.fill(0);
    for (const { carried } of packed) zero(carried);
  }
}

/** Encrypts and signs; then its bytes are durable, with the entry that says so, before anyone has them. */
async function close(
  station: Station,
  begun: Begun,
  { plain, rows }: { readonly plain: Buffer; readonly rows: number },
  by: By,
): Promise<string> {
  const { records, audit, operators, parts } = station;
  const { applier, sequence } = begun;
  const previous = records.bundles.lastFor(applier.id);
  const manifest = manifestOf(station, begun, rows, previous);
  const key = await auditKey(station);
  const sign = (input: Buffer) => signJws(auditHsm(parts), key, input);
  const { text, sha256 } = await makeBundle(manifest, plain, applier, await identityOf(station), sign);
  const { expiresAt } = manifest;
  const details = { sequence, sha256: sha256.toString('hex'), rows, applier: applier.fingerprint, expiresAt };
  const named = people(operators, by);
  await records.commits.commit(() => {
    records.bundles.open(sequence, sha256, previous?.sequence ?? null, text);
    audit.append({ action: 'bundle.made', result: 'ok', ...named, key: keyOf(station, { key }), details });
  });
  return text;
}

function manifestOf(
  { row, heads }: Station,
  { applier, sequence, madeAt, expiresMs }: Begun,
  rows: number,
  previous: { readonly sequence: number; readonly sha256: Buffer } | undefined,
): Manifest {
  const { station, origin, mode } = row;
  const checkpoint = heads.newest()?.note;
  return {
    v: 1,
    station,
    origin,
    mode,
    sequence,
    previous: previous ? { sequence: previous.sequence, sha256: previous.sha256.toString('hex') } : null,
    applier: applier.fingerprint,
    rows,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    madeAt,
    expiresAt: new Date(expiresMs).toISOString(),
  };
}

/**
 * The rows with what they carry, opened; whoever gets them zeroes it. A row whose own secret cannot be opened is parked alone, and what
 * comes after it stays behind.
 */
async function open(station: Station, { sequence, rows }: Begun): Promise<PackedRow[]> {
  const after = new Map(station.records.bundles.rows(sequence).map((held) => [held.row, held.after]));
  const packed: PackedRow[] = [];
  const left = new Set<number | string>();
  try {
    for (const row of rows) {
      const { id, registrationId, action, replaces } = row;
      const before = after.get(id) ?? null;
      const follows = left.has(registrationId) || (before !== null && left.has(before));
      const opened = follows ? { error: undefined } : await openRow(station, row);
      if ('error' in opened) {
        await leaveBehind(station, sequence, row, opened.error);
        left.add(id).add(registrationId);
      } else {
        const body = row.body as PackedRow['body'];
        packed.push({ id, registrationId, action, body, after: before, replaces, ...opened });
      }
    }
  } catch (thrown) {
    for (const { carried } of packed) zero(carried);
    throw thrown;
  }
  if (packed.length > 0) return packed;
  throw new StationError('bundle.nothing');
}

/** What a row carries, or why it alone cannot travel. Throws what concerns every row. */
async function openRow(
  station: Station,
  row: OutboxRow,
): Promise<{ readonly carried: Carried | undefined } | { readonly error: StationError }> {
  const { records, parts, keys } = station;
  if (!needsCarried(station, row)) return { carried: undefined };
  try {
    return { carried: await carriedOf({ hsm: parts.hsm, records, sealing: keys.sealing })(row) };
  } catch (thrown) {
    if (thrown instanceof StationError && ofOneRow.has(thrown.code)) return { error: thrown };
    throw thrown;
  }
}

/** As few secrets as there can be: keys travel with the entry that is made with them, and with nothing else. */
function needsCarried({ records }: Station, row: OutboxRow): boolean {
  if (isOfTpm(row) || row.action === 'create' || row.action === 'reissue')
    return isOfTpm(row) || row.credential !== null;
  const credential = row.credential === null ? undefined : records.credentials.byId(row.credential);
  return credential?.kind === 'x509';
}

/** A row does not travel after all: parked for what is wrong with it, or an ordinary row again. */
async function leaveBehind(station: Station, sequence: number, row: OutboxRow, error?: StationError): Promise<void> {
  const { commits, outbox, bundles } = station.records;
  await commits.commit(() => {
    bundles.leaveOut(sequence, row.id);
    if (!error) return outbox.release(row.id);
    const fate = { park: error.toData() };
    outbox.park(row.id, fate.park);
    settled(station, row, fate);
  });
}

function zero(carried: Carried | undefined): void {
  if (!carried || !('keys' in carried)) return;
  carried.keys.primary.fill(0);
  carried.keys.secondary.fill(0);
}
