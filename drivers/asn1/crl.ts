import { encode, enumerated, integer, smallNumber, wrap, wrapSequence } from './build.ts';
import {
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
import { authorityKeyIdentifier, extensionOf, oids, readAuthorityKeyIdentifier } from './extensions.ts';
import { readName } from './names.ts';
import { derOrPem } from './pem.ts';
import { algorithmIdentifier, readAlgorithm, type SignatureAlgorithm } from './signatures.ts';
import { nextTime, time } from './time.ts';

// Certificate revocation lists (RFC 5280 section 5): complete ones of one issuer, version 2.

/** CRLReason (5.3.1) with its number; 7 is not used. */
export const reasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type Reason = keyof typeof reasons;

const reasonNames = new Map(Object.entries(reasons).map(([name, number]) => [number, name as Reason] as const));

/** `serial` is the content of the INTEGER, `at` Unix milliseconds. */
export type Revoked = { readonly serial: Buffer; readonly at: number; readonly reason: Reason };

export type TbsCrlFields = {
  readonly issuerDer: Buffer;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Unix milliseconds, whole seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** CRL number: 0 to 2^47 - 1, rising. */
  readonly number: number;
  readonly authorityKeyIdentifier: Buffer;
  readonly revoked: readonly Revoked[];
};

export type Crl = Omit<TbsCrlFields, 'signatureAlgorithm'> & {
  readonly signatureAlgorithm: SignatureAlgorithm | string;
  /** The whole CRL in DER. */
  readonly der: Buffer;
  /** What was signed. */
  readonly tbs: Buffer;
  readonly signature: Buffer;
};

/** Largest CRL that is read, in bytes: about 300,000 certificates with reasons. */
export const maxCrl = 16 * 1024 * 1024;

const version2 = Buffer.of(tags.integer, 1, 1);

/** The TBSCertList to be signed. Throws `input.invalid`. */
export function writeTbsCrl(crl: TbsCrlFields): Buffer {
  const entries = crl.revoked.map(writeRevoked);
  return wrapSequence(
    version2,
    algorithmIdentifier(crl.signatureAlgorithm),
    crl.issuerDer,
    encode(time(crl.thisUpdate)),
    encode(time(crl.nextUpdate)),
    // 5.1.2.6: when nothing is revoked, the list is absent.
    ...(entries.length > 0 ? [wrapSequence(Buffer.concat(entries))] : []),
    wrap(
      contextTag(0, true),
      writeExtensions([
        authorityKeyIdentifier(crl.authorityKeyIdentifier),
        { oid: oids.crlNumber, critical: false, value: encode(smallNumber(crl.number)) },
      ]),
    ),
  );
}

function writeRevoked({ serial, at, reason }: Revoked): Buffer {
  const parts = [encode(integer(serial)), encode(time(at))];
  // 5.3.1: unspecified is said by leaving the reason out.
  if (reason !== 'unspecified') parts.push(reasonExtensions[reason]);
  return wrapSequence(...parts);
}

const reasonExtensions = Object.fromEntries(
  Object.entries(reasons).map(([name, number]) => [
    name,
    writeExtensions([{ oid: oids.reasonCode, critical: false, value: encode(enumerated(number)) }]),
  ]),
) as Readonly<Record<Reason, Buffer>>;

/**
 * Reads a CRL in DER or PEM, at most 16 MiB of DER. It must be as RFC 5280 wants CAs to make them (5.1.2.5, 5.2.1, 5.2.3):
 * with nextUpdate, authority key identifier and number. Its signature is not checked. Throws `input.invalid`, also for a critical
 * extension, since every one of them makes it less than a complete list of one issuer.
 */
export function readCrl(bytes: Buffer, place: string): Crl {
  const der = derOrPem(bytes, 'X509 CRL', place, maxCrl);
  const fields = new Fields(readDer(der, place, maxCrl), tags.sequence, 'a CRL');
  const tbs = fields.any('what is signed');
  const outerAlgorithm = readAlgorithm(fields.any('its signature algorithm'));
  const signature = wholeBits(fields.next(tags.bitString, 'its signature'), 'its signature');
  fields.end('the CRL');
  const read = readTbsCrl(tbs);
  if (read.signatureAlgorithm !== outerAlgorithm) {
    throw invalid(place, `the signature algorithm ${read.signatureAlgorithm} inside and outside`, outerAlgorithm);
  }
  return { ...read, der, tbs: wholeOf(tbs), signature };
}

function readTbsCrl(tbs: Der): Omit<Crl, 'der' | 'tbs' | 'signature'> {
  const fields = new Fields(tbs, tags.sequence, 'TBSCertList');
  const version = smallInteger(fields.next(tags.integer, 'its version'), 'its version');
  if (version !== 1) throw invalid(tbs.place, 'a CRL of version 2 (1)', `${version}`);
  const signatureAlgorithm = readAlgorithm(fields.any('its signature algorithm'));
  const issuerDer = readName(fields.any('its issuer'), `${tbs.place}, issuer`).der;
  const thisUpdate = nextTime(fields, 'thisUpdate');
  const nextUpdate = nextTime(fields, 'nextUpdate');
  const list = fields.optional(tags.sequence);
  const extensions = readCrlExtensions(fields.next(contextTag(0, true), 'its extensions'));
  fields.end('TBSCertList');
  const revoked = list ? readRevokedList(list) : [];
  return { signatureAlgorithm, issuerDer, thisUpdate, nextUpdate, revoked, ...extensions };
}

function readCrlExtensions(tagged: Der): Pick<Crl, 'number' | 'authorityKeyIdentifier'> {
  const inner = new Fields(tagged, tagged.tag, 'its extensions');
  const extensions = uncritical(readExtensions(inner.any('its extensions')), tagged.place);
  inner.end('its extensions');
  const numbered = extensionOf({ extensions }, 'crlNumber');
  const authority = extensionOf({ extensions }, 'authorityKeyIdentifier');
  const identifier = authority && readAuthorityKeyIdentifier(authority);
  if (!numbered || !identifier) {
    throw invalid(tagged.place, 'a CRL number and an authority key identifier (RFC 5280 5.2)', 'none');
  }
  return { number: numberIn(numbered, tags.integer, 'the CRL number'), authorityKeyIdentifier: identifier };
}

function uncritical(extensions: readonly Extension[], place: string): readonly Extension[] {
  const critical = extensions.find((one) => one.critical);
  if (critical) throw invalid(place, 'a complete CRL without critical extensions', critical.oid);
  return extensions;
}

function numberIn({ oid, value }: Extension, tag: number, what: string): number {
  const read = readDer(value, `extension ${oid}`);
  if (read.tag !== tag) throw invalid(read.place, what, 'another value');
  return smallInteger(read, what);
}

/** An empty list is absent (5.1.2.6), so there is one entry at least. */
function readRevokedList(list: Der): readonly Revoked[] {
  const fields = new Fields(list, tags.sequence, 'the revoked certificates');
  const revoked: Revoked[] = [];
  do revoked.push(readRevoked(fields.any('a revoked certificate')));
  while (fields.more);
  return revoked;
}

function readRevoked(entry: Der): Revoked {
  const fields = new Fields(entry, tags.sequence, 'a revoked certificate');
  const serial = integerBytes(fields.next(tags.integer, 'its serial number'), 'its serial number');
  const at = nextTime(fields, 'its revocation date');
  const list = fields.optional(tags.sequence);
  fields.end('a revoked certificate');
  return { serial, at, reason: list ? readReason(list) : 'unspecified' };
}

function readReason(list: Der): Reason {
  const extensions = uncritical(readExtensions(list), list.place);
  const coded = extensionOf({ extensions }, 'reasonCode');
  if (!coded) return 'unspecified';
  const reason = reasonNames.get(numberIn(coded, tags.enumerated, 'the reason') as (typeof reasons)[Reason]);
  if (reason === undefined) throw invalid(list.place, 'a reason of RFC 5280 5.3.1', 'another number');
  return reason;
}
