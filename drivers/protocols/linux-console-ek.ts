// How tpm2-tools make an endorsement key by a template (TPMT_PUBLIC).
import { u16 } from '../tpm/marshal.ts';
import { readArea } from '../tpm/public.ts';

export type CreatePrimary = {
  readonly algorithm: string;
  readonly hash: string;
  readonly attributes: string;
  readonly policy: Buffer;
  /** For `-u`, or none where the template has none. */
  readonly unique?: Buffer;
};

/**
 * The options of tpm2_createprimary for a template. It is what makes keys by nonces and templates in NV: tpm2_createek -t of
 * tpm2-tools 5.4 needs both indices and copies the address of the nonce instead of its bytes, so that it makes another key each time.
 */
export function createPrimaryOptions(template: Buffer, littleEndian: boolean): CreatePrimary {
  const { nameAlgorithm, attributes, authPolicy, aesBits, key } = readArea(template, 'template');
  const unique = uniqueForTools(template, littleEndian);
  return {
    algorithm: `${key.type === 'rsa' ? 'rsa2048' : `ecc${key.curve.slice(1)}`}:aes${aesBits}cfb`,
    hash: nameAlgorithm,
    attributes: `0x${attributes.toString(16)}`,
    policy: authPolicy,
    ...(unique === undefined ? {} : { unique }),
  };
}

/** Whether a template says more in `unique` than that it is empty. */
export const hasUnique = (template: Buffer): boolean => sizedParts(uniqueOf(template)).some(({ length }) => length > 0);

/** Longest coordinate in the TSS's structures (TPM2_MAX_ECC_KEY_BYTES). */
const coordinateRoom = 128;

/** `unique` as `-u` takes it: the TSS's own structures as they lie in the memory of the machine (tpm2_createprimary(1)). */
function uniqueForTools(template: Buffer, littleEndian: boolean): Buffer | undefined {
  if (!hasUnique(template)) return undefined;
  const parts = sizedParts(uniqueOf(template));
  const size = ({ length }: Buffer): Buffer => (littleEndian ? u16(length).swap16() : u16(length));
  const native = (part: Buffer): Buffer => Buffer.concat([size(part), part]);
  if (parts.length === 1) return Buffer.concat(parts.map(native));
  return Buffer.concat(parts.map((part) => Buffer.concat([native(part), Buffer.alloc(coordinateRoom - part.length)])));
}

/** `unique` of a template: what follows its parameters, one TPM2B of an RSA key, two of an ECC key. */
function uniqueOf(template: Buffer): Buffer {
  // Type, name algorithm and attributes; the policy; AES with its bits and mode, or none; scheme, size or curve, exponent or KDF.
  const policy = 8 + 2 + template.readUInt16BE(8);
  const isRsa = template.readUInt16BE(0) === 0x0001;
  return template.subarray(policy + 6 + (isRsa ? 8 : 6));
}

function sizedParts(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    parts.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return parts;
}
