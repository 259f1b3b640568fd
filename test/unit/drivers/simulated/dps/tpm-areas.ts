// Public areas of endorsement and storage root keys by the usual templates, with keys that no TPM has.
import { generateKeyPairSync } from 'node:crypto';

export type Role = 'ek' | 'srk';

const POLICY_A = '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
/** Name algorithm, attributes and policy of a template (TCG EK Credential Profile; TCG Provisioning Guidance). */
const heads = { ek: `000b000300b20020${POLICY_A}`, srk: '000b000304720000' };
const SYMMETRIC_AND_SCHEME = '0006008000430010';

const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

const hex = (jwkMember: string) => Buffer.from(jwkMember, 'base64url').toString('hex');

/** A TPM2B_PUBLIC of an RSA-2048 key, of the same modulus for each role. */
export function rsaArea(role: Role): Buffer {
  return sized(`0001${heads[role]}${SYMMETRIC_AND_SCHEME}0800000000000100${hex(n)}`);
}

/** A TPM2B_PUBLIC of a P-256 key, of the same point for each role unless it is given, in hex. */
export function eccArea(role: Role, point = { x: hex(x), y: hex(y) }): Buffer {
  const [sizeOfX, sizeOfY] = [point.x, point.y].map((text) => (text.length / 2).toString(16).padStart(4, '0'));
  return sized(`0023${heads[role]}${SYMMETRIC_AND_SCHEME}00030010${sizeOfX}${point.x}${sizeOfY}${point.y}`);
}

function sized(area: string): Buffer {
  const bytes = Buffer.from(`0000${area}`, 'hex');
  bytes.writeUInt16BE(bytes.length - 2);
  return bytes;
}
