import { createHash, randomBytes } from 'node:crypto';
import { StationError } from '../../contract/errors.ts';
import type { Credential } from '../../store/credentials.ts';
import type { Bench, Step, SymmetricCredential } from '../bench.ts';
import { knownOf } from '../replacing.ts';
import { Secret } from '../secret.ts';

/** What sealed secrets are bound to, so that one cannot be opened in another's place (docs/design.md, Credentials). */
export const sealedFor = (operation: Buffer, target: string, registrationId: string): Buffer =>
  Buffer.from(`${operation.toString('hex')}|${target}|${registrationId}`, 'utf8');

/** The label under which credentials are sealed. */
export const sealLabel = 'credential';

/** Bytes of a random key: what DPS itself generates (F-20). */
const randomKeyBytes = 64;

/**
 * Finds the unit's credential again, or makes one. Nothing leaves here: the row becomes durable with its release entry,
 * in one transaction, before the first byte goes to the unit.
 */
export const prepare: Step = {
  kind: 'reversible',
  async act(bench) {
    const { known, ...taking } = await knownOf(bench);
    bench.credential = { ...(known ? await again(bench, known) : await make(bench)), ...taking };
    const { operation, source, fingerprint } = bench.credential;
    return {
      operation: operation.toString('hex'),
      source,
      fingerprint: fingerprint.toString('hex'),
      again: known !== undefined,
    };
  },
};

async function make(bench: Bench): Promise<SymmetricCredential> {
  const operation = randomBytes(16);
  const source = bench.unit.recipe.attestation.scope === 'group' ? 'derived' : 'random';
  const secret = new Secret(source === 'derived' ? await derive(bench) : await bench.hsm.random(randomKeyBytes));
  try {
    const sealed = source === 'derived' ? null : await sealSecret(bench, operation, secret);
    return {
      kind: 'symmetric-key',
      id: undefined,
      operation,
      source,
      fingerprint: fingerprintOf(secret),
      sealed,
      secret,
    };
  } catch (thrown) {
    secret.zero();
    throw thrown;
  }
}

/** The same credential as before: derived again, or opened. It must be the one whose fingerprint was kept. */
async function again(bench: Bench, known: Credential): Promise<SymmetricCredential> {
  const secret = new Secret(known.source === 'derived' ? await derive(bench) : await unsealSecret(bench, known));
  const { id, operation, source, fingerprint, sealed } = known;
  if (fingerprintOf(secret).equals(fingerprint))
    return { kind: 'symmetric-key', id, operation, source, fingerprint, sealed, secret };
  secret.zero();
  throw new StationError('store.damaged', {
    what: 'the credential',
    reason: 'it is not the one that was released before',
  });
}

function derive(bench: Bench): Promise<Buffer> {
  const { attestation } = bench.unit.recipe;
  if (attestation.type !== 'symmetricKey' || attestation.scope !== 'group')
    throw new StationError('recipe.unsupported', { what: 'deriving without a group' });
  return bench.hsm.deriveDeviceKey(attestation.key, bench.named.registrationId);
}

/** Seals a secret for the row of this operation. */
export function sealSecret(bench: Bench, operation: Buffer, secret: Secret): Promise<Buffer> {
  const bound = sealedFor(operation, bench.unit.recipe.target, bench.named.registrationId);
  return bench.hsm.seal(bench.shop.sealingKey, sealLabel, secret.bytes, bound);
}

/** Opens it again; the caller zeroes the answer. Throws `unit.needs-replacement` when it was destroyed with its receipt. */
export function unsealSecret(bench: Bench, known: Credential): Promise<Buffer> {
  if (!known.sealed) throw new StationError('unit.needs-replacement', { serial: bench.unit.serial });
  const bound = sealedFor(known.operation, bench.unit.recipe.target, bench.named.registrationId);
  return bench.hsm.unseal(bench.shop.sealingKey, sealLabel, known.sealed, bound);
}

const fingerprintOf = (secret: Secret): Buffer => createHash('sha256').update(secret.bytes).digest();
