import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64, percentDecoded } from './encoding.ts';

/** A shared access signature taken apart. `signedText` is what the sender signed: its own `sr`, a newline, its `se`. */
export type SasToken = {
  readonly signedText: string;
  readonly resource: string;
  readonly expiry: number;
  readonly policy: string | undefined;
  readonly mac: Buffer;
};

const SCHEME = 'SharedAccessSignature ';

/**
 * Takes an Authorization header apart; undefined when it is no shared access signature. Fields may come in any order.
 * The SDKs disagree on how `sr` is encoded and cased, so the text that was signed is kept as it was received (DPS docs,
 * Control access; Symmetric key attestation).
 */
export function parseSas(header: string | undefined): SasToken | undefined {
  if (!header?.startsWith(SCHEME)) return undefined;
  const fields = new Map<string, string>();
  for (const part of header.slice(SCHEME.length).split('&')) {
    const equals = part.indexOf('=');
    if (equals < 1 || fields.has(part.slice(0, equals))) return undefined;
    fields.set(part.slice(0, equals), part.slice(equals + 1));
  }
  const [sr, sig, se] = [fields.get('sr'), fields.get('sig'), fields.get('se')];
  if (sr === undefined || sig === undefined || se === undefined || !/^\d{1,15}$/.test(se)) return undefined;
  const resource = percentDecoded(sr);
  const mac = fromBase64(percentDecoded(sig) ?? '.');
  if (resource === undefined || mac === undefined) return undefined;
  const skn = fields.get('skn');
  const policy = skn === undefined ? undefined : percentDecoded(skn);
  return { signedText: `${sr}\n${se}`, resource, expiry: Number(se), policy, mac };
}

/** Whether the token was signed with this key. Compares in constant time. */
export function isSignedWith(token: SasToken, key: Uint8Array): boolean {
  const expected = createHmac('sha256', key).update(token.signedText, 'utf8').digest();
  return token.mac.length === expected.length && timingSafeEqual(token.mac, expected);
}

/** Whether the token has not expired, leaving the sender's clock some slack. */
export function isFresh(token: SasToken, now: number, skewSeconds: number): boolean {
  return token.expiry + skewSeconds > now / 1000;
}

/** Whether the token's resource is the target or a prefix of it by whole path segments, whatever their case. */
export function covers(token: SasToken, target: string): boolean {
  const resource = token.resource.toLowerCase().replace(/\/+$/, '');
  const wanted = target.toLowerCase();
  return resource !== '' && (wanted === resource || wanted.startsWith(`${resource}/`));
}

/** The key of one device of a symmetric group: HMAC-SHA256 of the registration ID (DPS docs, Symmetric key attestation). */
export function derivedKey(groupKey: Uint8Array, registrationId: string): Buffer {
  return createHmac('sha256', groupKey).update(registrationId, 'utf8').digest();
}

/** Compares digests, so that neither length nor content shows in the time that it takes. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
