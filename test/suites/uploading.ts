// An outbox on disk, the DPS target and the emulator over TLS, without a line: what rows carry follows from their IDs.
import { createHash } from 'node:crypto';
import { type Clock, systemClock } from '../../station-core/clock.ts';
import { openStore } from '../../station-core/store/open.ts';
import type { OutboxRow } from '../../station-core/store/outbox.ts';
import { openRecords, type Records } from '../../station-core/store/records.ts';
import { DpsClient } from '../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../station-core/sync/dps/connection.ts';
import { Pace } from '../../station-core/sync/pace.ts';
import { Pump } from '../../station-core/sync/pump.ts';
import { DpsTarget } from '../../station-core/sync/targets/dps.ts';
import type { Carried } from '../../station-core/sync/targets/target.ts';

/** How an emulator is reached, in this process or in another. */
export type Reached = { readonly port: number; readonly ca: string; readonly connectionString: string };

export function clientAt(at: Reached, clock: Clock = systemClock, perMinute = 100_000): DpsClient {
  const connection = parseConnection(Buffer.from(at.connectionString));
  return new DpsClient({
    endpoint: { host: connection.host, connect: { host: '127.0.0.1', port: at.port }, ca: at.ca },
    connection,
    pace: new Pace(perMinute, clock),
    clock,
    mode: 'practice',
  });
}

const hash = (text: string): Buffer => createHash('sha512').update(text).digest();

/** The keys of the unit with this registration ID. */
export const keysOf = (registrationId: string): { primary: Buffer; secondary: Buffer } => ({
  primary: hash(`primary ${registrationId}`),
  secondary: hash(`secondary ${registrationId}`),
});

/** What every EK of TCG's template L-1 begins with (dps-reference 9.1), up to its modulus. */
const ekHead = Buffer.from(
  'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEA',
  'base64',
);

/** The endorsement key of the unit with this registration ID: of the right form, and nobody's. */
export function ekOf(registrationId: string): string {
  const modulus = Buffer.concat([0, 1, 2, 3].map((part) => hash(`EK ${part} ${registrationId}`)));
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[255] = (modulus[255] ?? 0) | 1;
  return Buffer.concat([ekHead, modulus]).toString('base64');
}

/** Every other unit has a TPM. */
export const isTpm = (registrationId: string): boolean => Number(/\d+$/.exec(registrationId)?.[0]) % 2 === 1;

const carriedOf = async ({ registrationId }: OutboxRow): Promise<Carried> =>
  isTpm(registrationId) ? { endorsementKey: ekOf(registrationId) } : { keys: keysOf(registrationId) };

export type Uploading = {
  readonly records: Records;
  readonly pump: Pump;
  readonly client: DpsClient;
  close(): Promise<void>;
};

/** A pump on the outbox of a folder that sends to an emulator. */
export function uploading(folder: string, at: Reached, clock: Clock = systemClock, perMinute?: number): Uploading {
  const records = openRecords(openStore(folder, 'owner'));
  const client = clientAt(at, clock, perMinute);
  const pump = new Pump({
    records,
    clock,
    targets: [new DpsTarget({ client, carriedOf })],
    random: Math.random,
    settled: () => undefined,
    billed: (_, operations) => records.billed.add(undefined, operations),
    counted: () => undefined,
    stopped: () => undefined,
    tell: () => undefined,
    incident: (thrown) => {
      throw thrown;
    },
  });
  const close = async () => {
    await pump.stop();
    client.close();
    records.db.close();
  };
  return { records, pump, client, close };
}

/**
 * Queues enrollments in one commit. All of them stand as TPMs in the outbox, whose key comes from elsewhere: a row with a
 * symmetric key would need a credential of a unit of an order. The target sends what `carriedOf` says.
 */
export async function queueUnits({ commits, outbox }: Records, ids: readonly string[]): Promise<void> {
  await commits.commit(() => {
    for (const registrationId of ids) {
      const body = { attestation: { type: 'tpm' } };
      outbox.queue({ target: 'dps', registrationId, action: 'create', body, credential: null, dueMs: 0 });
    }
  });
}
