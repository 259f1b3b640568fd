// What an HSM was asked to sign, and what it did sign, in a file beside the station: the database does not know of it, so it
// can be compared with the database.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Hsm, PublicKeyRef } from '../../drivers/hsm/hsm.ts';

/** Something to do instead of the HSM's own signature, or before it. */
export type SignDetour = (key: PublicKeyRef, digest: Buffer, real: () => Promise<Buffer>) => Promise<Buffer>;

/** The same HSM, whose every signature is noted: `asked` before the HSM hears of it, `signed` once it has answered. */
export function tapped(hsm: Hsm, file: string, detour: SignDetour = (_key, _digest, real) => real()): Hsm {
  const note = (what: string, { label }: PublicKeyRef, digest: Buffer) =>
    appendFileSync(file, `${what} ${label} ${digest.toString('hex')}\n`);
  const sign = (key: PublicKeyRef, digest: Buffer) => {
    // Heads of the audit trail are no certificates.
    if (key.label.startsWith('birthmark-audit')) return hsm.sign(key, digest);
    return detour(key, digest, async () => {
      note('asked', key, digest);
      const signature = await hsm.sign(key, digest);
      note('signed', key, digest);
      return signature;
    });
  };
  return new Proxy(hsm, {
    get(target, name) {
      if (name === 'sign') return sign;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export type Noted = { readonly what: 'asked' | 'signed'; readonly label: string; readonly digest: string };

/** What was noted so far; a kill may have cut the last line. */
export function noted(file: string): Noted[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, what, label = '', digest = ''] = /^(asked|signed) (\S+) ([0-9a-f]{64,128})$/.exec(line) ?? [];
      return what === 'asked' || what === 'signed' ? [{ what, label, digest }] : [];
    });
}
