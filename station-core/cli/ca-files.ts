import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { extname } from 'node:path';
import { readPems, writePem } from '../../drivers/asn1/pem.ts';
import { StationError } from '../contract/errors.ts';
import { readBytes } from './recipe-file.ts';
import { note } from './terminal.ts';

// Files of the CA commands: results are written whole or not at all and never over another file; what is read holds
// certificates and nothing else.

type Content = string | Buffer;
type Part = { readonly path: string; readonly part: string; readonly descriptor: number };

const refused = (place: string, expected: string, found: string, cause?: unknown): StationError =>
  new StationError('input.invalid', { place, expected, found }, { cause });

/** How the operating system calls an error. */
export const codeOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? 'an error';

/**
 * Writes new files with what `make` makes. Their names are taken first, so that nothing is signed or destroyed whose result
 * has no place; should the disk fail after that, the result is shown instead. Throws `input.invalid` with the file's name.
 */
export async function writeNew<T>(
  paths: readonly string[],
  make: () => Promise<T>,
  contents: (made: T) => readonly Content[],
  mode = 0o644,
): Promise<T> {
  const parts: Part[] = [];
  try {
    for (const path of paths) parts.push(take(path, mode));
    const made = await make();
    publish(parts, contents(made));
    return made;
  } finally {
    for (const { part, descriptor } of parts) {
      closeSync(descriptor);
      rmSync(part, { force: true });
    }
  }
}

/** One file with a text that is there already. */
export const writeText = async (path: string, text: string): Promise<string> =>
  writeNew(
    [path],
    async () => text,
    (made) => [made],
  );

function take(path: string, mode: number): Part {
  if (existsSync(path)) throw refused(path, 'a name that no file has yet', 'a file');
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    return { path, part, descriptor: openSync(part, 'wx', mode) };
  } catch (cause) {
    throw refused(path, 'a file that can be written', codeOf(cause), cause);
  }
}

function publish(parts: readonly Part[], contents: readonly Content[]): void {
  const done: string[] = [];
  try {
    for (const [index, { descriptor }] of parts.entries()) fill(descriptor, bytesOf(contents[index] ?? ''));
    for (const { part, path } of parts) {
      giveName(part, path);
      done.push(path);
    }
  } catch (cause) {
    for (const path of done) rmSync(path, { force: true });
    const texts = contents.filter((content) => typeof content === 'string');
    note(`It is done, but could not be written. Keep this:\n${texts.join('')}`);
    throw refused(parts[done.length]?.path ?? '', 'a file that can be written', codeOf(cause), cause);
  }
}

/** Bytes stay the caller's: a copy of keys could not be zeroed by anybody. */
const bytesOf = (content: Content): Buffer => (Buffer.isBuffer(content) ? content : Buffer.from(content));

function fill(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  fsyncSync(descriptor);
}

/** A link fails where a file has the name meanwhile, and a rename does not; memory sticks (FAT) have no links. */
function giveName(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' || existsSync(path)) throw thrown;
    renameSync(part, path);
  }
}

/** What people take for a certificate and what it is, by its first bytes or its name. */
const others: readonly { readonly is: (file: string, bytes: Buffer) => boolean; readonly found: string }[] = [
  {
    // PFX ::= SEQUENCE { version INTEGER (3), … }: RFC 7292 section 4.
    is: (file, bytes) =>
      /^\.(pfx|p12)$/i.test(extname(file)) || /^30(82....|83......|84........|80|..)020103/.test(hex(bytes)),
    found: 'a PFX (PKCS #12) file, which is made to hold private keys; export the certificates alone',
  },
  {
    is: (_, bytes) => bytes.includes('PRIVATE KEY-----'),
    found: 'a private key; it must not be here. Take it out, and ask its owner whether it is still a secret',
  },
  {
    is: (file, bytes) => /^\.p7[bc]$/i.test(extname(file)) || bytes.includes('-----BEGIN PKCS7-----'),
    found: 'a PKCS #7 file; write it as PEM: openssl pkcs7 -print_certs',
  },
];

const hex = (bytes: Buffer): string => bytes.subarray(0, 12).toString('hex');

/** The certificates of some files as PEM: PEM with any number of them, or DER with one (F-66). Throws `input.invalid`. */
export const readCertificates = (files: readonly string[]): string => files.map(certificatesIn).join('');

function certificatesIn(file: string): string {
  const bytes = readBytes(file);
  const expected = 'certificates and nothing else, as PEM (.pem, .cer) or DER (.cer, .der)';
  const other = others.find(({ is }) => is(file, bytes));
  if (other) throw refused(file, expected, other.found);
  if (bytes[0] === 0x30 && !bytes.includes('-----BEGIN ')) return writePem('CERTIFICATE', bytes);
  const pems = readPems(bytes, file);
  const stranger = pems.find(({ label }) => label !== 'CERTIFICATE');
  if (stranger) throw refused(file, expected, `a block ${stranger.label.slice(0, 40)}`);
  return pems.map(({ der }) => writePem('CERTIFICATE', der)).join('');
}
