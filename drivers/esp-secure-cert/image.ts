// What a device's esp_secure_cert partition says: its certificate chain, and its key or where the key is.
import { StationError } from '../../station-core/contract/errors.ts';
import { readCertificate } from '../asn1/certificate.ts';
import { readPems } from '../asn1/pem.ts';
import { readPrivateKey } from '../asn1/private-keys.ts';
import { type Entry, invalid, partitionSize, readPartition, writePartition } from './entries.ts';

/** Types of entries (esp_secure_cert_tlv_config.h); 51 is the first of those that are a user's own. */
const types = { ca: 0, device: 1, key: 2, dsData: 3, dsContext: 4, salt: 5, config: 6, operation: 51 } as const;
/** Flags of the key's entry (esp_secure_cert_tlv_private.h). */
const flags = { encrypted: 0x80, derived: 0x40, efuse: 0x08 } as const;
/** The sixth block of the eFuses is the first for keys (EFUSE_BLK_KEY0 is block 4). */
const firstKeyBlock = 4;
const keyBlocks = 6;
const configLength = 40;
const operationLength = 16;
const saltLengths = { least: 16, most: 64 } as const;

/**
 * Where the device's private key is. `plain`: in the partition, PKCS#8 in DER, which only flash encryption hides. `derived`: made by the
 * chip itself, P-256 by PBKDF2 over HMAC with a key of its eFuses and this salt. `efuse`: in a key block of the eFuses, for the ECDSA
 * peripheral. Of the last two the station never sees the key: its public half comes with a request of the device.
 */
export type EspKey =
  | { readonly kind: 'plain'; readonly pkcs8: Buffer }
  | { readonly kind: 'derived'; readonly salt: Buffer }
  | { readonly kind: 'efuse'; readonly block: number };

export type EspIdentity = {
  /** The device's chain as PEM: leaf, intermediates, root. */
  readonly chain: Buffer;
  readonly key: EspKey;
  /** CA certificates that it knows its servers by, PEM. */
  readonly roots?: Buffer;
  /** The operation that the credential belongs to, 16 bytes: what the firmware names it by over uart-v1. */
  readonly operation?: Buffer;
};

/**
 * The image of the partition, for whatever writes flash. The caller zeroes it. A key that is not the certificate's is refused, since the
 * device would find out in the field. Throws `input.invalid`.
 */
export function writeImage({ chain, key, roots, operation }: EspIdentity, size = partitionSize): Buffer {
  const leaf = leafOf(chain, 'the chain');
  if (roots) leafOf(roots, 'the CA certificates');
  if (key.kind === 'plain') checkPair(key.pkcs8, leaf.publicKey.spki);
  const entries = [
    ...(roots ? [entry(types.ca, terminated(roots))] : []),
    entry(types.device, terminated(chain)),
    ...keyEntries(key),
    ...(operation ? [entry(types.operation, requireOperation(operation))] : []),
  ];
  return writePartition(entries, size);
}

function keyEntries(key: EspKey): readonly Entry[] {
  switch (key.kind) {
    case 'plain':
      return [entry(types.key, key.pkcs8)];
    case 'derived': {
      const { length } = key.salt;
      if (length < saltLengths.least || length > saltLengths.most)
        throw invalid('the salt', '16 to 64 bytes', `${length}`);
      return [entry(types.key, Buffer.alloc(0), flags.derived), entry(types.salt, key.salt)];
    }
    case 'efuse': {
      const { block } = key;
      if (!Number.isInteger(block) || block < 0 || block >= keyBlocks)
        throw invalid('the key block', '0 to 5', `${block}`);
      const config = Buffer.alloc(configLength);
      config[0] = block + firstKeyBlock;
      return [entry(types.key, Buffer.alloc(0), flags.efuse), entry(types.config, config)];
    }
  }
}

/**
 * What an image says, as views of it: the caller zeroes the image. Entries of types that are none of these are passed over. Throws
 * `input.invalid`, and `unit.cannot` for keys of the digital signature peripheral (RSA) and for encrypted ones: both are made with a key
 * of the chip's eFuses, which the station neither has nor burns.
 */
export function readImage(bytes: Buffer): EspIdentity {
  const entries = readPartition(bytes);
  const of = (type: number) => entries.find((one) => one.type === type && one.subtype === 0);
  if (of(types.dsData) ?? of(types.dsContext)) throw new StationError('unit.cannot', { what: 'key-by-ds-peripheral' });
  const chain = text(of(types.device), "the device's certificate");
  const leaf = leafOf(chain, 'the chain');
  const key = readKey(of(types.key), of(types.salt), of(types.config));
  if (key.kind === 'plain') checkPair(key.pkcs8, leaf.publicKey.spki);
  const [roots, operation] = [of(types.ca), of(types.operation)];
  return {
    chain,
    key,
    ...(roots ? { roots: text(roots, 'the CA certificates') } : {}),
    ...(operation ? { operation: requireOperation(operation.value) } : {}),
  };
}

function requireOperation(value: Buffer): Buffer {
  if (value.length === operationLength) return value;
  throw invalid('the operation', `${operationLength} bytes`, `${value.length}`);
}

function readKey(key: Entry | undefined, salt: Entry | undefined, config: Entry | undefined): EspKey {
  switch (key?.flags) {
    case 0:
      return { kind: 'plain', pkcs8: key.value };
    case flags.derived:
      if (!salt) throw invalid('the partition', 'the salt of its derived key', 'none');
      return { kind: 'derived', salt: salt.value };
    case flags.efuse:
      return { kind: 'efuse', block: blockOf(config) };
    case flags.encrypted:
      throw new StationError('unit.cannot', { what: 'encrypted-key' });
    case undefined:
      throw invalid('the partition', 'a private key', 'none');
    default:
      throw invalid("the key's entry", 'flags that are known', `${key?.flags}`);
  }
}

function blockOf(config: Entry | undefined): number {
  const block = (config?.value[0] ?? 0) - firstKeyBlock;
  if (config?.value.length === configLength && block >= 0 && block < keyBlocks) return block;
  throw invalid('the partition', 'the key block of its key', 'none');
}

const entry = (type: number, value: Buffer, flag = 0): Entry => ({ type, subtype: 0, flags: flag, value });

/** Throws `input.invalid` unless the key is one that a device can use, and the certificate's. */
function checkPair(pkcs8: Buffer, spki: Buffer): void {
  const key = readPrivateKey('PRIVATE KEY', pkcs8, undefined, 'the private key');
  key.pkcs8.fill(0);
  if (!key.publicKey.spki.equals(spki)) throw invalid('the private key', "the certificate's", 'another one');
}

/** PEM ends with a zero byte, as the chip's reader (mbed TLS) wants texts. */
const terminated = (pem: Buffer): Buffer => Buffer.concat([pem, Buffer.of(0)]);

function text(found: Entry | undefined, what: string): Buffer {
  if (found === undefined) throw invalid('the partition', what, 'none');
  const { value } = found;
  if (value.length === 0 || value.indexOf(0) !== value.length - 1)
    throw invalid(what, 'a text with a zero byte at its end', 'another');
  return value.subarray(0, -1);
}

function leafOf(pem: Buffer, place: string) {
  const certificates = readPems(pem, place).map(({ label, der }, index) => {
    const which = `${place}, certificate ${index + 1}`;
    if (label === 'CERTIFICATE') return readCertificate(der, which);
    throw invalid(which, 'CERTIFICATE', label);
  });
  const [leaf] = certificates;
  if (leaf === undefined) throw invalid(place, 'a certificate', 'none');
  return leaf;
}
