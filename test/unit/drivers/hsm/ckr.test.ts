import { expect, test } from 'vitest';
import { ckrError, ckrName, ckrOf, effectOf, isDevice, mayPass, returnValues } from '../../../../drivers/hsm/ckr.ts';
import { Latency } from '../../../../drivers/hsm/latency.ts';

test('return values have their names, and a vendor has hex', () => {
  expect(ckrName(0xa0)).toBe('CKR_PIN_INCORRECT');
  expect(ckrName(0x191)).toBe('CKR_CRYPTOKI_ALREADY_INITIALIZED');
  expect(ckrName(0x80000042)).toBe('CKR 0x80000042');
});

test('every answer about the PIN is hsm.pin, so that it is never tried again', () => {
  for (const code of [0xa0, 0xa1, 0xa2, 0xa3, 0xa4]) {
    expect(ckrError(code, 'login')).toEqual({ code: 'hsm.pin', details: { reason: ckrName(code) } });
  }
});

test('a return value is found in all the forms in which pkcs11js throws it, and in nothing else', () => {
  expect(ckrOf(Object.assign(new Error('CKR_X'), { code: 0x30 }))).toBe(0x30);
  expect(ckrOf(new Error('CKR_DEVICE_ERROR:48'))).toBe(48);
  expect(ckrOf(new Error('CKR_DEVICE_ERROR:48\n    at PKCS11.C_FindObjects'))).toBe(48);
  expect(ckrOf(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBeUndefined();
  expect(ckrOf(new TypeError('Argument 0 has wrong type:1'))).toBeUndefined();
  expect(ckrOf('CKR_DEVICE_ERROR:48')).toBeUndefined();
});

test('a lost session and what passes are tried in a new session, a dead device, a refusal and a PIN are not', () => {
  for (const code of [0x60, 0x82, 0xb0, 0xb3, 0x101, 0x06, 0x90, 0x80000001]) expect(mayPass(code)).toBe(true);
  for (const code of [0x05, 0x30, 0x32, 0xe0, 0xa0, 0x21]) expect(mayPass(code)).toBe(false);
});

test('the ladder is climbed for devices and for sessions that do not last, and for nothing else', () => {
  for (const code of [0x05, 0x30, 0x32, 0xe0, 0x190, 0xb3]) expect(isDevice(code)).toBe(true);
  for (const code of [0x06, 0xa0, 0x21, 0x70, 0x80000001]) expect(isDevice(code)).toBe(false);
});

test('every return value that names the PIN is about the PIN, and each has its own number and name', () => {
  const rows = Object.entries(returnValues);
  for (const [code, [name]] of rows) if (/_PIN_/.test(name)) expect(effectOf(Number(code))).toBe('pin');
  expect(new Set(rows.map(([, [name]]) => name)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(90);
});

test('latency is the median and the 99th percentile of the last 256, and zero before the first', async () => {
  const latency = new Latency();
  expect(latency.summary()).toEqual({ p50: 0, p99: 0 });
  await expect(latency.measure(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  const { p50, p99 } = latency.summary();
  expect(p50).toBeGreaterThan(0);
  expect(p99).toBe(p50);
});
