import type { Handle } from 'pkcs11js';
import { CKA, CKK } from './cryptoki.ts';
import { type In, numberOf, readBytes } from './pkcs11-objects.ts';

/** The OIDs of the curves that we make keys on, and of those that others do (RFC 5480 2.1.1.1, RFC 8410), DER in hex. */
const curveBits: Readonly<Record<string, number>> = {
  '06082a8648ce3d030107': 256,
  '06052b81040022': 384,
  '06052b81040023': 521,
  '06052b8104000a': 256,
  '06032b6570': 256,
  // SoftHSM keeps the PrintableString of PKCS#11 v3.0, section 2.3.3.
  '130c656477617264733235353139': 256,
};

/** How long a key is, out of attributes that hold no secret. None where the token does not say it. */
export function bitsOf(at: In, object: Handle): number | undefined {
  switch (numberOf(readBytes(at, object, CKA.KEY_TYPE))) {
    case CKK.RSA:
      return bitLength(readBytes(at, object, CKA.MODULUS));
    case CKK.EC:
    case CKK.EC_EDWARDS:
      return curveBits[readBytes(at, object, CKA.EC_PARAMS)?.toString('hex') ?? ''];
    case CKK.GENERIC_SECRET:
    case CKK.SHA256_HMAC:
      return bytesToBits(numberOf(readBytes(at, object, CKA.VALUE_LEN)));
    default:
      return undefined;
  }
}

/** Of a whole number, big-endian, perhaps behind zeroes. */
function bitLength(modulus: Buffer | undefined): number | undefined {
  const digits = modulus?.toString('hex').replace(/^0+/, '') ?? '';
  return digits === '' ? undefined : BigInt(`0x${digits}`).toString(2).length;
}

const bytesToBits = (bytes: number | undefined) => (bytes === undefined || bytes === 0 ? undefined : bytes * 8);
