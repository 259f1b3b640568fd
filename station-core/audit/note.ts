import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { StationError } from '../contract/errors.ts';

// Signed heads as C2SP has them: tlog-checkpoint in a signed-note. One key of the log is a P-256 key and, where the HSM makes
// such, an Ed25519 key beside it; many verifiers take only the second.

/** A key of the log: SubjectPublicKeyInfo of each half, DER. */
export type LogKey = { readonly origin: string; readonly p256: Buffer; readonly ed25519?: Buffer | undefined };

/** A checkpoint, read: what it says, and the text that was signed. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};
export type NoteSignature = { readonly name: string; readonly keyId: Buffer; readonly signature: Buffer };

const emDash = '—';
/** An Ed25519 SubjectPublicKeyInfo is this and the 32 bytes of the key (RFC 8410, section 4). */
const edPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** The three lines that are signed. */
export function checkpointText(origin: string, size: number, root: Buffer): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** The first 4 bytes of SHA-256 of the key's SubjectPublicKeyInfo, without name or type (signed-note, ECDSA). */
export const ecdsaKeyId = (spki: Buffer): Buffer => hash('sha256', spki, 'buffer').subarray(0, 4);

/** The first 4 bytes of SHA-256(name ‖ 0A ‖ 01 ‖ key) (signed-note, Ed25519). */
export function ed25519KeyId(name: string, spki: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.from([1]), edKeyOf(spki)]);
  return hash('sha256', named, 'buffer').subarray(0, 4);
}

/** What verifiers are told of the log: `name+keyID+base64(type ‖ key)`, P-256 first. */
export function verifierKeys({ origin, p256, ed25519 }: LogKey): string[] {
  const line = (id: Buffer, type: number, key: Buffer) =>
    `${origin}+${id.toString('hex')}+${Buffer.concat([Buffer.from([type]), key]).toString('base64')}`;
  const ecdsa = line(ecdsaKeyId(p256), 2, p256);
  return ed25519 ? [ecdsa, line(ed25519KeyId(origin, ed25519), 1, edKeyOf(ed25519))] : [ecdsa];
}

/** The whole note: text, empty line, a line for each signature. `ecdsa` is the DER signature over the text. */
export function noteOf(key: LogKey, text: string, ecdsa: Buffer, ed25519: Buffer | undefined): string {
  const line = (id: Buffer, signature: Buffer) =>
    `${emDash} ${key.origin} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  const second = ed25519 && key.ed25519 ? line(ed25519KeyId(key.origin, key.ed25519), ed25519) : '';
  return `${text}\n${line(ecdsaKeyId(key.p256), ecdsa)}${second}`;
}

/** Reads a signed checkpoint strictly: three lines, an empty one, signature lines. Throws `input.invalid`. */
export function parseCheckpoint(note: string): Checkpoint {
  const split = note.indexOf('\n\n');
  const text = note.slice(0, split + 1);
  const lines = text.split('\n');
  const [origin = '', size = '', root = ''] = lines;
  if (split < 0 || lines.length !== 4 || origin === '' || !note.endsWith('\n'))
    throw bad('three lines, then signatures');
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size)) throw bad('a size in decimal on its second line');
  const rootHash = strictBase64(root);
  if (rootHash?.length !== 32) throw bad('a root of 32 bytes on its third line');
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(signatureOf);
  return { origin, size: Number(size), root: rootHash, text, signatures };
}

function signatureOf(line: string): NoteSignature {
  const [dash, name = '', base64 = '', ...more] = line.split(' ');
  const bytes = strictBase64(base64);
  if (dash !== emDash || name === '' || more.length > 0 || !bytes || bytes.length < 5) throw bad('signature lines');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Whether every signature line of the note is this key's and holds, its P-256 line first, and none is missing. */
export function verifyNote({ origin, text, signatures }: Checkpoint, key: LogKey): boolean {
  const want = [
    { id: ecdsaKeyId(key.p256), algorithm: 'sha256', spki: key.p256 },
    ...(key.ed25519 ? [{ id: ed25519KeyId(key.origin, key.ed25519), algorithm: null, spki: key.ed25519 }] : []),
  ];
  if (origin !== key.origin || signatures.length !== want.length) return false;
  return want.every(({ id, algorithm, spki }, at) => {
    const line = signatures[at];
    if (!line || line.name !== key.origin || !line.keyId.equals(id)) return false;
    return verify(algorithm, Buffer.from(text, 'utf8'), publicKeyOf(spki), line.signature);
  });
}

const publicKeyOf = (spki: Buffer): KeyObject => createPublicKey({ key: spki, format: 'der', type: 'spki' });

function edKeyOf(spki: Buffer): Buffer {
  if (spki.length !== 44 || !spki.subarray(0, 12).equals(edPrefix)) throw new TypeError('not an Ed25519 public key');
  return spki.subarray(12);
}

/** Node's decoder skips what is no base64: what comes back must be the same text again. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

const bad = (expected: string) =>
  new StationError('input.invalid', { place: 'the checkpoint', expected, found: 'something else' });
