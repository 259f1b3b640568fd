import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { Wrong } from './findings.ts';
import { base64, decimal, isHash } from './strict.ts';
import type { Hash } from './tree.ts';

// Signed heads and keys as C2SP has them: tlog-checkpoint in a signed-note, with a P-256 and perhaps an Ed25519 signature.

/** A signed head, read and not yet verified. `text` is what was signed. */
export type Note = {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
};

/** Reads a note: origin, size, root, an empty line, signature lines, and not a byte more. Throws Wrong. */
export function readNote(note: string): Note {
  const [body, signed, ...more] = note.split('\n\n');
  const [origin, size, root, ...extensions] = (body ?? '').split('\n');
  if (more.length > 0 || extensions.length > 0 || !origin || !size || !isHash(root) || !signed?.endsWith('\n'))
    throw new Wrong('its note is not a checkpoint of three lines, an empty line and signatures');
  const signatures = signed
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [, name, encoded] = /^— ([^ +]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
      if (!name || !encoded) throw new Wrong('its note has a signature line that is none');
      const bytes = base64(encoded);
      return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
    });
  return { origin, size: decimal(size), root, text: `${body}\n`, signatures };
}

/** One half of a log's key: its public key, and its ID in signature lines. */
export type Half = { readonly der: Buffer; readonly key: KeyObject; readonly id: string };

const sha256 = (...parts: (string | Buffer)[]) => hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part))));
// SubjectPublicKeyInfo up to the key itself: RFC 5480, section 2 with an uncompressed point, and RFC 8410, section 4.
const p256Start = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const edStart = Buffer.from('302a300506032b6570032100', 'hex');

function publicKey(der: Buffer, start: Buffer, length: number): KeyObject {
  if (der.length !== length || !der.subarray(0, start.length).equals(start))
    throw new Wrong('it names a key of another kind');
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    throw new Wrong('it names a key that is none');
  }
}

/** A P-256 key; its ID is of the key alone (signed-note, ECDSA). Throws Wrong. */
export const p256Half = (der: Buffer): Half => ({
  der,
  key: publicKey(der, p256Start, 91),
  id: sha256(der).slice(0, 8),
});

/** An Ed25519 key; its ID is of name and key (signed-note, Ed25519). Throws Wrong. */
export function ed25519Half(name: string, der: Buffer): Half {
  const key = publicKey(der, edStart, 44);
  return { der, key, id: sha256(`${name}\n\x01`, der.subarray(edStart.length)).slice(0, 8) };
}

/** SHA-256 of the SubjectPublicKeyInfo, as the record of the ceremony has it. */
export const fingerprintOf = ({ der }: Half): string => sha256(der);

/** That the note has this name and these signatures, P-256 first, and no other. Throws Wrong. */
export function verifyNote(note: Note, name: string, p256: Half, ed25519: Half | undefined): void {
  const halves = ed25519 ? [p256, ed25519] : [p256];
  if (note.origin !== name) throw new Wrong(`it is of another log: ${note.origin}, not ${name}`);
  if (note.signatures[0] && note.signatures[0].id !== p256.id)
    throw new Wrong(`it is signed by another key (ID ${note.signatures[0].id}) than the one in force (ID ${p256.id})`);
  if (note.signatures.length !== halves.length)
    throw new Wrong(`it has ${note.signatures.length} signatures instead of ${halves.length}`);
  for (const [at, half] of halves.entries()) {
    const line = note.signatures[at];
    if (line?.name !== name || line.id !== half.id) throw new Wrong('it has a signature line of another key');
    // Ed25519 hashes by itself (RFC 8032); an ECDSA signature has to be strict DER, which node:crypto sees to.
    const algorithm = half === p256 ? 'sha256' : null;
    if (!verify(algorithm, Buffer.from(note.text), half.key, line.signature))
      throw new Wrong('its signature does not verify');
  }
}

/** A public key that the auditor brought; `name` where the file says it. */
export type Pin = { readonly name?: string; readonly der: Buffer };

/** Reads a key file: verifier keys, one a line, or one public key in PEM. Throws Wrong. */
export function readPins(text: string): readonly Pin[] {
  if (text.includes('PRIVATE KEY')) throw new Wrong('it holds a private key, which nobody should have');
  if (text.includes('-----BEGIN')) return [{ der: derOf(text) }];
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) throw new Wrong('it holds no key');
  return lines.map(verifierKey);
}

function derOf(pem: string): Buffer {
  let der: Buffer;
  try {
    der = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  } catch {
    throw new Wrong('it is no public key in PEM');
  }
  if (der.length === 44) publicKey(der, edStart, 44);
  else publicKey(der, p256Start, 91);
  return der;
}

/** `name+ID+base64(type ‖ key)` (signed-note): 01 is Ed25519, 02 ECDSA with its SubjectPublicKeyInfo. */
function verifierKey(line: string): Pin {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  if (!name || !encoded) throw new Wrong('it holds a line that is no verifier key (name+ID+key)');
  const bytes = base64(encoded);
  const [type, key] = [bytes[0], bytes.subarray(1)];
  if (type !== 1 && type !== 2) throw new Wrong('it holds a verifier key that is neither ECDSA nor Ed25519');
  const half = type === 2 ? p256Half(key) : ed25519Half(name, Buffer.concat([edStart, key]));
  if (half.id !== id) throw new Wrong('it holds a verifier key whose ID is not its own');
  return { name, der: half.der };
}
