import { randomBytes } from 'node:crypto';
import {
  possessionHmacHolds,
  possessionMessage,
  possessionSignatureHolds,
} from '../../../drivers/protocols/possession.ts';
import { StationError } from '../../contract/errors.ts';
import { provenByRequest } from '../../contract/modem.ts';
import type { Bench, Released, Step } from '../bench.ts';
import { fullChain, holdsChain } from './install.ts';
import { idOf } from './release.ts';

/**
 * The unit proves that it holds the credential, over a message that only the two can make together. The key is never
 * read back (docs/promises.md B). A unit that signs nothing but its certificate request proved its key then (`ca.draft` took that request);
 * here it says that it still has that key, with its chain, and the facts say that this is all.
 */
export const prove: Step = {
  kind: 'reversible',
  async act(bench) {
    const byRequest = provenByRequest(bench.unit.recipe);
    if (!(await (byRequest ? stillHolds(bench) : signsNow(bench)))) throw new StationError('unit.proof-wrong');
    // What a unit came with has no row before this proof: adopt.ts writes it.
    if (bench.credential.source !== 'own') bench.later(() => settle(bench));
    return { proven: true, ...(byRequest ? { proof: 'request' } : {}) };
  },
};

async function signsNow({ credential, session, signal, named: { registrationId } }: Bench): Promise<boolean> {
  const { operation } = credential;
  const stationNonce = randomBytes(32);
  const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, signal);
  const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
  return holds(credential, message, proof);
}

/** Whether the key of the request lies in the unit, in force, with the chain that was issued for it. */
async function stillHolds(bench: Bench): Promise<boolean> {
  const { certified, session, signal } = bench;
  const { state, operation } = await session.status(signal);
  if (state !== 'committed' || !operation?.equals(certified.operation)) return false;
  return holdsChain(bench, operation, fullChain(certified));
}

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
