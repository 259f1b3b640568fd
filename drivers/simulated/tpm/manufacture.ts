// What a TPM maker does with a TPM before it leaves: the endorsement key that its certificate is for, and the certificate in NV.
import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { handles, nvIndices } from '../../tpm/constants.ts';
import { ekTemplate } from '../../tpm/templates.ts';
import { areaOf } from './keys.ts';
import { makersAttributes } from './nv.ts';
import { digestOf } from './primaries.ts';
import type { Kept } from './state.ts';

const generate = promisify(generateKeyPair);

/** What a TPM leaves its maker with. */
export type MadeTpm = {
  /** The private endorsement key, RSA-2048 as PKCS#8 PEM. */
  readonly ekKey: string;
  /** Its certificate, DER. */
  readonly certificate: Buffer;
};

/**
 * A new endorsement key, certified by whoever makes this TPM. Ahead of time and beside everything else: a key takes some 0.1 s,
 * which nobody waits for here.
 */
export async function makeTpm(certify: (ek: KeyObject) => Buffer | Promise<Buffer>): Promise<MadeTpm> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2_048 });
  const certificate = await certify(publicKey);
  return { ekKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
}

/** The memory of a TPM that was just made. Throws TypeError for an endorsement key that is not RSA-2048. */
export function newState({ ekKey, certificate }: MadeTpm): Kept {
  const key = createPrivateKey(ekKey);
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails?.modulusLength !== 2_048)
    throw new TypeError('a TPM is made with an RSA-2048 endorsement key');
  const template = ekTemplate('rsa2048');
  // The template ends with its empty modulus, of 2 + 256 bytes.
  const area = areaOf(key, 'rsa2048', template.subarray(0, -258));
  const { endorsement: hierarchy } = handles;
  const none = Buffer.alloc(0);
  return {
    proof: randomBytes(32),
    primaries: new Map([[digestOf(hierarchy, template), { hierarchy, area, key }]]),
    persistent: new Map(),
    auths: { owner: none, endorsement: none, lockout: none },
    nv: new Map([[nvIndices.rsaCertificate, { attributes: makersAttributes, content: certificate }]]),
    failures: { tries: 0, at: 0 },
  };
}
