import { setImmediate } from 'node:timers/promises';
import { type Certificate, readCertificate } from '../drivers/asn1/certificate.ts';
import type { PassPhrase } from '../drivers/asn1/encrypted.ts';
import { extensionOf, readBasicConstraints } from '../drivers/asn1/extensions.ts';
import { readPems } from '../drivers/asn1/pem.ts';
import { looksLikePkcs12, readPkcs12 } from '../drivers/asn1/pkcs12.ts';
import { type PrivateKey, privateKeyLabels, readPrivateKey } from '../drivers/asn1/private-keys.ts';
import { checkGiven, type Given, pinOf, type Trust } from './ca/given.ts';
import { keyHash } from './ca/issuer.ts';
import { StationError } from './contract/errors.ts';
import { checkId } from './contract/registration-id.ts';
import { longestCommonName } from './orders/identity.ts';
import { readVendorCsv } from './orders/vendor-file.ts';

// What an import's files hold, checked: certificates of devices with their paths and, for a store with keys, the key of each. The
// first thing that does not fit is thrown with its file and place, and nothing of any file is kept.

export type Entry = {
  /** "units.p12", "bundle.pem, certificate 3". */
  readonly place: string;
  readonly registrationId: string;
  readonly given: Given;
  readonly keyHash: Buffer;
  /** PKCS#8 in DER; whoever asked for it zeroes it. */
  readonly pkcs8?: Buffer;
};

export type KeyFile = { readonly name: string; readonly bytes: Buffer };

/** The CA certificates that an import trusts, and how they are pinned. */
export type Anchors = { readonly certificates: readonly Certificate[]; readonly trust: Trust };

const invalid = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });

type Placed = { readonly place: string; readonly certificate: Certificate };

/** Reads the anchors: CA certificates and nothing else. */
export function anchorsOf(pem: string, production: boolean): Anchors {
  const placed = certificatesOf(pem, 'the anchors');
  const stray = placed.find(({ certificate }) => !isCa(certificate));
  if (stray) throw invalid(stray.place, 'the certificate of a CA', 'a device');
  const certificates = placed.map(({ certificate }) => certificate);
  return { certificates, trust: { anchors: new Set(certificates.map(pinOf)), production } };
}

/** Certificates with their keys out of PEM bundles and PKCS#12 files. `phrase` opens all that is encrypted. */
export async function keyedEntries(
  files: readonly KeyFile[],
  phrase: PassPhrase | undefined,
  anchors: Anchors,
  at: number,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  try {
    for (const file of files) {
      const { certificates, keys } = readKeyFile(file, phrase);
      try {
        entries.push(...matched(file.name, certificates, keys, anchors, at));
      } catch (thrown) {
        for (const { pkcs8 } of keys) pkcs8.fill(0);
        throw thrown;
      }
      // Key derivation takes milliseconds a file: lanes go on in between.
      await setImmediate();
    }
    refuseTwins(entries);
    return entries;
  } catch (thrown) {
    zeroKeys(entries);
    throw thrown;
  }
}

export function zeroKeys(entries: readonly Entry[]): void {
  for (const { pkcs8 } of entries) pkcs8?.fill(0);
}

/** Certificates of a vendor's list, whose keys are in the units: CSV, or PEM. */
export function listedEntries(text: string, name: string, anchors: Anchors, at: number): readonly Entry[] {
  const all = /^\s*(\ufeff)?-----BEGIN /.test(text) ? certificatesOf(text, name) : csvCertificates(text, name);
  const cas = [...all.map(({ certificate }) => certificate).filter(isCa), ...anchors.certificates];
  const leaves = all.filter(({ certificate }) => !isCa(certificate));
  if (leaves.length === 0) throw invalid(name, 'certificates of devices', 'none');
  const entries = leaves.map(({ place, certificate }) => entryOf(place, certificate, cas, anchors.trust, at));
  refuseTwins(entries);
  return entries;
}

const csvCertificates = (text: string, name: string): Placed[] =>
  readVendorCsv(text, name).map((listed) => {
    const bytes = Buffer.from(listed.text, listed.text.startsWith('-----') ? 'latin1' : 'base64');
    return { place: listed.place, certificate: readCertificate(bytes, listed.place) };
  });

function certificatesOf(pem: string, name: string): Placed[] {
  return readPems(pem, name).map(({ label, der }, index) => {
    const place = `${name}, certificate ${index + 1}`;
    if (label === 'CERTIFICATE') return { place, certificate: readCertificate(der, place) };
    if (privateKeyLabels.has(label))
      throw invalid(place, 'certificates alone', 'a private key, which must not be here');
    throw invalid(place, 'CERTIFICATE', label);
  });
}

type KeyFileContent = { readonly certificates: readonly Placed[]; readonly keys: readonly PrivateKey[] };

function readKeyFile({ name, bytes }: KeyFile, phrase: PassPhrase | undefined): KeyFileContent {
  if (!looksLikePkcs12(bytes)) return readBundle(name, bytes, phrase);
  if (!phrase) throw invalid(name, 'the pass phrase of a PKCS#12 file', 'none');
  const { certificates, keys } = readPkcs12(bytes, phrase, name);
  try {
    const read = certificates.map((der, index) => {
      const place = `${name}, certificate ${index + 1}`;
      return { place, certificate: readCertificate(der, place) };
    });
    return { certificates: read, keys };
  } catch (thrown) {
    for (const { pkcs8 } of keys) pkcs8.fill(0);
    throw thrown;
  }
}

function readBundle(name: string, bytes: Buffer, phrase: PassPhrase | undefined): KeyFileContent {
  const blocks = readPems(bytes, name);
  const certificates: Placed[] = [];
  const keys: PrivateKey[] = [];
  try {
    for (const { label, der } of blocks) {
      if (label === 'CERTIFICATE') {
        const place = `${name}, certificate ${certificates.length + 1}`;
        certificates.push({ place, certificate: readCertificate(der, place) });
      } else if (privateKeyLabels.has(label)) {
        keys.push(readPrivateKey(label, der, phrase, `${name}, key ${keys.length + 1}`));
      } else if (label !== 'EC PARAMETERS') throw invalid(name, 'certificates and private keys', label);
    }
    return { certificates, keys };
  } catch (thrown) {
    for (const { pkcs8 } of keys) pkcs8.fill(0);
    throw thrown;
  } finally {
    for (const { label, der } of blocks) if (privateKeyLabels.has(label)) der.fill(0);
  }
}

/** Each key with the certificate of its public key; a key or a device's certificate that is left over refuses the file. */
function matched(
  name: string,
  certificates: readonly Placed[],
  keys: readonly PrivateKey[],
  anchors: Anchors,
  at: number,
): Entry[] {
  if (keys.length === 0) throw invalid(name, 'a private key with its certificate', 'no private key');
  const cas = [...certificates.map(({ certificate }) => certificate).filter(isCa), ...anchors.certificates];
  const left = new Set(certificates.filter(({ certificate }) => !isCa(certificate)));
  const entries = keys.map(({ pkcs8, publicKey }, index): Entry => {
    const own = certificates.find(({ certificate }) => certificate.publicKey.spki.equals(publicKey.spki));
    if (!own)
      throw invalid(`${name}, key ${index + 1}`, 'its certificate in the same file', 'none that is of this key');
    left.delete(own);
    return { ...entryOf(own.place, own.certificate, cas, anchors.trust, at), pkcs8 };
  });
  const [stray] = left;
  if (stray) throw invalid(stray.place, 'its private key in the same file', 'none that is of this certificate');
  return entries;
}

function isCa(certificate: Certificate): boolean {
  const constraints = extensionOf(certificate, 'basicConstraints');
  return constraints !== undefined && readBasicConstraints(constraints).ca;
}

function entryOf(place: string, leaf: Certificate, cas: readonly Certificate[], trust: Trust, at: number): Entry {
  const given = checkedAt(place, () => checkGiven(leaf, cas, trust, at));
  const registrationId = checkedAt(place, () => checkId(given.commonName.toLowerCase(), longestCommonName));
  return { place, registrationId, given, keyHash: keyHash(leaf.publicKey.spki) };
}

/** What is thrown names the file and the entry. */
function checkedAt<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    const { which, rule } = thrown.details;
    if (thrown.code === 'ca.chain')
      throw new StationError('ca.chain', { which: `${place}, ${which}`, rule: `${rule}` });
    if (thrown.code === 'identity.invalid') throw invalid(place, `a CN that is a registration ID (${rule})`, 'another');
    throw thrown;
  }
}

/** One certificate, one key, one registration ID in all files together. */
function refuseTwins(entries: readonly Entry[]): void {
  const seen = new Map<string, string>();
  for (const { place, registrationId, keyHash: hash } of entries) {
    for (const [what, value] of [
      ['registration ID', `id ${registrationId}`],
      ['key', `key ${hash.toString('hex')}`],
    ] as const) {
      const other = seen.get(value);
      if (other !== undefined) throw invalid(place, `a ${what} that is there once`, `the one of ${other}`);
      seen.set(value, place);
    }
  }
}
