// Templates of keys (TCG EK Credential Profile 2.5, appendix B.3 and B.4; dps-reference 9.2), and how an endorsement key is authorised.
import { algorithms, attributes, curves, nvIndices } from './constants.ts';
import { sized, u16, u32 } from './marshal.ts';
import { type HashName, hashAlgorithm, type PublicArea } from './public.ts';
import type { EkKind } from './unit-tpm.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** PolicyA: PolicySecret(endorsement hierarchy). */
const policyA = {
  sha256: hex('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa'),
  sha384: hex('8bbf2266537c171cb56e403c4dc1d4b64f432611dc386e6f532050c3278c930e143e8bb1133824ccb431053871c6db53'),
} as const;
/** PolicyC: PolicyAuthorizeNV of the index that the platform may hold a policy in. */
const policyC = {
  sha256: hex('3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde'),
  sha384: hex('d6032ce61f2fb3c240eb3cf6a33237ef2b6a16f4293c22b455e261cffd217ad5b4947c2d73e63005eed2dc2b3593d165'),
} as const;
/** PolicyB: PolicyOR of A and C, the policy of the high range. */
const policyB = {
  sha256: hex('ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0'),
  sha384: hex('b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12'),
} as const;

const common =
  attributes.fixedTPM |
  attributes.fixedParent |
  attributes.sensitiveDataOrigin |
  attributes.adminWithPolicy |
  attributes.restricted |
  attributes.decrypt;

type Shape = {
  readonly nameAlgorithm: 'sha256' | 'sha384';
  readonly attributes: number;
  readonly policy: Buffer;
  readonly aesBits: number;
  readonly parameters: Buffer;
  readonly unique: Buffer;
};

/** RSA: no scheme, key size, exponent 0. */
const rsa2048 = Buffer.concat([u16(algorithms.null), u16(2_048), u32(0)]);
/** ECC: no scheme, curve, no key derivation. */
const ecc = (curve: number): Buffer => Buffer.concat([u16(algorithms.null), u16(curve), u16(algorithms.null)]);
const zeros = (length: number): Buffer => sized(Buffer.alloc(length));

const low = { nameAlgorithm: 'sha256', attributes: common, policy: policyA.sha256, aesBits: 128 } as const;
const highAttributes = common | attributes.userWithAuth;
const high256 = { nameAlgorithm: 'sha256', attributes: highAttributes, policy: policyB.sha256, aesBits: 128 } as const;
const high384 = { nameAlgorithm: 'sha384', attributes: highAttributes, policy: policyB.sha384, aesBits: 256 } as const;

const shapes = {
  rsa2048: { ...low, parameters: rsa2048, unique: zeros(256) },
  p256: { ...low, parameters: ecc(curves.p256), unique: Buffer.concat([zeros(32), zeros(32)]) },
  'high-rsa2048': { ...high256, parameters: rsa2048, unique: zeros(0) },
  'high-p256': { ...high256, parameters: ecc(curves.p256), unique: Buffer.concat([zeros(0), zeros(0)]) },
  'high-p384': { ...high384, parameters: ecc(curves.p384), unique: Buffer.concat([zeros(0), zeros(0)]) },
} as const satisfies Record<EkKind, Shape>;

/** Everything of a template before `unique`. */
function headOf(
  type: number,
  { nameAlgorithm, attributes: bits, policy, aesBits, parameters }: Omit<Shape, 'unique'>,
): Buffer {
  const symmetric = Buffer.concat([u16(algorithms.aes), u16(aesBits), u16(algorithms.cfb)]);
  return Buffer.concat([u16(type), u16(hashAlgorithm[nameAlgorithm]), u32(bits), sized(policy), symmetric, parameters]);
}

const typeOf = (kind: EkKind): number => (kind.endsWith('rsa2048') ? algorithms.rsa : algorithms.ecc);

/** The TPMT_PUBLIC that an endorsement key is made by. */
export const ekTemplate = (kind: EkKind): Buffer =>
  Buffer.concat([headOf(typeOf(kind), shapes[kind]), shapes[kind].unique]);

/**
 * The template with the TPM's own nonce in `unique`: an EK whose certificate was made for it comes out of no other (TCG EK
 * Credential Profile 2.2.1.4). Only the low range has nonces. The nonce is filled up with zeros.
 */
export function templateWithNonce(kind: 'rsa2048' | 'p256', template: Buffer, nonce: Buffer): Buffer {
  const length = kind === 'rsa2048' ? 256 : 32;
  const unique = Buffer.alloc(length);
  nonce.copy(unique, 0, 0, length);
  const tail = kind === 'rsa2048' ? sized(unique) : Buffer.concat([sized(unique), zeros(32)]);
  return Buffer.concat([template.subarray(0, template.length - shapes[kind].unique.length), tail]);
}

/** A storage key on P-256 that lives as long as the conversation: challenges are bound to it where no storage root key is. */
export const activationTemplate: Buffer = Buffer.concat([
  headOf(algorithms.ecc, {
    nameAlgorithm: 'sha256',
    attributes:
      attributes.fixedTPM |
      attributes.fixedParent |
      attributes.sensitiveDataOrigin |
      attributes.userWithAuth |
      attributes.noDA |
      attributes.restricted |
      attributes.decrypt,
    policy: Buffer.alloc(0),
    aesBits: 128,
    parameters: ecc(curves.p256),
  }),
  zeros(0),
  zeros(0),
]);

/** Where a kind's certificate lies, and the indices that change how it is made. */
export const ekIndices: Readonly<
  Record<EkKind, { readonly certificate: number; readonly nonce?: number; readonly template?: number }>
> = {
  rsa2048: { certificate: nvIndices.rsaCertificate, nonce: nvIndices.rsaNonce, template: nvIndices.rsaTemplate },
  p256: { certificate: nvIndices.eccCertificate, nonce: nvIndices.eccNonce, template: nvIndices.eccTemplate },
  'high-rsa2048': { certificate: nvIndices.highRsa2048 },
  'high-p256': { certificate: nvIndices.highP256 },
  'high-p384': { certificate: nvIndices.highP384 },
};

/** Whether a key is of this kind: type, size or curve, name algorithm, policy and what it may be used for. */
export function isOfKind(area: PublicArea, kind: EkKind): boolean {
  const { nameAlgorithm, policy, attributes: bits, aesBits } = shapes[kind];
  const { key } = area;
  const size = key.type === 'rsa' ? (key.modulus.length === 256 ? 'rsa2048' : 'rsa') : key.curve;
  return (
    kind.endsWith(size) &&
    area.nameAlgorithm === nameAlgorithm &&
    area.authPolicy.equals(policy) &&
    area.attributes === bits &&
    area.aesBits === aesBits
  );
}

/**
 * How an endorsement key's policy is satisfied: PolicySecret alone, or with a PolicyOR of these branches behind it. None for a
 * policy that is not one of the TCG's.
 */
export function branchesOf({ nameAlgorithm, authPolicy }: PublicArea): readonly Buffer[] | undefined {
  const known = (hash: HashName): hash is 'sha256' | 'sha384' => hash !== 'sha512';
  if (!known(nameAlgorithm)) return undefined;
  if (authPolicy.equals(policyA[nameAlgorithm])) return [];
  return authPolicy.equals(policyB[nameAlgorithm]) ? [policyA[nameAlgorithm], policyC[nameAlgorithm]] : undefined;
}
