// Templates (TPMT_PUBLIC; part 2, 12.2) as TPMs read them, and which of them this TPM makes keys by: storage keys, whose rules
// are in part 2, 8.3.3 and 12.2.3.
import { algorithms, attributes as bits, curves } from '../../tpm/constants.ts';
import { type CurveName, fieldLength, type HashName, hashLength } from '../../tpm/public.ts';
import { rc, refuse } from './codes.ts';
import type { Input } from './input.ts';

export type KeyKind = 'rsa2048' | CurveName;

export type Template = {
  /** All of it, and what comes before `unique`. */
  readonly bytes: Buffer;
  readonly head: Buffer;
  readonly kind: KeyKind;
};

/** TPMA_OBJECT beyond those of the driver (part 2, 8.3). */
export const stClear = 1 << 2;
const encryptedDuplication = 1 << 11;
const x509sign = 1 << 19;
const known = Object.values(bits).reduce((all, bit) => all | bit, stClear | encryptedDuplication | x509sign);

const hashes: ReadonlyMap<number, HashName> = new Map([
  [algorithms.sha256, 'sha256'],
  [algorithms.sha384, 'sha384'],
  [algorithms.sha512, 'sha512'],
]);

/** TPMI_ALG_HASH. */
export const readHash = (input: Input): HashName => hashes.get(input.u16()) ?? refuse(rc.hash);

/** What is read before it is judged. */
type Read = {
  readonly attributes: number;
  readonly hash: HashName | undefined;
  readonly policy: Buffer;
  readonly symmetric: boolean;
  readonly scheme: boolean;
  readonly kdf: boolean;
  readonly exponent: number;
  readonly kind: KeyKind;
};

/** Reads a template; what it has to be beyond its form is `checkTemplate`'s to say. */
export function readTemplate(input: Input): { readonly template: Template; readonly read: Read } {
  const from = input.at;
  const type = input.u16();
  if (type !== algorithms.rsa && type !== algorithms.ecc) refuse(rc.type);
  const algorithm = input.u16();
  const hash = hashes.get(algorithm);
  if (!hash && algorithm !== algorithms.null) refuse(rc.hash);
  const attributes = input.u32();
  if ((attributes & ~known) !== 0) refuse(rc.reservedBits);
  const policy = input.sized(64);
  const symmetric = readSymmetric(input);
  const rest = type === algorithms.rsa ? readRsa(input) : readEcc(input);
  const head = Buffer.from(input.since(from));
  readUnique(input, rest.kind);
  const template = { bytes: Buffer.from(input.since(from)), head, kind: rest.kind };
  return { template, read: { attributes, hash, policy, symmetric, ...rest } };
}

/** TPMT_SYM_DEF_OBJECT (part 2, 11.1.7): AES in CFB mode, or none. */
function readSymmetric(input: Input): boolean {
  const algorithm = input.u16();
  if (algorithm === algorithms.null) return false;
  if (algorithm !== algorithms.aes) refuse(rc.symmetric);
  if (![128, 192, 256].includes(input.u16())) refuse(rc.value);
  if (input.u16() !== algorithms.cfb) refuse(rc.mode);
  return true;
}

/** Schemes of keys that are none of a storage key's, and the one without a hash (part 2, 11.2.3). */
const rsaSchemes = { first: 0x14, last: 0x17, bare: 0x15 };
const eccSchemes = [0x18, 0x19, 0x1b, 0x1c, 0x1d];
const derivations = [0x07, 0x20, 0x21, 0x22];

function readRsa(input: Input): Omit<Read, 'attributes' | 'hash' | 'policy' | 'symmetric'> {
  const scheme = input.u16();
  const named = scheme >= rsaSchemes.first && scheme <= rsaSchemes.last;
  if (!named && scheme !== algorithms.null) refuse(rc.value);
  if (named && scheme !== rsaSchemes.bare) readHash(input);
  if (input.u16() !== 2_048) refuse(rc.value);
  return { scheme: named, kdf: false, exponent: input.u32(), kind: 'rsa2048' };
}

function readEcc(input: Input): Omit<Read, 'attributes' | 'hash' | 'policy' | 'symmetric'> {
  const scheme = input.u16();
  const named = eccSchemes.includes(scheme);
  if (!named && scheme !== algorithms.null) refuse(rc.scheme);
  if (named) readHash(input);
  const curve = input.u16();
  if (curve !== curves.p256 && curve !== curves.p384) refuse(rc.curve);
  const kdf = input.u16();
  const derives = derivations.includes(kdf);
  if (!derives && kdf !== algorithms.null) refuse(rc.kdf);
  if (derives) readHash(input);
  return { scheme: named, kdf: derives, exponent: 0, kind: curve === curves.p256 ? 'p256' : 'p384' };
}

/** `unique` only makes one key differ from another; as long as the longest key of its type (part 2, 12.2.3.2). */
const longestUnique = { rsa: 384, ecc: 80 } as const;

function readUnique(input: Input, kind: KeyKind): void {
  if (kind === 'rsa2048') input.sized(longestUnique.rsa);
  else {
    input.sized(longestUnique.ecc);
    input.sized(longestUnique.ecc);
  }
}

const has = (attributes: number, bit: number): boolean => (attributes & bit) !== 0;

/** What a primary key's template has to be (part 2, 8.3.3; part 3, 24.1). Answers its name algorithm. */
export function checkTemplate({ attributes, hash, policy, symmetric, scheme, kdf, exponent }: Read): HashName {
  if (!has(attributes, bits.sensitiveDataOrigin)) refuse(rc.attributes);
  if (!hash) refuse(rc.hash);
  if (policy.length !== 0 && policy.length !== hashLength[hash]) refuse(rc.size);
  const { fixedTPM, fixedParent, restricted, decrypt, sign } = bits;
  if (has(attributes, fixedTPM) !== has(attributes, fixedParent)) refuse(rc.attributes);
  const [signs, opens, limited] = [sign, decrypt, restricted].map((bit) => has(attributes, bit));
  if (signs === opens && (limited || !signs)) refuse(rc.attributes);
  if (has(attributes, fixedTPM) && has(attributes, encryptedDuplication)) refuse(rc.attributes);
  // Only storage keys are made here; other keys have no symmetric algorithm.
  if (!opens || !limited) refuse(symmetric ? rc.symmetric : rc.attributes);
  if (scheme) refuse(rc.scheme);
  if (kdf) refuse(rc.kdf);
  if (!symmetric) refuse(rc.symmetric);
  if (exponent !== 0 && exponent !== 65_537) refuse(rc.range);
  return hash;
}

/** Bytes of a coordinate, or of a modulus. */
export const uniqueLength = { rsa2048: 256, ...fieldLength } as const satisfies Record<KeyKind, number>;
