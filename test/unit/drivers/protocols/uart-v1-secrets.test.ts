import * as crypto from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { FaultyUnit } from '../../../suites/loop.ts';
import { symmetricKey } from '../../../suites/protocol.suite.ts';
import { newUnitsTpm, sealTo } from '../../../suites/units-tpm.ts';

vi.mock('node:crypto', { spy: true });

const never = new AbortController().signal;
const registrationId = 'sn-000001';
const zero = (bytes: unknown): boolean => new Uint8Array(bytes as ArrayBuffer).every((byte) => byte === 0);

test('no key of an envelope outlives it, on either side', async () => {
  const tpm = await newUnitsTpm();
  const keys = await sealTo(tpm);
  const session = await uartV1.open(new FaultyUnit(undefined, {}, undefined, { tpm }).link(), never);
  await session.provision({ idScope: 's', endpoint: 'e', registrationId }, never);
  vi.clearAllMocks();
  for (const by of [
    { delivery: 'channel', registrationId },
    { delivery: 'sealed', registrationId, sealTo: keys },
  ] as const) {
    await session.stage({ ...symmetricKey(), ...by }, never);
  }
  const { createCipheriv, createDecipheriv, hkdfSync } = vi.mocked(crypto);
  const gcm = [...createCipheriv.mock.calls, ...createDecipheriv.mock.calls].filter(([name]) => name === 'aes-256-gcm');
  // Sealed and opened, twice.
  expect(gcm).toHaveLength(4);
  for (const [, key] of gcm) expect(zero(key)).toBe(true);
  // Agreed on by both sides: the shared secret, and what was derived.
  expect(hkdfSync.mock.calls).toHaveLength(2);
  for (const [, shared] of hkdfSync.mock.calls) expect(zero(shared)).toBe(true);
  for (const { value } of hkdfSync.mock.results) expect(zero(value)).toBe(true);
});
