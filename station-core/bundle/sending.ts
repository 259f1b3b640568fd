import { type Clock, isoTime, pause } from '../clock.ts';
import type { SyncState } from '../contract/record.ts';
import { noteBacklog } from '../store/records.ts';
import type { DpsClient } from '../sync/dps/client.ts';
import { Pump } from '../sync/pump.ts';
import { targets } from '../sync/targets/registry.ts';
import type { Applier } from './applier.ts';
import { BundledTarget } from './bundled-target.ts';

export type SendingNeed = {
  readonly applier: Applier;
  readonly client: DpsClient;
  readonly clock: Clock;
  /** A row came to its end. */
  readonly settled: () => void;
  readonly incident: (thrown: unknown) => string;
};

/** How long it is waited for what the service asked to have patience with; after that, applying again goes on. */
const patienceMs = 10 * 60_000;
const lookEveryMs = 200;

/**
 * Sends everything that is due in the applier's outbox, with the station's own pump, until nothing is left that time alone would
 * change. Answers how the pump stands then, with the reason when something is left.
 */
export async function sendBundled({ applier, client, clock, settled, incident }: SendingNeed): Promise<SyncState> {
  const target = targets.dps({ client, carriedOf: (row) => applier.carriedOf(row) });
  const pump = new Pump({
    records: applier.records,
    clock,
    targets: [new BundledTarget(target, applier)],
    random: Math.random,
    settled: (row, fate) => {
      applier.settled(row, fate);
      applier.records.commits.afterwards(settled);
    },
    // Orders are at the station: the receipts say what is to be shared among them.
    billed: (rows, operations) => applier.billed(rows, operations),
    counted: () => noteBacklog(applier.records, isoTime(clock)),
    // An applier has no audit trail: what became of rows is in its receipts.
    stopped: () => undefined,
    tell: () => undefined,
    incident,
  });
  const never = new AbortController().signal;
  try {
    await pump.run();
    const until = clock.monotonic() + patienceMs;
    while (clock.monotonic() < until && isWaiting(pump.state)) await pause(clock, lookEveryMs, never);
    return pump.state;
  } finally {
    await pump.stop();
  }
}

/** A time is set for the next try, and there is a network. */
const isWaiting = ({ state, error }: SyncState): boolean =>
  state === 'sending' || (state === 'waiting' && error?.code !== 'cloud.unreachable');
