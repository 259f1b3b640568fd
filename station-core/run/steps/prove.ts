import { randomBytes } from 'node:crypto';
import { possessionHmacHolds, possessionMessage } from '../../../drivers/protocols/possession.ts';
import { StationError } from '../../contract/errors.ts';
import type { Step } from '../bench.ts';
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
    const { operation, secret } = credential;
    const stationNonce = randomBytes(32);
    const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, signal);
    const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
    if (!possessionHmacHolds(secret.bytes, message, proof)) throw new StationError('unit.proof-wrong');
    bench.later(() => bench.shop.records.credentials.advance(idOf(bench), 'proven'));
    return { proven: true };
  },
};
