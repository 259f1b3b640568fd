import { fork } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { untilState } from '../../../suites/hsm-state.ts';
import { tapIn } from '../../../suites/pkcs11-faults.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

let token: SoftHsmToken;
let tap: ReturnType<typeof tapIn>;
let hsm: Pkcs11Hsm;
const digest = createHash('sha256').update('x').digest();
const open = (deadlines = {}) =>
  Pkcs11Hsm.open({
    ...token,
    pin: token.pin(),
    environment: { ...token.environment, ...tap.environment },
    deadlines,
  });

beforeEach(async () => {
  token = await makeSoftHsm();
  tap = tapIn(token.folder);
  hsm = await open();
});
afterEach(async () => {
  tap.mend();
  await hsm.close();
  await token.dispose();
});

test('a process that was killed is started again, and finds keys, pairs and anchors', async () => {
  const bytes = randomBytes(64);
  const group = await hsm.importGroupKey('group', bytes);
  const pair = await hsm.generateSigningKey('pair', 'p256');
  await hsm.writeAnchor('head', Buffer.from('7'));
  const before = hsm.hostPid ?? 0;
  process.kill(before, 'SIGKILL');
  expect((await untilState(hsm, 'down')).reason).toContain('its process ended, SIGKILL');
  expect(await hsm.deriveDeviceKey(group, 'unit-1')).toEqual(createHmac('sha256', bytes).update('unit-1').digest());
  await hsm.sign(pair, digest);
  expect((await hsm.readAnchor('head'))?.toString()).toBe('7');
  expect(hsm.hostPid).not.toBe(before);
  expect((await hsm.status()).state).toBe('ready');
});

test('what was pending when the process died is refused as down, all of it', async () => {
  const key = await hsm.importGroupKey('group', randomBytes(64));
  process.kill(hsm.hostPid ?? 0, 'SIGSTOP');
  const calls = Array.from({ length: 8 }, (_, i) => hsm.deriveDeviceKey(key, `unit-${i}`));
  const settled = Promise.allSettled(calls);
  process.kill(hsm.hostPid ?? 0, 'SIGKILL');
  const down = { status: 'rejected', reason: { code: 'hsm.down' } };
  expect(await settled).toMatchObject(calls.map(() => down));
  await hsm.deriveDeviceKey(key, 'unit-1');
});

test('a process that hangs in the module is ended at the deadline, and the next call works', async () => {
  await hsm.close();
  hsm = await open({ operationMs: 1000 });
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  const hung = hsm.hostPid ?? 0;
  tap.break({ call: 'C_SignInit', hang: true });
  await expect(hsm.mac(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'hsm.down' });
  await expect.poll(() => alive(hung), { timeout: 10_000 }).toBe(false);
  expect(await hsm.mac(key, Buffer.from('x'))).toHaveLength(32);
});

test('an idle process that hangs is found by the keep-alive, told as down, and replaced by itself', async () => {
  await hsm.close();
  hsm = await open({ operationMs: 1000, keepAliveMs: 100, probeMs: 100 });
  const hung = hsm.hostPid ?? 0;
  process.kill(hung, 'SIGSTOP');
  expect((await hsm.status()).state).toBe('ready'); // it asks nobody, and is answered at once
  expect((await untilState(hsm, 'down')).reason).toContain('the module hangs');
  await untilState(hsm, 'ready');
  expect(hsm.hostPid).not.toBe(hung);
});

test.each([
  ['CKR_OBJECT_HANDLE_INVALID', 0x82],
  ['CKR_KEY_HANDLE_INVALID', 0x60],
  ['CKR_SESSION_HANDLE_INVALID', 0xb3],
  ['CKR_SESSION_CLOSED', 0xb0],
])('%s once: the key is found and proven again in a new session', async (_, code) => {
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  const expected = await hsm.mac(key, Buffer.from('x'));
  const found = tap.count('C_FindObjectsInit');
  tap.break({ call: 'C_SignInit', code });
  expect(await hsm.mac(key, Buffer.from('x'))).toEqual(expected);
  expect(tap.count('C_FindObjectsInit')).toBeGreaterThan(found);
  expect(tap.count('C_Login')).toBe(1);
});

test('all sessions closed behind its back: it logs in again and finds the keys again, in the same process', async () => {
  const mac = await hsm.generateSigningKey('mac', 'hmac-sha256');
  const pair = await hsm.generateSigningKey('pair', 'p256');
  const expected = await hsm.mac(mac, Buffer.from('x'));
  const before = hsm.hostPid;
  for (const call of ['C_SignInit', 'C_Sign']) {
    tap.break({ call, closeSessions: true });
    expect(await hsm.mac(mac, Buffer.from('x'))).toEqual(expected);
    await hsm.sign(pair, digest);
  }
  expect(tap.count('C_Login')).toBe(3);
  expect(hsm.hostPid).toBe(before);
});

test('a lost login does not make keys look missing or labels look free', async () => {
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  tap.break({ call: 'C_GetSessionInfo', closeSessions: true });
  expect((await hsm.inspect(key)).sign).toBe(true);
  tap.break({ call: 'C_GetSessionInfo', closeSessions: true });
  await expect(hsm.generateSigningKey('mac', 'hmac-sha256')).rejects.toMatchObject({ code: 'hsm.key-exists' });
  expect(tap.count('C_Login')).toBe(3);
});

test.each([
  ['CKR_DEVICE_ERROR', 0x30],
  ['CKR_DEVICE_REMOVED', 0x32],
  ['CKR_TOKEN_NOT_PRESENT', 0xe0],
  ['CKR_GENERAL_ERROR', 0x05],
])('%s that stays: the HSM is down and says why, and is up again by itself when it goes', async (name, code) => {
  await hsm.close();
  hsm = await open({ probeMs: 100 });
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  tap.break({ call: 'C_SignInit', code, always: true });
  await expect(hsm.mac(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'hsm.down', details: { what: name } });
  expect(await hsm.status()).toMatchObject({ state: 'down', reason: expect.stringMatching(`^${name}: `) });
  tap.mend();
  await untilState(hsm, 'ready');
  expect(await hsm.mac(key, Buffer.from('x'))).toHaveLength(32);
});

test.each([
  ['CKR_MECHANISM_INVALID', 0x70, { code: 'hsm.unsupported', details: { what: 'mac' } }],
  ['CKR_FUNCTION_FAILED', 0x06, { code: 'hsm.refused', details: { what: 'mac', reason: 'CKR_FUNCTION_FAILED' } }],
  ['a vendor code', 0x80000123, { code: 'hsm.refused', details: { what: 'mac', reason: 'CKR 0x80000123' } }],
  ['CKR_DATA_LEN_RANGE', 0x21, { code: 'hsm.refused', details: { what: 'mac', reason: 'CKR_DATA_LEN_RANGE' } }],
])('%s that stays is told by name, and leaves the process as it is', async (_, code, expected) => {
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  const before = hsm.hostPid;
  for (const call of ['C_SignInit', 'C_Sign']) {
    tap.break({ call, code, always: true });
    await expect(hsm.mac(key, Buffer.from('x'))).rejects.toMatchObject(expected);
    tap.mend();
    expect(await hsm.mac(key, Buffer.from('x'))).toHaveLength(32);
  }
  expect(hsm.hostPid).toBe(before);
});

test('an operation left open in a session does not reach the next call: CKR_OPERATION_ACTIVE', async () => {
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  for (let i = 0; i < 12; i++) {
    tap.break({ call: 'C_Sign', code: 0x21 }); // after a C_SignInit that stays open
    await expect(hsm.mac(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'hsm.refused' });
  }
  expect(await hsm.mac(key, Buffer.from('x'))).toHaveLength(32);
});

test('keys are looked up once in a process, however many calls start at once', async () => {
  const key = await hsm.importGroupKey('group', randomBytes(64));
  process.kill(hsm.hostPid ?? 0, 'SIGKILL');
  await expect.poll(() => hsm.hostPid, { timeout: 10_000 }).toBeUndefined();
  const before = tap.count('C_FindObjectsInit');
  await Promise.all(Array.from({ length: 32 }, (_, i) => hsm.deriveDeviceKey(key, `unit-${i}`)));
  await hsm.deriveDeviceKey(key, 'unit-33');
  expect(tap.count('C_FindObjectsInit') - before).toBe(2); // one search among secret keys, one among private ones
});

test('a module or a token that is not there is named, and no process stays behind', async () => {
  const pin = token.pin();
  const nowhere = Pkcs11Hsm.open({ ...token, module: '/nowhere/hsm.so', pin });
  await expect(nowhere).rejects.toMatchObject({
    code: 'hsm.down',
    details: { what: expect.stringContaining('/nowhere') },
  });
  expect(pin.every((byte) => byte === 0)).toBe(true);
  const noModule = Pkcs11Hsm.open({ ...token, module: import.meta.filename, pin: token.pin() });
  await expect(noModule).rejects.toMatchObject({ code: 'hsm.down' });
  const noToken = Pkcs11Hsm.open({ ...token, tokenLabel: 'another', pin: token.pin() });
  await expect(noToken).rejects.toMatchObject({ details: { what: 'there is no token another' } });
});

test('a token is found by its serial number as well', async () => {
  const { tokenLabel: _, ...rest } = token;
  const { serial } = (await hsm.status()).token;
  const found = await Pkcs11Hsm.open({ ...rest, tokenSerial: serial, pin: token.pin() });
  expect((await found.status()).token.label).toBe(token.tokenLabel);
  await found.close();
});

test('closing logs out and finalizes after what runs, and leaves no process behind', async () => {
  const key = await hsm.generateSigningKey('mac', 'hmac-sha256');
  const pid = hsm.hostPid ?? 0;
  const running = Array.from({ length: 16 }, () => hsm.mac(key, Buffer.from('x')));
  await new Promise(setImmediate);
  await hsm.close();
  expect((await Promise.allSettled(running)).map((call) => call.status)).toEqual(running.map(() => 'fulfilled'));
  expect(alive(pid)).toBe(false);
  expect(tap.count('C_Finalize')).toBe(1);
});

test('a station that was killed leaves no process of the module behind', async () => {
  const station = fork(new URL('../../../suites/hsm-station.ts', import.meta.url), {
    env: {
      ...process.env,
      ...token.environment,
      MODULE: token.module,
      TOKEN: token.tokenLabel,
      PIN: token.pin().toString(),
    },
    execArgv: [],
  });
  const [pid] = (await once(station, 'message')) as [number];
  expect(alive(pid)).toBe(true);
  station.kill('SIGKILL');
  await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
});

/** Whether a process still runs; one that ended but was not yet collected by the system does not. */
function alive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    process.kill(pid, 0);
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
