import type { Hsm, SecretKeyRef } from '../drivers/hsm/hsm.ts';
import { StationError } from './contract/errors.ts';
import { sealedFor, sealLabel } from './run/steps/prepare.ts';
import type { OutboxRow } from './store/outbox.ts';
import type { Records } from './store/records.ts';
import type { Keys } from './sync/targets/target.ts';

const secondaryLabel = Buffer.from('birthmark-secondary-v1\0', 'latin1');

/**
 * Both keys of a row's individual enrollment. The primary is the unit's own, opened from its seal. The secondary is an
 * HMAC of the operation id under the HSM's sealing key: DPS wants two (F-22), no unit has it, it needs no keeping, and
 * the same question always gets the same answer, so that an entry that is already there can be compared.
 * The caller zeroes both.
 */
export function keysOf(need: { readonly hsm: Hsm; readonly records: Records; readonly sealing: SecretKeyRef }) {
  return async (row: OutboxRow): Promise<Keys> => {
    const credential = row.credential === null ? undefined : need.records.credentials.byId(row.credential);
    if (!credential?.sealed) {
      throw new StationError('store.damaged', { what: `outbox row ${row.id}`, reason: 'its secret is not kept' });
    }
    const bound = sealedFor(credential.operation, row.target, row.registrationId);
    const primary = await need.hsm.unseal(need.sealing, sealLabel, credential.sealed, bound);
    const secondary = await need.hsm.mac(need.sealing, Buffer.concat([secondaryLabel, credential.operation]));
    return { primary, secondary };
  };
}
