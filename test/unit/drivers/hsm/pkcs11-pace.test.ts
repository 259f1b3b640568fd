import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PublicKeyRef } from '../../../../drivers/hsm/hsm.ts';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { Pace } from '../../../../drivers/hsm/pkcs11-pace.ts';
import { tapIn } from '../../../suites/pkcs11-faults.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

describe('the pace of a token', () => {
  const asked = (pace: Pace, times: number) => Array.from({ length: times }, () => pace.waits).filter(Boolean).length;

  test('is waited for while it signs at once, and one slow signature or two are a busy processor', () => {
    const pace = new Pace();
    for (const ms of [0.1, 5, 5, 0.2, 5, 5, 0.1]) {
      expect(pace.waits).toBe(true);
      pace.took(ms);
    }
    expect(pace.waits).toBe(true);
  });

  test('is not waited for after three slow ones in a row, but for one in a thousand', () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) pace.took(0.3);
    expect(asked(pace, 999)).toBe(0);
    expect(pace.waits).toBe(true);
    pace.took(70);
    expect(asked(pace, 3_000)).toBe(3);
  });

  test('is waited for again once that one was fast', () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) pace.took(9);
    expect(asked(pace, 1_000)).toBe(1);
    pace.took(0.1);
    expect(asked(pace, 1_000)).toBe(1_000);
  });
});

describe('a token that takes its time', () => {
  let token: SoftHsmToken;
  let tap: ReturnType<typeof tapIn>;
  let hsm: Pkcs11Hsm;
  let key: PublicKeyRef;
  const message = Buffer.from('x');
  const digest = createHash('sha256').update(message).digest();

  beforeEach(async () => {
    token = await makeSoftHsm('line');
    tap = tapIn(token.folder);
    const environment = { ...token.environment, ...tap.environment };
    hsm = await Pkcs11Hsm.open({ module: token.module, tokenLabel: 'line', pin: token.pin(), environment });
    key = await hsm.generateSigningKey('pair', 'p256');
    tap.break({ call: 'C_Sign', waitMs: 2, always: true });
    for (let i = 0; i < 4; i++) await hsm.sign(key, digest);
    tap.mend();
    tap.takeCalls();
  });
  afterEach(async () => {
    tap.mend();
    await hsm.close();
    await token.dispose();
  });

  test('signs in threads, several at a time, and what it signs is right', async () => {
    const signatures = await Promise.all(Array.from({ length: 16 }, () => hsm.sign(key, digest)));
    expect(tap.takeCalls().filter((call) => /^C_Sign(Async)?$/.test(call))).toEqual(Array(16).fill('C_SignAsync'));
    const publicKey = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), type: 'spki', format: 'der' });
    for (const one of signatures)
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, one)).toBe(true);
  });

  test('leaves a doubt when its answer is lost there, and none when it refused', async () => {
    tap.break({ call: 'C_SignAsync', code: 0x21 });
    await expect(hsm.sign(key, digest)).rejects.toMatchObject({ code: 'hsm.refused' });
    tap.break({ call: 'C_Sign', code: 0x30, always: true }); // here, and in the process that is started anew
    await expect(hsm.sign(key, digest)).rejects.toMatchObject({ code: 'hsm.ambiguous' });
    expect(tap.takeCalls()).toContain('C_SignAsync');
    tap.mend();
    await expect.poll(async () => (await hsm.status()).state, { timeout: 10_000 }).toBe('ready');
  });
});
