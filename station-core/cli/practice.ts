import { verifyLog } from '../audit/verify.ts';
import { actor, makeOrder, prepareFolder, type RecipeName, recipeOf, unfinishedBatch } from '../practice.ts';
import type { Measured } from '../run/lanes.ts';
import type { Station } from '../station.ts';
import { freshFolder, open } from './folder.ts';
import { note, Progress, printJson } from './terminal.ts';

export type PracticeOptions = {
  readonly units: number;
  readonly lanes: number;
  readonly recipe: RecipeName;
  readonly json: boolean;
  readonly station?: string | undefined;
};

type Percentiles = { readonly p50: number; readonly p99: number };

/** What `birthmark practice --json` prints, on one line. */
export type PracticeResult = {
  readonly units: number;
  readonly passed: number;
  readonly failed: number;
  readonly enrolled: number;
  readonly parked: number;
  readonly auditEntries: number;
  readonly auditOk: boolean;
  /** The station's own time for a unit: takt less the time spent waiting for the unit and the HSM. */
  readonly ownTimeMs: Percentiles;
  readonly taktMs: Percentiles;
};

/** Runs the main job on the practice line without a window; answers the exit code. */
export async function practice(options: PracticeOptions): Promise<number> {
  const folder = options.station ?? freshFolder();
  prepareFolder(folder, options.lanes, options.recipe);
  note(`Practice line in ${folder}`);
  const opened = await open(folder, 'practice');
  try {
    const result = await practiceBatch(opened.station, options);
    if (options.json) printJson(result);
    else print(result, folder);
    const good = result.passed === result.units && result.enrolled === result.units && result.auditOk;
    return good ? 0 : 1;
  } finally {
    await opened.close();
  }
}

/** Makes an order and all its units, or finishes one that was left unfinished; uploads what is due, checks the audit. */
export async function practiceBatch(
  station: Station,
  { units: wanted, lanes, recipe: name }: Pick<PracticeOptions, 'units' | 'lanes' | 'recipe'>,
): Promise<PracticeResult> {
  const before = await unfinishedBatch(station, name);
  if (before)
    note(`Finishing ${before.order.name}: ${before.labels.length} of ${before.order.quantity} units are left`);
  const { order, labels } = before ?? (await makeOrder(station, await recipeOf(station, name), wanted));
  const measured = await makeUnits(station, order.name, labels, lanes);
  await upload(station);
  const audit = await verifyLog(station.records.db);
  const { finished, quantity: units } = station.records.units.order(order.name);
  return {
    units,
    passed: finished,
    failed: units - finished,
    enrolled: enrolled(station, order.id),
    parked: station.records.outbox.backlog().parked,
    auditEntries: audit.entries,
    auditOk: audit.ok,
    ownTimeMs: percentiles(measured.map((one) => one.taktMs - one.waitedMs)),
    taktMs: percentiles(measured.map((one) => one.taktMs)),
  };
}

/** Sends everything that is due; a large batch waits for the budget a minute, which the bar shows. */
async function upload(station: Station): Promise<void> {
  const { outbox, journal } = station.records;
  const { queued, leased, done: before } = outbox.backlog();
  const bar = new Progress('uploads', queued + leased);
  let sent = 0;
  const stop = journal.onEvent(({ event }) => {
    if (event.type !== 'backlog') return;
    const now = event.backlog.done - before;
    bar.advance(now - sent);
    sent = now;
  });
  await station.call('sync.run', {}, { actor: actor(station, 'lead') });
  stop();
  bar.end();
}

/** Every lane takes the next label as soon as its last unit has its verdict. */
async function makeUnits(
  station: Station,
  order: string,
  labels: readonly string[],
  lanes: number,
): Promise<Measured[]> {
  const bar = new Progress('units', labels.length);
  const measured: Measured[] = [];
  const stop = station.onMeasured((one) => {
    measured.push(one);
    bar.advance();
  });
  const queue = labels.values();
  const technician = { actor: actor(station, 'technician') };
  const work = async (lane: number): Promise<void> => {
    for (const serial of queue) {
      await station.call('run.start', { lane, serial, order }, technician);
      await station.lanes.ended(lane);
    }
  };
  await Promise.all(
    station.lanes
      .view()
      .slice(0, lanes)
      .map(({ lane }) => work(lane)),
  );
  stop();
  bar.end();
  return measured;
}

/** Finished units that the cloud knows: by their own row's receipt, or by their group's. */
function enrolled({ records }: Station, order: number): number {
  const { attestation, target } = records.units.recipeOf(order);
  if (attestation.scope === 'individual' || target !== 'dps') return records.units.enrolled(order, target);
  const there = records.outbox.stateOf(target, 'enrollmentGroup', attestation.group) === 'done';
  return there ? records.units.finished(order) : 0;
}

/** The median and the 99th percentile (nearest rank), to a tenth of a millisecond; 0 of nothing. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (part: number) => Math.round((sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0) * 10) / 10;
  return { p50: rank(0.5), p99: rank(0.99) };
}

function print(result: PracticeResult, folder: string): void {
  const { units, passed, enrolled: known, parked, auditEntries, auditOk, taktMs, ownTimeMs } = result;
  process.stdout.write(
    [
      `${passed} of ${units} units passed, ${known} enrolled, ${parked} parked`,
      `audit trail: ${auditEntries} entries, ${auditOk ? 'it holds' : 'IT DOES NOT HOLD'}`,
      `a unit took ${taktMs.p50} ms (99 %: ${taktMs.p99} ms), of that the station ${ownTimeMs.p50} ms (99 %: ${ownTimeMs.p99} ms)`,
      `look at it: birthmark audit verify --station ${folder}`,
      '',
    ].join('\n'),
  );
}
