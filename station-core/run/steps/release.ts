import type { Delivered } from '../../../drivers/protocols/protocol.ts';
import { isoTime } from '../../clock.ts';
import { keyComesByFile, pathOfUri, placeOf } from '../../contract/edge.ts';
import { StationError } from '../../contract/errors.ts';
import { keyFile } from '../../edge/files.ts';
import type { Bench, Step } from '../bench.ts';
import { named } from '../replacing.ts';
import { edgeOf, whereaboutsOf } from './configure.ts';
import { requireSameUnit } from './identify.ts';

/**
 * Gives the unit its credential. Before the first byte: the credential's row, sealed, and the release entry of the audit,
 * in one transaction. No audit commit, no credential leaves (docs/promises.md A).
 */
export const release: Step = {
  kind: 'irreversible',
  before: requireSameUnit,
  intent,
  async act(bench) {
    if (keyComesByFile(bench.unit.recipe)) await writeKeyFile(bench);
    else await stageAndCommit(bench);
    bench.later(() => bench.shop.records.credentials.advance(idOf(bench), 'committed'));
    return { delivery: bench.unit.recipe.delivery };
  },
};

async function stageAndCommit(bench: Bench): Promise<void> {
  const { symmetric, session, signal } = bench;
  const { operation, secret } = symmetric;
  const kind = { kind: 'symmetric-key', ...named(symmetric) } as const;
  await session.stage({ operation, ...kind, ...deliveredBy(bench), bytes: secret.bytes }, signal);
  await session.commit(operation, signal);
}

/** The file is the key's only delivery: the unit has no agent that would keep it anywhere else. */
async function writeKeyFile(bench: Bench): Promise<void> {
  const { symmetric, session, signal } = bench;
  const { operation, secret } = symmetric;
  const { key, ...file } = keyFile(edgeOf(bench), whereaboutsOf(bench), secret.bytes);
  try {
    await session.writeFile({ ...file, key: { ...key, operation } }, signal);
  } finally {
    file.bytes.fill(0);
  }
}

function intent(bench: Bench): void {
  const { symmetric: credential, shop, unit } = bench;
  const { credentials } = shop.records;
  if (credential.id === undefined) {
    const { operation, source, fingerprint, sealed } = credential;
    const madeAt = isoTime(shop.clock);
    const row = {
      unit: unit.id,
      operation,
      kind: 'symmetric-key',
      source,
      fingerprint,
      sealed,
      certificate: null,
      state: 'released',
      madeAt,
    } as const;
    credential.id = credentials.insert(row);
  } else credentials.advance(credential.id, 'released');
  shop.audit.append(
    bench.entry({ action: 'credential.released', result: 'ok', ...keyUsed(bench), details: released(bench) }),
  );
}

/** Which HSM key stands behind the credential: the group's for a derived one, the sealing key for a random one. */
function keyUsed(bench: Bench) {
  const { attestation } = bench.unit.recipe;
  const group = attestation.type === 'symmetricKey' && attestation.scope === 'group';
  const { label, checkValue } = group ? attestation.key : bench.shop.sealingKey;
  return { key: { label, checkValue, hsm: bench.shop.hsmSerial } };
}

function released(bench: Bench) {
  const { operation, source, fingerprint } = bench.symmetric;
  return {
    operation: operation.toString('hex'),
    kind: 'symmetric-key',
    source,
    fingerprint: fingerprint.toString('hex'),
    delivery: bench.unit.recipe.delivery,
    ...replacesSaid(bench),
    ...storageOf(bench),
    // A random key goes into the primary slot, with a twin in the other; of which group key a derived one comes, its order's
    // arming says (F-22).
    ...(source === 'random' ? { slot: 'primary' } : {}),
    ...(keyComesByFile(bench.unit.recipe) ? { file: keyPathOf(bench) } : {}),
  };
}

/** Which credential of the unit this one takes the place of. */
export function replacesSaid({ credential: { replaces } }: Bench): { readonly replaces?: string } {
  return replaces === undefined ? {} : { replaces: replaces.toString('hex') };
}

/** Where the unit keeps it, as it said itself (S-81). */
export function storageOf({ facts: { storage } }: Bench): { readonly storage?: string } {
  return typeof storage === 'string' ? { storage } : {};
}

/** The file on the unit that holds the key from now on. */
function keyPathOf(bench: Bench): string {
  const edge = edgeOf(bench);
  const { symmetricKey } = edge;
  return typeof symmetricKey === 'object' ? pathOfUri(symmetricKey.uri) : placeOf(edge).path;
}

/**
 * How a secret travels to this unit (docs/design.md, Unit protocol). Sealed to the endorsement key and the activation key that
 * the unit's TPM has just shown to be its own; the challenge's own secret, which travelled back in clear, is never used again.
 */
export function deliveredBy(bench: Bench): Delivered {
  const { delivery } = bench.unit.recipe;
  const { registrationId } = bench.named;
  if (delivery !== 'sealed') return delivery === 'clear' ? { delivery } : { delivery, registrationId };
  const { key, activationKey } = bench.endorsement;
  if (!activationKey) throw new StationError('run.empty', { what: 'challenge of the TPM' });
  return { delivery, registrationId, sealTo: { endorsementKey: key.public, activationKey } };
}

export function idOf(bench: Bench): number {
  const { id } = bench.credential;
  if (id === undefined) throw new TypeError('a credential acts before its release is durable');
  return id;
}
