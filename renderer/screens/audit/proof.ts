import type { EntryView, HeadView } from '../../../station-core/contract/audit-search.ts';

// An entry's proof, checked by the page itself: nothing of it is taken on the station's word but the bytes and the key, whose
// fingerprint people compare (docs/audit.md). RFC 9162 2.1.3.2, C2SP signed-note and tlog-checkpoint.

/** One step of the way from the entry to the root: what the hash so far was put together with, on which side, and what came out. */
export type Step = { readonly side: 'left' | 'right'; readonly sibling: string; readonly node: string };

/** `broken` names the first thing that does not hold. */
export type Proof =
  | { readonly is: 'unsealed' }
  | { readonly is: 'verified'; readonly leaf: string; readonly steps: readonly Step[]; readonly head: HeadView }
  | { readonly is: 'broken'; readonly what: 'bytes' | 'number' | 'path' | 'root' | 'note' | 'key' | 'signature' };

/** Computes everything anew from the entry's bytes, and checks the signature. Throws what WebCrypto throws where it is missing. */
export async function prove({ seq, bytes, leaf, proof }: EntryView): Promise<Proof> {
  const written = bytesOf(bytes);
  const hash = await sha256(new Uint8Array([0]), written);
  if (base64Of(hash) !== leaf) return broken('bytes');
  if (numberIn(written) !== seq) return broken('number');
  if (!proof) return { is: 'unsealed' };
  const { hashes, head } = proof;
  const way = await walk(seq, head.size, hash, hashes.map(bytesOf));
  if (!way) return broken('path');
  if (base64Of(way.root) !== head.root) return broken('root');
  const wrong = await wrongWith(head);
  return wrong ? broken(wrong) : { is: 'verified', leaf, steps: way.steps, head };
}

const broken = (what: Extract<Proof, { is: 'broken' }>['what']): Proof => ({ is: 'broken', what });

/** RFC 9162 2.1.3.2; nothing where the number of hashes cannot be right. */
async function walk(
  index: number,
  size: number,
  leaf: Bytes,
  hashes: readonly Bytes[],
): Promise<{ root: Bytes; steps: readonly Step[] } | undefined> {
  let [fn, sn] = [index, size - 1];
  let node = leaf;
  const steps: Step[] = [];
  for (const sibling of hashes) {
    if (sn === 0) return undefined;
    const isRight = fn % 2 === 1 || fn === sn;
    node = isRight ? await parentOf(sibling, node) : await parentOf(node, sibling);
    steps.push({ side: isRight ? 'left' : 'right', sibling: base64Of(sibling), node: base64Of(node) });
    while (isRight && fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? { root: node, steps } : undefined;
}

const parentOf = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(new Uint8Array([1]), left, right);

/** What is wrong with a head: its note says another one, or this key did not sign it. */
async function wrongWith({ origin, size, root, note, publicKey, fingerprint }: HeadView) {
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  if (text !== `${origin}\n${size}\n${root}\n`) return 'note';
  const spki = bytesOf(publicKey);
  const digest = await sha256(spki);
  if (hexOf(digest) !== fingerprint) return 'key';
  const [, name, base64 = ''] =
    note
      .slice(text.length + 1)
      .split('\n', 1)[0]
      ?.split(' ') ?? [];
  const signature = bytesOf(base64);
  const isOfKey = name === origin && hexOf(signature.subarray(0, 4)) === hexOf(digest.subarray(0, 4));
  const raw = isOfKey ? rawOf(signature.subarray(4)) : undefined;
  if (!raw) return 'key';
  const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return (await crypto.subtle.verify(algorithm, key, raw, new TextEncoder().encode(text))) ? undefined : 'signature';
}

type Bytes = Uint8Array<ArrayBuffer>;

/** r ‖ s of 64 bytes out of a DER signature (RFC 3279 section 2.2.3), which WebCrypto does not take; nothing where it is none. */
function rawOf(der: Bytes): Bytes | undefined {
  const raw = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const value = der.subarray(at + 2, at + 2 + length);
    const whole = value[0] === 0 ? value.subarray(1) : value;
    if (der[at] !== 0x02 || value.length !== length || whole.length > 32) return undefined;
    raw.set(whole, end - whole.length);
    at += 2 + length;
  }
  return at === der.length ? raw : undefined;
}

async function sha256(...parts: readonly Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** The number that the bytes themselves say. */
function numberIn(bytes: Bytes): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly seq?: unknown }).seq;
  } catch {
    return undefined; // bytes that are no JSON say no number, which is what is told
  }
}

const bytesOf = (base64: string): Bytes => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
const base64Of = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
const hexOf = (bytes: Bytes): string => [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
