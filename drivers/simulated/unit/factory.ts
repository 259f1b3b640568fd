// What a unit brings along from its own maker: a key and the certificate chain for it.
import { createPrivateKey } from 'node:crypto';
import type { Flash } from './flash.ts';
import { Memory } from './memory.ts';
import { sha256 } from './unit-state.ts';

/** Both as PEM; the chain with its leaf first. */
export type OwnKey = { readonly key: string; readonly chain: string };

/**
 * Puts a key and its chain in force in a memory that was never used, as the unit's maker would; leaves any other as it
 * is. Throws TypeError or node's error for what is no key.
 */
export function equip(flash: Flash, own: OwnKey): void {
  const memory = new Memory(flash);
  if (!memory.isNew) return;
  const key = createPrivateKey(own.key).export({ format: 'der', type: 'pkcs8' });
  const chain = Buffer.from(own.chain, 'latin1');
  const digest = sha256(chain);
  memory.writeSlot(0, 'key', 0, key);
  memory.writeSlot(0, 'chain', 0, chain);
  const stored = { length: key.length, sha256: sha256(key), chain: { length: chain.length, sha256: digest } };
  const operation = digest.subarray(0, 16);
  memory.save({ locked: false, committed: { slot: 0, operation, kind: 'private-key', ...stored } });
}
