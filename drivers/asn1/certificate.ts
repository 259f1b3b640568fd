import { hash } from 'node:crypto';
import { encode, integer, sequence, wrap, wrapSequence } from './build.ts';
import {
  contentOf,
  contextTag,
  type Der,
  Fields,
  integerBytes,
  invalid,
  readDer,
  smallInteger,
  tags,
  wholeBits,
  wholeOf,
} from './der.ts';
import { type Extension, readExtensions, writeExtensions } from './extension-list.ts';
import { type PublicKey, publicKeyOf } from './keys.ts';
import { encodeName, type Name, readName } from './names.ts';
import { derOrPem } from './pem.ts';
import { algorithmIdentifier, readAlgorithm, type SignatureAlgorithm } from './signatures.ts';
import { nextTime, time } from './time.ts';

// Certificates (RFC 5280 section 4.1).

export type Tbs = {
  /** 1, 2 or 3. */
  readonly version: number;
  /** Content bytes of the INTEGER, big-endian, as encoded. */
  readonly serial: Buffer;
  readonly signatureAlgorithm: SignatureAlgorithm | string;
  readonly issuerDer: Buffer;
  readonly issuer: Name;
  /** Unix milliseconds, inclusive. */
  readonly notBefore: number;
  /** Unix milliseconds, inclusive. */
  readonly notAfter: number;
  readonly subjectDer: Buffer;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
  /** The TBSCertificate itself, byte for byte. */
  readonly der: Buffer;
};

export type Certificate = Tbs & {
  /** The whole certificate in DER. */
  readonly certificate: Buffer;
  /** What was signed: the same bytes as `der`. */
  readonly tbs: Buffer;
  readonly outerAlgorithm: SignatureAlgorithm | string;
  readonly signature: Buffer;
};

/** Longest serial number that is read, in bytes. RFC 5280 allows 20; what others issued may break that. */
const maxSerial = 64;

export type Leniences = {
  /**
   * Takes a serial number with zeros in front, which DER does not have (X.690 8.3.2) and certificates that STMicroelectronics issued
   * for TPMs do. The bytes stay as they are, so nothing changes of what was signed.
   */
  readonly paddedSerial?: boolean;
};

/** Reads a TBSCertificate in DER. Throws `input.invalid`. */
export const readTbs = (der: Buffer, place: string): Tbs => tbsOf(readDer(der, place), {});

/** Reads a certificate in DER or PEM, at most 64 KiB of DER. Its signature is not checked. Throws `input.invalid`. */
export function readCertificate(bytes: Buffer, place: string, leniences: Leniences = {}): Certificate {
  const certificate = derOrPem(bytes, 'CERTIFICATE', place);
  const fields = new Fields(readDer(certificate, place), tags.sequence, 'a certificate');
  const signed = fields.any('what is signed');
  const outer = fields.any('its signature algorithm');
  const signature = wholeBits(fields.next(tags.bitString, 'its signature'), 'its signature');
  fields.end('the certificate');
  const tbs = tbsOf(signed, leniences);
  const outerAlgorithm = readAlgorithm(outer);
  // RFC 5280 4.1.1.2. Ours are compared by name, as the parameters are checked; of others the bytes are not known.
  if (outerAlgorithm !== tbs.signatureAlgorithm) {
    throw invalid(place, `the signature algorithm ${tbs.signatureAlgorithm} inside and outside`, outerAlgorithm);
  }
  return { ...tbs, certificate, tbs: tbs.der, outerAlgorithm, signature };
}

function tbsOf(value: Der, { paddedSerial = false }: Leniences): Tbs {
  const { place } = value;
  const fields = new Fields(value, tags.sequence, 'TBSCertificate');
  const version = readVersion(fields, place);
  const serial = readSerial(fields.next(tags.integer, 'its serial number'), paddedSerial);
  const signatureAlgorithm = readAlgorithm(fields.any('its signature algorithm'));
  const issuer = readName(fields.any('its issuer'), `${place}, issuer`);
  const validity = new Fields(fields.any('its validity'), tags.sequence, 'its validity');
  const notBefore = nextTime(validity, 'notBefore');
  const notAfter = nextTime(validity, 'notAfter');
  validity.end('its validity');
  const subject = readName(fields.any('its subject'), `${place}, subject`);
  const publicKey = publicKeyOf(fields.any('its public key'));
  const extensions = readRest(fields, version, place);
  return {
    version,
    serial,
    signatureAlgorithm,
    issuerDer: issuer.der,
    issuer: issuer.attributes,
    notBefore,
    notAfter,
    subjectDer: subject.der,
    subject: subject.attributes,
    publicKey,
    extensions,
    der: wholeOf(value),
  };
}

function readSerial(value: Der, padded: boolean): Buffer {
  const serial = contentOf(value);
  const isPadded = padded && serial[0] === 0 && serial.length > 1;
  if (!isPadded) integerBytes(value, 'its serial number');
  if (serial.length <= maxSerial) return serial;
  throw invalid(value.place, `a serial number of at most ${maxSerial} bytes`, `${serial.length}`);
}

/** [0] EXPLICIT, and absent for version 1. */
function readVersion(fields: Fields, place: string): number {
  const tagged = fields.optional(contextTag(0, true));
  if (!tagged) return 1;
  const inner = new Fields(tagged, tagged.tag, 'its version');
  const version = smallInteger(inner.next(tags.integer, 'its version'), 'its version') + 1;
  inner.end('its version');
  if (version > 3) throw invalid(place, 'version 1 to 3', `${version}`);
  return version;
}

/** Unique identifiers (version 2 and 3; passed over) and extensions (version 3 only). */
function readRest(fields: Fields, version: number, place: string): readonly Extension[] {
  const identifiers = [fields.optional(contextTag(1, false)), fields.optional(contextTag(2, false))];
  const tagged = fields.optional(contextTag(3, true));
  fields.end('TBSCertificate');
  if (version < 2 && identifiers.some(Boolean)) throw invalid(place, 'no unique identifiers in version 1', 'some');
  if (!tagged) return [];
  if (version < 3) throw invalid(place, 'extensions in version 3 only', `version ${version}`);
  const inner = new Fields(tagged, tagged.tag, 'its extensions');
  const list = inner.any('its extensions');
  inner.end('its extensions');
  return readExtensions(list);
}

export type TbsFields = {
  /** Content bytes of the INTEGER: positive, minimal, 1 to 20 (RFC 5280 4.1.2.2). */
  readonly serial: Buffer;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly issuerDer: Buffer;
  /** Unix milliseconds, whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly subject: Name;
  readonly spki: Buffer;
  readonly extensions: readonly Extension[];
};

const version3 = Buffer.of(contextTag(0, true), 3, tags.integer, 1, 2);

/** The TBSCertificate to be signed, version 3. Issuer and key are taken byte for byte. Throws `input.invalid`. */
export function writeTbs(tbs: TbsFields): Buffer {
  const extensions = tbs.extensions.length > 0 ? [wrap(contextTag(3, true), writeExtensions(tbs.extensions))] : [];
  return wrapSequence(
    version3,
    encode(integer(checkSerial(tbs.serial))),
    algorithmIdentifier(tbs.signatureAlgorithm),
    tbs.issuerDer,
    encode(sequence(time(tbs.notBefore), time(tbs.notAfter))),
    encodeName(tbs.subject),
    tbs.spki,
    ...extensions,
  );
}

function checkSerial(serial: Buffer): Buffer {
  const [first = 0, second = 0] = serial;
  const padded = first === 0 && second < 0x80;
  if (serial.length < 1 || serial.length > 20 || first >= 0x80 || padded) {
    throw invalid('serial number', 'a positive number of 1 to 20 bytes', `${serial.length} bytes that are none`);
  }
  return serial;
}

/** SHA-256 of a certificate in DER, lower-case hex. */
export const fingerprint = (certificate: Buffer): string => hash('sha256', certificate, 'hex');
