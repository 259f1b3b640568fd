// The certificate of an endorsement key, as it lies in a TPM's NV and as the TCG wants it (TCG EK Credential Profile 2.5, chapter 3).

import { StationError } from '../../station-core/contract/errors.ts';
import { readDirectoryNames } from '../asn1/alternative-names.ts';
import { type Certificate, readCertificate } from '../asn1/certificate.ts';
import { extensionOf } from '../asn1/extensions.ts';
import type { NameAttribute } from '../asn1/names.ts';
import { malformed } from './marshal.ts';
import type { TpmPublicKey } from './public.ts';

/** An endorsement key's public half, as TPM2B_PUBLIC gives it (public.ts). */
export type EkPublicKey = TpmPublicKey;

/** What the certificate says of the TPM (3.2.9, subject alternative name). */
export type TpmFacts = {
  /** Four characters of the TCG's vendor registry without padding, or eight hex digits for what is no text. */
  readonly manufacturer?: string;
  readonly model?: string;
  readonly version?: string;
};

export type EkCertificate = { readonly certificate: Certificate; readonly tpm: TpmFacts };

/** tcg-at-tpmManufacturer, Model and Version (TCG OID registry). */
const factTypes = { manufacturer: '2.23.133.2.1', model: '2.23.133.2.2', version: '2.23.133.2.3' } as const;

/** Longest certificate that is read; those of makers have 1 to 2 KiB. */
const longest = 8_192;
/** Longest chain in NV, all indices together, and its certificates: Intel's has three. */
const longestChain = 32_768;
const mostInChain = 16;

/**
 * The certificate out of what lies in an NV index: DER, with zeros or ones behind it that fill the index up, or inside the wrapper
 * that TPM 1.2 had and some makers kept (TCG PC Client Specific Implementation Specification 7.4.4: TCG_PCCLIENT_STORED_CERT, then
 * TCG_FULL_CERT). Throws `ek.certificate-unreadable`.
 */
export function unwrapNv(bytes: Buffer, place = 'the NV index'): Buffer {
  return asUnreadable(() => derIn(bytes, place));
}

const storedCert = 0x1001;
const fullCert = 0x1002;
/** Of TCG_PCCLIENT_STORED_CERT: its tag, the type of certificate, the size of what follows. */
const wrapperLength = 5;
const tagLength = 2;

function derIn(bytes: Buffer, place: string): Buffer {
  if (isFill(bytes)) throw malformed(place, 'a certificate', `${bytes.length} bytes of nothing`);
  const inner = bytes.length > wrapperLength && bytes.readUInt16BE(0) === storedCert ? unwrapped(bytes, place) : bytes;
  const { der, rest } = firstDer(inner, place);
  if (isFill(rest)) return der;
  throw malformed(place, 'a certificate with nothing but 00 or ff behind it', 'something else');
}

/** What stands inside the wrapper, and what fills up behind it. Some makers leave the tag of the certificate itself out. */
function unwrapped(bytes: Buffer, place: string): Buffer {
  if (bytes.readUInt8(2) !== 0) throw malformed(place, 'a full certificate in its wrapper', 'a part of one');
  const end = wrapperLength + bytes.readUInt16BE(3);
  const tagged = bytes.length >= wrapperLength + tagLength && bytes.readUInt16BE(wrapperLength) === fullCert;
  const inner = bytes.subarray(wrapperLength + (tagged ? tagLength : 0));
  const { der } = firstDer(inner, place);
  // The size counts the tag; where it was forgotten, the certificate ends two bytes later.
  const behind = inner.byteOffset - bytes.byteOffset + der.length;
  if (behind === end || (tagged && behind === end + tagLength)) return inner;
  throw malformed(
    place,
    `a certificate of the ${end - wrapperLength} bytes that its wrapper says`,
    `${der.length} bytes`,
  );
}

/** The SEQUENCE at the beginning, by its own length; what stands behind it is the caller's to judge. */
function firstDer(bytes: Buffer, place: string): { readonly der: Buffer; readonly rest: Buffer } {
  const [tag, first = 0] = bytes;
  const octets = first & 0x7f;
  if (tag !== 0x30 || first < 0x81 || octets > 2 || bytes.length < 2 + octets) {
    throw malformed(place, 'a certificate in DER', 'something else');
  }
  const end = 2 + octets + bytes.readUIntBE(2, octets);
  if (end > bytes.length || end > longest) {
    throw malformed(place, `a certificate of at most ${Math.min(longest, bytes.length)} bytes`, `${end}`);
  }
  return { der: bytes.subarray(0, end), rest: bytes.subarray(end) };
}

/** What an NV index has where nothing was written. */
const isBlank = (byte: number): boolean => byte === 0 || byte === 0xff;
const isFill = (bytes: Buffer): boolean => bytes.every(isBlank);

/** Reads an EK certificate, out of NV (see `unwrapNv`) or out of a list. Checks nothing. Throws `ek.certificate-unreadable`. */
export function readEkCertificate(bytes: Buffer, place: string): EkCertificate {
  return asUnreadable(() => {
    const certificate = readCertificate(derIn(bytes, place), place, { paddedSerial: true });
    return { certificate, tpm: factsOf(certificate, place) };
  });
}

function factsOf(certificate: Certificate, place: string): TpmFacts {
  const names = extensionOf(certificate, 'subjectAltName');
  const attributes = names ? readDirectoryNames(names).flat() : [];
  const of = (type: string) => factOf(type, attributes, certificate, place);
  const [manufacturer, model, version] = Object.values(factTypes).map(of);
  return {
    ...(manufacturer === undefined ? {} : { manufacturer: vendorOf(manufacturer) }),
    ...(model === undefined ? {} : { model }),
    ...(version === undefined ? {} : { version }),
  };
}

/** Some makers have the attributes in one RDN, some in three, VMware in the subject too. */
function factOf(
  type: string,
  attributes: readonly NameAttribute[],
  { subject }: Certificate,
  place: string,
): string | undefined {
  const [one, second] = attributes.filter((attribute) => attribute.type === type);
  if (second) throw malformed(place, `the attribute ${type} once`, 'several');
  const found = one ?? subject.find((attribute) => attribute.type === type);
  // It is shown to people and kept: no control characters, and no more than one line.
  return found?.value.slice(0, 64).replace(/\p{C}/gu, '?');
}

/** `id:` and eight hex digits, which are four characters of the vendor registry (TCG Vendor ID Registry). */
function vendorOf(text: string): string {
  const [, digits] = /^id:([0-9A-Fa-f]{8})$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const characters = Buffer.from(digits, 'hex')
    .toString('latin1')
    .replace(/[\0 ]+$/, '');
  return /^[\x21-\x7e][\x20-\x7e]{0,3}$/.test(characters) ? characters : digits.toUpperCase();
}

/**
 * The certificates that stand between the EK's and its root, out of the chain indices: DER one behind the other, across the borders of
 * indices (TCG EK Credential Profile 2.2.1.5.2; Intel's on-die CA). Zeros or ones between and behind them fill an index up. Throws
 * `ek.certificate-unreadable`.
 */
export function readChain(pieces: readonly Buffer[]): readonly Certificate[] {
  return asUnreadable(() => {
    const place = 'the certificate chain in NV';
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length > longestChain) throw malformed(place, `at most ${longestChain} bytes`, `${length}`);
    const certificates: Certificate[] = [];
    for (let left = afterFill(Buffer.concat(pieces)); left.length > 0; ) {
      if (certificates.length === mostInChain) throw malformed(place, `at most ${mostInChain} certificates`, 'more');
      const { der, rest } = firstDer(left, place);
      const name = `${place}, certificate ${certificates.length + 1}`;
      certificates.push(readCertificate(der, name, { paddedSerial: true }));
      left = afterFill(rest);
    }
    return certificates;
  });
}

function afterFill(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => !isBlank(byte));
  return bytes.subarray(start < 0 ? bytes.length : start);
}

function asUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
    const { place = '?', expected = '?' } = thrown.details;
    throw new StationError('ek.certificate-unreadable', { place, expected }, { cause: thrown });
  }
}
