import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Hsm, SecretKeyRef } from '../../drivers/hsm/hsm.ts';
import { StationError } from '../../station-core/contract/errors.ts';

/** What the callers of a load saw. */
export type Seen = { right: number; readonly failed: Record<string, number> };

/** Makes the keys of a load in the HSM. */
export async function loadKeys(hsm: Hsm) {
  const bytes = randomBytes(64);
  const group = await hsm.importGroupKey('load-group', bytes);
  const sealing = await hsm.generateSigningKey('load-seal', 'hmac-sha256');
  const secret = randomBytes(48);
  const sealed = await hsm.seal(sealing, 'load', secret, Buffer.from('row'));
  return { bytes, group, sealing, secret, sealed };
}

type Keys = Awaited<ReturnType<typeof loadKeys>>;

/**
 * Eight callers that derive, make HMACs, seal and unseal without a pause while `harm` runs. Every answer is compared with
 * node:crypto, and every failure must be a StationError of the HSM. A caller that failed waits for a turn of the event loop.
 */
export async function underLoad(hsm: Hsm, keys: Keys, harm: () => Promise<void>): Promise<Seen> {
  const seen: Seen = { right: 0, failed: {} };
  let over = false;
  const caller = async (number: number) => {
    for (let turn = 0; !over; turn++) await oneCall(hsm, keys, `unit-${number}-${turn}`, turn + number, seen);
  };
  const callers = Promise.all(Array.from({ length: 8 }, (_, number) => caller(number)));
  try {
    await harm();
  } finally {
    over = true;
    await callers;
  }
  return seen;
}

async function oneCall(hsm: Hsm, keys: Keys, id: string, turn: number, seen: Seen): Promise<void> {
  try {
    await kinds[turn % kinds.length]?.(hsm, keys, id);
    seen.right += 1;
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    expect(thrown.code).toMatch(/^hsm\./);
    seen.failed[thrown.code] = (seen.failed[thrown.code] ?? 0) + 1;
    await new Promise(setImmediate);
  }
}

const kinds: readonly ((hsm: Hsm, keys: Keys, id: string) => Promise<void>)[] = [
  async (hsm, { group, bytes }, id) => {
    expect(await hsm.deriveDeviceKey(group, id)).toEqual(createHmac('sha256', bytes).update(id).digest());
  },
  async (hsm, { group, bytes }, id) => macIsRight(hsm, group, bytes, `mac\0${id}`),
  async (hsm, { sealing, secret, sealed }) => {
    expect(await hsm.unseal(sealing, 'load', sealed, Buffer.from('row'))).toEqual(secret);
  },
  async (hsm, { sealing }, id) => {
    const sealed = await hsm.seal(sealing, 'load', Buffer.from(id), Buffer.from('row'));
    expect((await hsm.unseal(sealing, 'load', sealed, Buffer.from('row'))).toString()).toBe(id);
  },
];

async function macIsRight(hsm: Hsm, key: SecretKeyRef, bytes: Buffer, message: string): Promise<void> {
  expect(await hsm.mac(key, Buffer.from(message))).toEqual(createHmac('sha256', bytes).update(message).digest());
}
