import type { ApplierFile } from '../../../station-core/contract/bundle.ts';
import { canonical, type Json } from '../../../station-core/contract/canonical.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What people compare of an applier's public file, as its own machine shows it: station-core/bundle/format.ts, fingerprintOf. */
export async function fingerprintOf(file: ApplierFile): Promise<string> {
  const text = new TextEncoder().encode(canonical(file as Json));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text)).subarray(0, 20);
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)] ?? '').join('');
  return letters.replace(/.{4}(?=.)/g, '$&-');
}

/** Whether a person typed this fingerprint; case, spaces and dashes do not count. */
export function isTyped(fingerprint: string, typed: string): boolean {
  const plain = (text: string) => text.replace(/[\s-]/g, '').toUpperCase();
  return plain(typed) === plain(fingerprint);
}
