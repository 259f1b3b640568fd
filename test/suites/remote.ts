// What the emulator holds, and what it should hold.
import type { Emulator } from '../../drivers/simulated/dps/emulator.ts';
import type { Records } from '../../station-core/store/records.ts';
import type { DpsClient } from '../../station-core/sync/dps/client.ts';
import { clientAt, ekOf, isTpm, keysOf } from './uploading.ts';

/** Every enrollment of the service by its ID, with the attestation that it holds in full. */
export async function remoteOf(emulator: Emulator): Promise<Map<string, string>> {
  const client = clientAt(emulator);
  const signal = AbortSignal.timeout(600_000);
  try {
    const found = new Map<string, string>();
    for await (const page of client.query(100, signal)) {
      for (const { registrationId } of page) found.set(registrationId, await attested(client, registrationId, signal));
    }
    return found;
  } finally {
    client.close();
  }
}

async function attested(client: DpsClient, id: string, signal: AbortSignal): Promise<string> {
  const { symmetricKey, tpm } = await client.attestationOf('enrollments', id, signal);
  return symmetricKey ? `${symmetricKey.primaryKey} ${symmetricKey.secondaryKey}` : `${tpm?.endorsementKey}`;
}

/** What the service should hold of these units. */
export function wanted(ids: readonly string[]): Map<string, string> {
  return new Map(
    ids.map((id) => {
      const { primary, secondary } = keysOf(id);
      return [id, isTpm(id) ? ekOf(id) : `${primary.toString('base64')} ${secondary.toString('base64')}`];
    }),
  );
}

/** The IDs of rows that have a receipt. */
export function receivedOf({ db, disclosures }: Records): string[] {
  const rows = db.prepare<[], { registration: number }>(
    `SELECT registration FROM outbox WHERE state = 'done' ORDER BY id`,
  );
  return rows.all().map(({ registration }) => disclosures.value(registration));
}
