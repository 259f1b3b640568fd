// How a TPM's endorsement key comes about, and which of its keys is that key: the same over raw commands and tpm2-tools.
import { StationError } from '../../station-core/contract/errors.ts';
import { persistentKeys } from './constants.ts';
import { brokenKeyRule, nameOf, type PublicArea, readArea } from './public.ts';
import { ekIndices, ekTemplate, isOfKind, templateWithNonce } from './templates.ts';
import type { EkKind, Endorsement } from './unit-tpm.ts';

/** The template that a kind of key is made by, as TPMT_PUBLIC. */
export type EkRecipe = { readonly kind: EkKind; readonly bytes: Buffer; readonly template: Endorsement['template'] };

/**
 * The template of a kind: the TCG's, or what the TPM's own indices make of it (TCG EK Credential Profile 2.2.1.4). `content` reads
 * an NV index, or says that there is none. Throws `tpm.key-refused` for a template in NV that makes no endorsement keys.
 */
async function ekRecipe(kind: EkKind, content: (index: number) => Promise<Buffer | undefined>): Promise<EkRecipe> {
  const { nonce, template } = ekIndices[kind];
  const own = template === undefined ? undefined : await content(template);
  if (own) checkTemplate(own);
  const bytes = own ?? ekTemplate(kind);
  const drawn = nonce === undefined ? undefined : await content(nonce);
  if (!drawn || (kind !== 'rsa2048' && kind !== 'p256')) return { kind, bytes, template: own ? 'nv' : 'standard' };
  return { kind, bytes: templateWithNonce(kind, bytes, drawn), template: own ? 'nv' : 'nonce' };
}

function checkTemplate(template: Buffer): void {
  const rule = brokenKeyRule({ ...readArea(template, 'the template of the TPM'), sized: template });
  // A template has no modulus yet.
  if (rule && !rule.includes('modulus'))
    throw new StationError('tpm.key-refused', { what: 'template in its NV', rule });
}

/** A key that the TPM shows, and the Name that it says. */
type ShownKey = { readonly public: PublicArea; readonly name: Buffer };

/** How a TPM is asked, by whatever way it is reached. */
export type KeySource<Key extends ShownKey> = {
  /** What an NV index holds, or nothing. */
  content(index: number): Promise<Buffer | undefined>;
  /** What the indices of certificate chains hold, in their order. */
  chain(): Promise<readonly Buffer[]>;
  /** Handles of persistent keys, ascending. */
  persistent(): Promise<readonly number[]>;
  read(handle: number): Promise<Key | undefined>;
  create(recipe: EkRecipe): Promise<Key>;
};

/**
 * The endorsement key of a kind: what is persistent first, else what the recipe makes; with its certificate and chain. Throws
 * `tpm.key-refused`, `tpm.name-differs` when the TPM says another Name than the key has, and what the source throws.
 */
export async function readEndorsement<Key extends ShownKey>(
  kind: EkKind,
  source: KeySource<Key>,
): Promise<{ readonly key: Key; readonly endorsement: Endorsement }> {
  const recipe = await ekRecipe(kind, (index) => source.content(index));
  const persistent = await findPersistent(recipe, source);
  const key = persistent?.key ?? (await source.create(recipe));
  if (!nameOf(key.public).equals(key.name)) throw new StationError('tpm.name-differs', { what: 'endorsement key' });
  const index = ekIndices[kind].certificate;
  const certificate = await source.content(index);
  const endorsement: Endorsement = {
    kind,
    public: key.public.sized,
    ...(persistent ? { origin: 'persistent', at: persistent.handle } : { origin: 'created' }),
    template: recipe.template,
    ...(certificate ? { certificate: { index, bytes: certificate } } : {}),
    chain: certificate ? await source.chain() : [],
  };
  return { key, endorsement };
}

/** Persistent keys of the endorsement hierarchy (TCG registry of reserved handles: 0x81010000 to 0x8101FFFF). */
const isOfEndorsement = (handle: number): boolean => handle >>> 16 === 0x8101;

/**
 * The persistent key that a recipe is for, among persistent handles. The SDKs take whatever is at 0x81010001 for the endorsement
 * key (dps-reference 9.2), so another key there would make the device register as somebody else: it is refused with
 * `tpm.key-refused`.
 */
async function findPersistent<Key extends ShownKey>(
  { kind, bytes }: EkRecipe,
  source: KeySource<Key>,
): Promise<{ readonly handle: number; readonly key: Key } | undefined> {
  for (const handle of (await source.persistent()).filter(isOfEndorsement)) {
    const key = await source.read(handle);
    if (!key) continue;
    if (isOfKind(key.public, kind) || isMadeBy(key.public, bytes)) return { handle, key };
    if (kind === 'rsa2048' && handle === persistentKeys.endorsement) {
      const rule = 'the key at 0x81010001, which devices register with, is not of this kind';
      throw new StationError('tpm.key-refused', { what: 'endorsement key', rule });
    }
  }
  return undefined;
}

/** A key that was made by this template, or `tpm.key-refused`. */
export function madeBy<Key extends { readonly public: PublicArea }>(key: Key | undefined, template: Buffer): Key {
  if (key && isMadeBy(key.public, template)) return key;
  throw new StationError('tpm.key-refused', { what: 'key that it made', rule: 'it is not of the template' });
}

/** Whether a key came out of this template: everything but `unique`. */
export function isMadeBy(area: PublicArea, template: Buffer): boolean {
  const wanted = readArea(template, 'the template');
  const sameKey =
    wanted.key.type === 'rsa'
      ? area.key.type === 'rsa' && area.key.exponent === wanted.key.exponent && area.key.modulus.length === 256
      : area.key.type === 'ec' && area.key.curve === wanted.key.curve;
  return (
    sameKey &&
    area.nameAlgorithm === wanted.nameAlgorithm &&
    area.attributes === wanted.attributes &&
    area.authPolicy.equals(wanted.authPolicy) &&
    area.aesBits === wanted.aesBits
  );
}
