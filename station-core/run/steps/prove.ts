import { randomBytes } from 'node:crypto';
import {
  possessionHmacHolds,
  possessionMessage,
  possessionSignatureHolds,
} from '../../../drivers/protocols/possession.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, Released, Step } from '../bench.ts';
import { idOf } from './release.ts';

/**
 * The unit proves that it holds the credential, over a message that only the two can make together. The key is never
 * read back (docs/promises.md B).
 */
export const prove: Step = {
  kind: 'reversible',
  async act(bench) {
    const { credential, session, signal } = bench;
    const { registrationId } = bench.named;
    const { operation } = credential;
    const stationNonce = randomBytes(32);
    const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, signal);
    const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
    if (!holds(credential, message, proof)) throw new StationError('unit.proof-wrong');
    // What a unit came with has no row before this proof: adopt.ts writes it.
    if (credential.source !== 'own') bench.later(() => settle(bench));
    return { proven: true };
  },
};

/** Inside a commit: a private key that the station made or drew was kept for this moment alone. */
function settle(bench: Bench): void {
  const { credentials, stored } = bench.shop.records;
  credentials.advance(idOf(bench), 'proven');
  if (bench.credential.source === 'station') credentials.forget(idOf(bench));
  if (bench.credential.source === 'stored') stored.spend(bench.unit.id);
}

function holds(credential: Released, message: Buffer, proof: Buffer): boolean {
  if (credential.kind === 'symmetric-key') return possessionHmacHolds(credential.secret.bytes, message, proof);
  return possessionSignatureHolds(credential.publicKey, message, proof);
}
