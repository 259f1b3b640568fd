import { createDecipheriv, hash, pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { contentOf, type Der, Fields, invalid, oidOf, smallInteger, tags } from './der.ts';

// What a pass phrase opens: PBES2 (RFC 8018 section 6.2), and the older schemes of PKCS#12 (RFC 7292 appendix C), which files of
// Windows and of `openssl pkcs12 -legacy` still have. Only what is listed here, and no more work than a person waits for.

/** A pass phrase as its scheme wants it: UTF-8, and UTF-16 with a zero at its end (RFC 7292 appendix B.1). */
export type PassPhrase = { readonly utf8: Buffer; readonly utf16: Buffer };

/** Both forms are copies, which `forget` zeroes; the phrase itself stays the caller's. */
export function passPhraseOf(utf8: Buffer): PassPhrase {
  const utf16 = Buffer.from(`${utf8.toString('utf8')}\0`, 'utf16le');
  return { utf8: Buffer.from(utf8), utf16: utf16.swap16() };
}

export function forget({ utf8, utf16 }: PassPhrase): void {
  utf8.fill(0);
  utf16.fill(0);
}

/** What takes less than a second in all; a hundred times what tools write today. */
const mostRounds = { pbkdf2: 1_000_000, pkcs12: 60_000 } as const;

const hmacs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

type Cipher = { readonly name: string; readonly key: number; readonly iv: number };
const ciphers: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', key: 16, iv: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', key: 24, iv: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', key: 32, iv: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', key: 24, iv: 8 },
};

/** SHA-1 and a cipher (RFC 7292 appendix C). */
const older: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', key: 24, iv: 8 },
  '1.2.840.113549.1.12.1.5': { name: 'rc2-128', key: 16, iv: 8 },
  '1.2.840.113549.1.12.1.6': { name: 'rc2-40', key: 5, iv: 8 },
};

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';

/**
 * Decrypts what an AlgorithmIdentifier says; the caller zeroes the answer. A wrong pass phrase shows as broken padding, or as
 * bytes that are none of what they should be. Throws `input.invalid`.
 */
export function decrypt(algorithm: Der, encrypted: Buffer, phrase: PassPhrase): Buffer {
  const { place } = algorithm;
  const fields = new Fields(algorithm, tags.sequence, 'the encryption');
  const oid = oidOf(fields.next(tags.oid, 'the encryption'), 'the encryption');
  const parameters = fields.any('the parameters of the encryption');
  fields.end('the encryption');
  if (oid === pbes2) return openPbes2(parameters, encrypted, phrase);
  const cipher = older[oid];
  if (cipher) return openOlder(cipher, parameters, encrypted, phrase);
  throw invalid(place, 'PBES2 with AES, or the 3DES and RC2 of older PKCS#12', `encryption ${oid}`);
}

function openPbes2(parameters: Der, encrypted: Buffer, { utf8 }: PassPhrase): Buffer {
  const { place } = parameters;
  const fields = new Fields(parameters, tags.sequence, 'PBES2');
  const derivation = new Fields(fields.any('the key derivation'), tags.sequence, 'the key derivation');
  const scheme = new Fields(fields.any('the cipher'), tags.sequence, 'the cipher');
  fields.end('PBES2');
  const kdf = oidOf(derivation.next(tags.oid, 'the key derivation'), 'the key derivation');
  if (kdf !== pbkdf2) throw invalid(place, 'PBKDF2', `key derivation ${kdf}`);
  const { salt, rounds, digest } = readPbkdf2(derivation.any('the parameters of PBKDF2'));
  const oid = oidOf(scheme.next(tags.oid, 'the cipher'), 'the cipher');
  const cipher = ciphers[oid];
  if (!cipher) throw invalid(place, 'AES or 3DES in CBC mode', `cipher ${oid}`);
  const iv = contentOf(scheme.next(tags.octets, 'its initialisation vector'));
  if (iv.length !== cipher.iv) throw invalid(place, `${cipher.iv} bytes of initialisation vector`, `${iv.length}`);
  const key = pbkdf2Sync(utf8, salt, rounds, cipher.key, digest);
  try {
    return openWith(cipher.name, key, iv, encrypted, place);
  } finally {
    key.fill(0);
  }
}

function readPbkdf2(parameters: Der): { readonly salt: Buffer; readonly rounds: number; readonly digest: string } {
  const { place } = parameters;
  const fields = new Fields(parameters, tags.sequence, 'PBKDF2');
  const salt = contentOf(fields.next(tags.octets, 'its salt'));
  const rounds = roundsOf(fields.next(tags.integer, 'its rounds'), mostRounds.pbkdf2);
  fields.optional(tags.integer);
  const prf = fields.optional(tags.sequence);
  fields.end('PBKDF2');
  const oid = prf
    ? oidOf(new Fields(prf, tags.sequence, 'its HMAC').next(tags.oid, 'its HMAC'), 'its HMAC')
    : '1.2.840.113549.2.7';
  const digest = hmacs[oid];
  if (digest === undefined) throw invalid(place, 'HMAC with SHA-1 or SHA-2', `HMAC ${oid}`);
  return { salt, rounds, digest };
}

function roundsOf(value: Der, most: number): number {
  const rounds = smallInteger(value, 'rounds');
  if (rounds < 1 || rounds > most) throw invalid(value.place, `1 to ${most} rounds of key derivation`, `${rounds}`);
  return rounds;
}

function openOlder(cipher: Cipher, parameters: Der, encrypted: Buffer, { utf16 }: PassPhrase): Buffer {
  const { place } = parameters;
  const fields = new Fields(parameters, tags.sequence, 'the parameters of the encryption');
  const salt = contentOf(fields.next(tags.octets, 'its salt'));
  const rounds = roundsOf(fields.next(tags.integer, 'its rounds'), mostRounds.pkcs12);
  fields.end('the parameters of the encryption');
  const key = derive({ phrase: utf16, salt, rounds, digest: 'sha1', purpose: 1, length: cipher.key });
  const iv = derive({ phrase: utf16, salt, rounds, digest: 'sha1', purpose: 2, length: cipher.iv });
  try {
    return cipher.name.startsWith('rc2')
      ? openRc2(key, iv, encrypted, place)
      : openWith(cipher.name, key, iv, encrypted, place);
  } finally {
    key.fill(0);
  }
}

const wrong = (place: string) =>
  invalid(place, 'the pass phrase that it was encrypted with', 'another one, or broken bytes');

function openWith(name: string, key: Buffer, iv: Buffer, encrypted: Buffer, place: string): Buffer {
  const decipher = createDecipheriv(name, key, iv);
  const first = decipher.update(encrypted);
  try {
    const last = decipher.final();
    const whole = Buffer.concat([first, last]);
    last.fill(0);
    return whole;
  } catch {
    throw wrong(place);
  } finally {
    first.fill(0);
  }
}

/** OpenSSL has RC2 in its legacy provider only. It hides certificates, which are public; keys are never under it here. */
function openRc2(key: Buffer, iv: Buffer, encrypted: Buffer, place: string): Buffer {
  const bytes = (buffer: Buffer) => forge.util.createBuffer(buffer.toString('latin1'));
  const cipher = forge.rc2.createDecryptionCipher(bytes(key), key.length * 8);
  cipher.start(bytes(iv));
  cipher.update(bytes(encrypted));
  if (!cipher.finish()) throw wrong(place);
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

export type Derivation = {
  readonly phrase: Buffer;
  readonly salt: Buffer;
  readonly rounds: number;
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** 1: a key, 2: an initialisation vector, 3: the key of the MAC. */
  readonly purpose: 1 | 2 | 3;
  readonly length: number;
};

/** The key derivation of PKCS#12 (RFC 7292 appendix B.2). The caller zeroes the answer. */
export function derive({ phrase, salt, rounds, digest, purpose, length }: Derivation): Buffer {
  const block = digest === 'sha1' || digest === 'sha256' ? 64 : 128;
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([filled(salt, block), filled(phrase, block)]);
  const answer = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    let hashed = hash(digest, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < rounds; round += 1) hashed = hash(digest, hashed, 'buffer');
    done += hashed.copy(answer, done);
    add(input, filled(hashed, block).subarray(0, block), block);
    hashed.fill(0);
  }
  input.fill(0);
  return answer;
}

/** Repeated until it fills whole blocks. */
function filled(bytes: Buffer, block: number): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0);
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Every block of `input` plus `addend` plus one, modulo its size. */
function add(input: Buffer, addend: Buffer, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (addend[at] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
