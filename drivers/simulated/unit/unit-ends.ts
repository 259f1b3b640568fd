// The end of an object: it is compared, opened where it was encrypted, and kept.
import { associatedData, type EnvelopeKey, envelopeKeyLength, unseal } from '../../protocols/channel.ts';
import { readSealed, type SealedEnvelope } from '../../protocols/sealed.ts';
import type { Asks } from '../../protocols/uart-v1-messages.ts';
import { leafOf, readKey } from './keys.ts';
import type { MemoryWrite } from './memory.ts';
import { filePlaces, fileSize, type Kept, type KeptFile, keySize, longestPath, mostFiles } from './record.ts';
import { activateSealed } from './tpm-agent.ts';
import { heldDigest } from './unit-objects.ts';
import {
  type Arriving,
  asksTpm,
  type Decide,
  type Later,
  type Outcome,
  readFileObject,
  readProvisioning,
  refuses,
  refusesAndForgets,
  registrationOf,
  says,
  sha256,
  type UnitParts,
  type UnitState,
} from './unit-state.ts';
import type { UnitsTpm } from './units-tpm.ts';

export const end: Decide<'end'> = (before, asks, parts) => {
  // A channel is for one object, whatever becomes of that.
  const { channel, ...state } = before;
  const { kept, arriving } = state;
  if (arriving === undefined) return endOfHeld(state, asks);
  const { operation, object, bytes, received, delivery } = arriving;
  if (!operation.equals(asks.operation) || object !== asks.object) return refuses(state, 'out-of-order');
  if (received !== bytes.length) return refuses({ kept }, 'out-of-order');
  const digest = sha256(bytes);
  if (!digest.equals(asks.sha256)) return refuses({ kept }, 'digest-differs');
  if (object === 'provisioning') {
    if (readProvisioning(bytes) === undefined) return refuses({ kept }, 'object-invalid');
    return keeps({ ...kept, provisioned: bytes });
  }
  if (object === 'file') return endOfFile(kept, bytes, digest);
  if (object === 'chain') return endOfChain(kept, bytes, parts);
  if (delivery === 'clear') return endOfKey(kept, arriving, bytes);
  if (delivery === 'sealed') return endOfSealed(kept, arriving, parts.tpm);
  return endOfKey(kept, arriving, channel && openedBy(channel.envelope, kept, arriving, bytes));
};

const keeps = (record: Kept, before: readonly MemoryWrite[] = []): Outcome<'end'> =>
  says({ kept: record }, {}, [...before, { record }]);

/** A key as it is; `undefined` for one that could not be opened. */
function endOfKey(kept: Kept, { operation, object, slot, delivery }: Arriving, bytes?: Buffer): Outcome<'end'> {
  if (bytes === undefined) return refuses({ kept }, 'not-opened');
  const kind = object === 'private-key' ? 'private-key' : 'symmetric-key';
  const fits = bytes.length > 0 && bytes.length <= keySize;
  if (!fits || (kind === 'private-key' && readKey(bytes) === undefined)) {
    bytes.fill(0);
    return refuses({ kept }, 'object-invalid');
  }
  const staged = { slot, operation, kind, length: bytes.length, sha256: sha256(bytes) } as const;
  // What came in clear is in its slot already; what was opened here is written before any record names it.
  const write = { slot, place: 'key', offset: 0, bytes } as const;
  return keeps({ ...kept, staged }, delivery === 'clear' ? [] : [write]);
}

/** What an envelope holds, for this unit under the name that it has now. */
function openedBy(key: EnvelopeKey, kept: Kept, { operation, object }: Arriving, envelope: Buffer): Buffer | undefined {
  const registrationId = registrationOf(kept);
  if (registrationId === undefined) return undefined;
  return unseal(key, associatedData(object, { operation, registrationId }), envelope);
}

/** The unit's own TPM gives out the envelope's key, to the unit alone. */
function endOfSealed(kept: Kept, arriving: Arriving, tpm: UnitsTpm | undefined): Outcome<'end'> | Later<'end'> {
  const sealed = readSealed(arriving.bytes);
  if (tpm === undefined) return refuses({ kept }, 'no-tpm');
  if (sealed === undefined) return refuses({ kept }, 'not-opened');
  return asksTpm({ kept }, async () => endOfKey(kept, arriving, await openedByTpm(tpm, sealed, kept, arriving)));
}

async function openedByTpm(tpm: UnitsTpm, sealed: SealedEnvelope, kept: Kept, arriving: Arriving) {
  const key = await activateSealed(tpm, sealed);
  if (key === undefined) return undefined;
  const fits = key.length === envelopeKeyLength;
  const plain = fits ? openedBy({ key, iv: sealed.iv }, kept, arriving, sealed.ciphertext) : undefined;
  key.fill(0);
  return plain;
}

/** A chain is kept beside the staged key whose public half its first certificate carries. */
function endOfChain(kept: Kept, bytes: Buffer, { credential }: UnitParts): Outcome<'end'> {
  const { staged } = kept;
  if (staged === undefined) return refuses({ kept }, 'no-key');
  const pkcs8 = credential(staged);
  const key = pkcs8 && readKey(pkcs8);
  pkcs8?.fill(0);
  if (key === undefined) return refusesAndForgets({ kept }, 'memory-failed');
  const leaf = leafOf(bytes);
  if (leaf === undefined) return refuses({ kept }, 'object-invalid');
  if (!leaf.checkPrivateKey(key)) return refuses({ kept }, 'key-differs');
  return keeps({ ...kept, staged: { ...staged, chain: { length: bytes.length, sha256: sha256(bytes) } } });
}

/** A file goes into a place that no record names, and the record then names that place for its path: one write that switches. */
function endOfFile(kept: Kept, bytes: Buffer, object: Buffer): Outcome<'end'> {
  const read = readFileObject(bytes);
  if (read === undefined || !/^\/[^/]/.test(read.path)) return refuses({ kept }, 'object-invalid');
  const { path, mode } = read;
  const others = (kept.files ?? []).filter((file) => file.path !== path);
  const place = filePlaces.find((one) => kept.files?.some((file) => file.place === one) !== true);
  const fits = read.content.length <= fileSize && path.length <= longestPath && others.length < mostFiles;
  if (place === undefined || !fits) return refuses({ kept }, 'too-long');
  const content = Buffer.from(read.content);
  const file: KeptFile = { place, path, mode, length: content.length, sha256: sha256(content), object };
  return keeps({ ...kept, files: [...others, file] }, [{ file: place, bytes: content }]);
}

/** The end of an object that was begun and found held, or that was never begun. */
function endOfHeld(state: UnitState, asks: Asks<'end'>): Outcome<'end'> {
  const { kept } = state;
  const held = heldDigest(kept, asks);
  if (held?.equals(asks.sha256)) return says(state, {});
  if (asks.object === 'provisioning' || asks.object === 'file') return refuses(state, 'out-of-order');
  if (kept.committed?.operation.equals(asks.operation)) return refuses(state, 'other-credential');
  if (held === undefined || kept.staged === undefined) return refuses(state, 'out-of-order');
  // Staged is not in force: the unit forgets it, and the station sends the object again. A chain goes without its key.
  if (asks.object !== 'chain') return refusesAndForgets(state, 'digest-differs');
  const { chain: _, ...staged } = kept.staged;
  const record = { ...kept, staged };
  return refuses({ kept: record }, 'digest-differs', [{ record }]);
}
