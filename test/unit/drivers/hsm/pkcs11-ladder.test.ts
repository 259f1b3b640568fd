import { createHash, createHmac, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitAfter } from '../../../../drivers/hsm/backoff.ts';
import type { HsmState, PublicKeyRef, SecretKeyRef } from '../../../../drivers/hsm/hsm.ts';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { nextStep } from '../../../../drivers/hsm/pkcs11-steps.ts';
import { downState } from '../../../../drivers/hsm/state.ts';
import { untilState } from '../../../suites/hsm-state.ts';
import { tapIn } from '../../../suites/pkcs11-faults.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

const device = 0x30; // CKR_DEVICE_ERROR

describe('the rules of the ladder', () => {
  test('a lost login is given again, then all is begun anew, then the process is, then the HSM is down', () => {
    const done = new Set<'login' | 'renew' | 'restart'>();
    for (const step of ['login', 'renew', 'restart'] as const) {
      expect(nextStep('login', done)).toBe(step);
      done.add(step);
    }
    expect(nextStep('login', done)).toBe('latch');
  });

  test('a device that fails needs no new login alone', () => {
    expect(nextStep('device', new Set())).toBe('renew');
    expect(nextStep('device', new Set(['renew']))).toBe('restart');
    expect(nextStep('device', new Set(['renew', 'restart']))).toBe('latch');
  });

  test('what killed the process is not asked again, and a refusal is an answer', () => {
    expect(nextStep('process', new Set())).toBe('none');
    expect(nextStep(undefined, new Set())).toBe('none');
  });

  test('a process is started again at once, then ever later, and never later than 30 s', () => {
    expect([0, 1, 2, 3, 4].map(waitAfter)).toEqual([0, 0, 250, 500, 1000]);
    const waits = Array.from({ length: 2000 }, (_, starts) => waitAfter(starts));
    expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] ?? 0))).toBe(true);
    expect(waits.at(-1)).toBe(30_000);
  });

  test('a person reads what to do', () => {
    expect(downState('CKR_DEVICE_REMOVED').reason).toBe('CKR_DEVICE_REMOVED: plug the token in');
    expect(downState('there is no token line').reason).toContain('plug the token in');
    expect(downState('no answer to mac in 10000 ms').reason).toContain('the module hangs');
    expect(downState('CKR_MUTEX_BAD').reason).toContain('documents');
    expect(downState('closed').reason).toBe('closed');
  });
});

describe('the ladder', () => {
  let token: SoftHsmToken;
  let tap: ReturnType<typeof tapIn>;
  let hsm: Pkcs11Hsm;
  let group: SecretKeyRef;
  let pair: PublicKeyRef;
  let states: HsmState['state'][];
  const bytes = randomBytes(64);
  const digest = createHash('sha256').update('x').digest();
  const expected = createHmac('sha256', bytes).update('unit-1').digest();
  const derive = () => hsm.deriveDeviceKey(group, 'unit-1');

  beforeEach(async () => {
    token = await makeSoftHsm();
    tap = tapIn(token.folder);
    hsm = await Pkcs11Hsm.open({
      ...token,
      pin: token.pin(),
      environment: { ...token.environment, ...tap.environment },
      deadlines: { probeMs: 50, keepAliveMs: 3_600_000 },
    });
    group = await hsm.importGroupKey('group', bytes);
    pair = await hsm.generateSigningKey('pair', 'p256');
    states = [];
    hsm.onState(({ state }) => states.push(state));
  });
  afterEach(async () => {
    tap.mend();
    await hsm.close();
    await token.dispose();
  });

  test('finalizes and initializes in the same process, and finds and proves the keys again', async () => {
    const before = hsm.hostPid;
    tap.takeCalls();
    tap.break({ call: 'C_SignInit', code: device });
    expect(await derive()).toEqual(expected);
    await hsm.sign(pair, digest);
    const calls = tap.takeCalls();
    const order = ['C_SignInit', 'C_Finalize', 'C_Initialize', 'C_Login', 'C_FindObjectsInit', 'C_SignInit'];
    let at = -1;
    for (const call of order) {
      at = calls.indexOf(call, at + 1);
      expect(at, call).toBeGreaterThanOrEqual(0);
    }
    expect(calls.filter((call) => /^C_Sign(Async)?$/.test(call))).toHaveLength(4); // check value, key, challenge, signature
    expect(hsm.hostPid).toBe(before);
    expect(states).toEqual([]);
  });

  test('lets what runs come to its end before it finalizes, and climbs once for all that failed', async () => {
    tap.break({ call: 'C_SignInit', code: device });
    const answers = await Promise.all(Array.from({ length: 64 }, derive));
    for (const answer of answers) expect(answer).toEqual(expected);
    expect(tap.count('C_Finalize')).toBe(1);
    expect(tap.count('C_Login')).toBe(2);
  });

  test.each([
    ['refused', { code: device }],
    ['a crash', { crash: true }],
  ])('starts another process when finalizing ends in: %s', async (_, what) => {
    const before = hsm.hostPid;
    tap.break({ call: 'C_SignInit', code: device }, { call: 'C_Finalize', ...what });
    expect(await derive()).toEqual(expected);
    expect(hsm.hostPid).not.toBe(before);
    expect(states).toEqual([]);
  });

  test('says down once when nothing helps, and ready once when it is over, without a call', async () => {
    tap.break({ call: 'C_SignInit', code: device, always: true });
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.down' });
    tap.mend();
    await untilState(hsm, 'ready');
    expect(states).toEqual(['down', 'ready']);
    expect(await derive()).toEqual(expected);
  });

  test('does not spin on a module that crashes at once, and answers calls at once meanwhile', async () => {
    process.kill(hsm.hostPid ?? 0, 'SIGKILL');
    tap.break({ call: 'C_Initialize', crash: true, always: true });
    tap.takeCalls();
    await untilState(hsm, 'down');
    for (let i = 0; i < 1000; i++) await expect(derive()).rejects.toMatchObject({ code: 'hsm.down' });
    expect(tap.count('C_Initialize')).toBeLessThan(10);
    tap.mend();
    await untilState(hsm, 'ready');
    expect(await derive()).toEqual(expected);
  });

  test('tells a signature whose answer was lost from one that was never asked for', async () => {
    await hsm.sign(pair, digest); // the key is proven by now: the next C_Sign is that of the digest
    tap.break({ call: 'C_Sign', code: device, always: true });
    await expect(hsm.sign(pair, digest)).rejects.toMatchObject({ code: 'hsm.ambiguous' });
    await untilState(hsm, 'ready');
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.down' });
    tap.mend();
    await untilState(hsm, 'ready');
    tap.break({ call: 'C_SignInit', code: device, always: true });
    await expect(hsm.sign(pair, digest)).rejects.toMatchObject({ code: 'hsm.down' });
    tap.mend();
    await untilState(hsm, 'ready');
    await hsm.sign(pair, digest);
    tap.break({ call: 'C_Sign', code: 0x21 });
    await expect(hsm.sign(pair, digest)).rejects.toMatchObject({ code: 'hsm.refused' });
  });

  test('calls a signature ambiguous when its process died, and an HMAC only failed', async () => {
    process.kill(hsm.hostPid ?? 0, 'SIGSTOP');
    const both = Promise.allSettled([hsm.sign(pair, digest), derive()]);
    process.kill(hsm.hostPid ?? 0, 'SIGKILL');
    expect(await both).toMatchObject([{ reason: { code: 'hsm.ambiguous' } }, { reason: { code: 'hsm.down' } }]);
  });

  test('makes no key twice when the answer to its making was lost', async () => {
    const ways = [
      ['C_CreateObject', () => hsm.importGroupKey('made', randomBytes(32))],
      ['C_GenerateKeyAsync', () => hsm.generateSigningKey('made', 'hmac-sha256')],
      ['C_GenerateKeyPairAsync', () => hsm.generateSigningKey('made', 'p256')],
    ] as const;
    for (const [call, make] of ways) {
      for (const code of [device, 0xb0]) {
        tap.break({ call, code, after: true });
        const made = await make();
        const there = (await hsm.list()).filter((key) => key.label === 'made');
        expect(there).toMatchObject([{ id: made.id }]);
        tap.break({ call: 'C_DestroyObject', code, after: true });
        await hsm.destroyKey(made);
        expect((await hsm.list()).filter((key) => key.label === 'made')).toEqual([]);
      }
    }
  });

  test('erases the PIN at any answer about it, whatever was called, and takes no other for accepted', async () => {
    tap.break({ call: 'C_SignInit', code: 0xa3 }); // CKR_PIN_EXPIRED
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.pin' });
    expect((await hsm.status()).state).toBe('locked');
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(1);
    await expect(hsm.unlock(Buffer.from('wrong pin'))).rejects.toMatchObject({ code: 'hsm.pin' });
    await hsm.unlock(token.pin());
    expect(await derive()).toEqual(expected);
    // expired, the wrong one being tried, refused, the right one being tried
    expect(states).toEqual(['locked', 'locked', 'locked', 'locked', 'ready']);
  });

  test('tries a PIN that was changed meanwhile once, though several steps would log in', async () => {
    tap.break({ call: 'C_SignInit', code: device }, { call: 'C_Login', code: 0xa0 });
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.pin' });
    expect((await hsm.status()).state).toBe('locked');
    await expect(derive()).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(2);
  });
});

describe('the keep-alive', () => {
  test('asks an idle token again and again, finds a lost login, and ends when the HSM is closed', async () => {
    const token = await makeSoftHsm();
    const tap = tapIn(token.folder);
    const environment = { ...token.environment, ...tap.environment };
    const hsm = await Pkcs11Hsm.open({ ...token, pin: token.pin(), environment, deadlines: { keepAliveMs: 30 } });
    await expect.poll(() => tap.count('C_GenerateRandom')).toBeGreaterThan(3);
    tap.break({ call: 'C_GenerateRandom', closeSessions: true });
    await expect.poll(() => tap.count('C_Login')).toBe(2);
    await hsm.close();
    const asked = tap.count('C_GenerateRandom');
    const closed = tap.takeCalls();
    expect(asked).toBeGreaterThan(3);
    expect(closed.at(-1)).toBe('C_Finalize');
    await token.dispose();
  });

  test('is sent to each idle session', async () => {
    const token = await makeSoftHsm();
    const tap = tapIn(token.folder);
    const environment = { ...token.environment, ...tap.environment };
    const hsm = await Pkcs11Hsm.open({ ...token, pin: token.pin(), environment, deadlines: { keepAliveMs: 50 } });
    const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
    await Promise.all(Array.from({ length: 32 }, () => hsm.mac(key, Buffer.from('x'))));
    const opened = tap.count('C_OpenSession');
    expect(opened).toBeGreaterThan(2);
    tap.takeCalls();
    await expect.poll(() => tap.count('C_GenerateRandom')).toBeGreaterThanOrEqual(opened);
    await hsm.close();
    await token.dispose();
  });
});
