import { bitString, encode, wrap, wrapSequence } from './build.ts';
import {
  contextTag,
  type Der,
  Fields,
  invalid,
  oidOf,
  readDer,
  smallInteger,
  tags,
  wholeBits,
  wholeOf,
} from './der.ts';
import { readExtensions } from './extension-list.ts';
import { type PublicKey, publicKeyOf } from './keys.ts';
import { encodeName, type Name, readName } from './names.ts';
import { derOrPem } from './pem.ts';
import {
  algorithmIdentifier,
  isSignatureAlgorithm,
  readAlgorithm,
  type SignatureAlgorithm,
  verifySignature,
  verifyWithKeyAsync,
} from './signatures.ts';

// Certification requests (PKCS#10, RFC 2986 section 4).

export type Csr = {
  readonly der: Buffer;
  /** The exact bytes of CertificationRequestInfo: what was signed. */
  readonly info: Buffer;
  readonly subject: Name;
  readonly subjectDer: Buffer;
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: SignatureAlgorithm | string;
  readonly signature: Buffer;
  /** Object identifiers of the extensions that are asked for (RFC 2985 section 5.4.2). */
  readonly extensionOids: readonly string[];
};

const labels = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'] as const;
const extensionRequest = '1.2.840.113549.1.9.14';

/** Reads a CSR in DER or PEM, at most 64 KiB of DER. Its signature is not checked. Throws `input.invalid`. */
export function readCsr(bytes: Buffer, place: string): Csr {
  const der = derOrPem(bytes, labels, place);
  const fields = new Fields(readDer(der, place), tags.sequence, 'a certification request');
  const info = fields.any('its information');
  const algorithm = fields.any('its signature algorithm');
  const signature = fields.next(tags.bitString, 'its signature');
  fields.end('the certification request');
  return {
    der,
    info: wholeOf(info),
    ...readInfo(info),
    // nRF91 modems write one (%KEYGEN); it stands outside of what was signed, and nothing of it goes into a certificate.
    signatureAlgorithm: readAlgorithm(algorithm, { ecdsaNull: true }),
    signature: wholeBits(signature, 'its signature'),
  };
}

function readInfo(info: Der): Pick<Csr, 'subject' | 'subjectDer' | 'publicKey' | 'extensionOids'> {
  const fields = new Fields(info, tags.sequence, 'its information');
  const version = smallInteger(fields.next(tags.integer, 'its version'), 'its version');
  if (version !== 0) throw invalid(info.place, 'version 1 (0)', `${version}`);
  const { der: subjectDer, attributes: subject } = readName(fields.any('its subject'), `${info.place}, subject`);
  const publicKey = publicKeyOf(fields.any('its public key'));
  // RFC 2986 wants them, if only as an empty set; some firmware leaves them out. The bytes that were signed say the same.
  const attributes = fields.optional(contextTag(0, true));
  fields.end('its information');
  return { subject, subjectDer, publicKey, extensionOids: attributes ? requestedExtensions(attributes) : [] };
}

/** The extensions of the one extensionRequest. Other attributes are passed over: a challenge password is none of ours. */
function requestedExtensions(attributes: Der): readonly string[] {
  const fields = new Fields(attributes, contextTag(0, true), 'its attributes');
  const requests: Der[] = [];
  while (fields.more) {
    const attribute = new Fields(fields.any('an attribute'), tags.sequence, 'an attribute');
    const type = oidOf(attribute.next(tags.oid, 'its type'), 'its type');
    const values = attribute.next(tags.set, 'its values');
    attribute.end('an attribute');
    if (type === extensionRequest) requests.push(values);
  }
  const [request, second] = requests;
  if (second) throw invalid(attributes.place, 'one extension request', 'several');
  return request ? readRequest(request) : [];
}

function readRequest(request: Der): readonly string[] {
  const values = new Fields(request, tags.set, 'the extension request');
  const extensions = readExtensions(values.any('the extensions asked for'));
  values.end('the extension request');
  return extensions.map(({ oid }) => oid);
}

/** Whether whoever made the CSR held its private key (proof of possession). False for an algorithm that is not ours. */
export function csrSignatureHolds({ signatureAlgorithm, publicKey, info, signature }: Csr): boolean {
  if (!isSignatureAlgorithm(signatureAlgorithm)) return false;
  return verifySignature(signatureAlgorithm, publicKey.key, info, signature);
}

/** The same in another thread. */
export async function csrSignatureHoldsAsync({
  signatureAlgorithm,
  publicKey,
  info,
  signature,
}: Csr): Promise<boolean> {
  if (!isSignatureAlgorithm(signatureAlgorithm)) return false;
  return verifyWithKeyAsync(signatureAlgorithm, publicKey, info, signature);
}

/** CertificationRequestInfo to be signed, with an empty set of attributes. Throws `input.invalid` for a bad subject. */
export function writeCsrInfo(subject: Name, spki: Buffer): Buffer {
  return wrapSequence(Buffer.of(tags.integer, 1, 0), encodeName(subject), spki, wrap(contextTag(0, true)));
}

/** What was signed, unchanged, with algorithm and signatureValue behind it: a CSR, a certificate or a CRL. */
export const assemble = (signed: Buffer, algorithm: SignatureAlgorithm, signature: Buffer): Buffer =>
  wrapSequence(signed, algorithmIdentifier(algorithm), encode(bitString(signature)));
