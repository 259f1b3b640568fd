import { randomBytes } from 'node:crypto';
import {
  possessionHmacHolds,
  possessionMessage,
  possessionSignatureHolds,
} from '../../../drivers/protocols/possession.ts';
import { StationError } from '../../contract/errors.ts';
import type { Released, Step } from '../bench.ts';
import { idOf } from './release.ts';

/**
 * The unit proves that it holds the credential, over a message that only the two can make together. The key is never
 * read back (docs/promises.md B).
 */
export const prove: Step = {
  kind: 'reversible',
  async act(bench) {
    const { credential, session, signal } = bench;
    const { registrationId } = bench.unit;
    const { operation } = credential;
    const stationNonce = randomBytes(32);
    const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, signal);
    const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
    if (!holds(credential, message, proof)) throw new StationError('unit.proof-wrong');
    const { credentials } = bench.shop.records;
    bench.later(() => credentials.advance(idOf(bench), 'proven'));
    // A private key that the station made was kept for this moment alone.
    if (credential.source === 'station') bench.later(() => credentials.forget(idOf(bench)));
    return { proven: true };
  },
};

function holds(credential: Released, message: Buffer, proof: Buffer): boolean {
  if (credential.kind === 'symmetric-key') return possessionHmacHolds(credential.secret.bytes, message, proof);
  return possessionSignatureHolds(credential.publicKey, message, proof);
}
