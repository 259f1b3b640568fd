import { randomBytes } from 'node:crypto';
import { appendFileSync, copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CKF } from '../../../../drivers/hsm/cryptoki.ts';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { mayLogIn } from '../../../../drivers/hsm/pkcs11-pin.ts';
import { tapIn } from '../../../suites/pkcs11-faults.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

const seen = {
  module: { path: '/hsm.so', sha256: 'aa' },
  token: { label: 'line', serial: '1', model: 'm', manufacturer: 'v', firmware: '1.0', flags: 0 },
};
const trusted = { sha256: 'aa', label: 'line', serial: '1' };
const flagged = (flags: number) => ({ ...seen, token: { ...seen.token, flags } });
const again = { seen, trusted, hasPin: true, byPerson: false };

describe('an accepted PIN', () => {
  test('logs in again at the same module and token', () => {
    expect(mayLogIn(again)).toEqual({ may: true });
  });

  test.each([
    ['another module', { ...again, trusted: { ...trusted, sha256: 'bb' } }],
    ['another serial number', { ...again, trusted: { ...trusted, serial: '2' } }],
    ['another label', { ...again, trusted: { ...trusted, label: 'other' } }],
    ['CKF_USER_PIN_COUNT_LOW', { ...again, seen: flagged(CKF.USER_PIN_COUNT_LOW) }],
    ['CKF_USER_PIN_FINAL_TRY', { ...again, seen: flagged(CKF.USER_PIN_FINAL_TRY) }],
    ['CKF_USER_PIN_LOCKED', { ...again, seen: flagged(CKF.USER_PIN_LOCKED) }],
    ['a PIN pad', { ...again, seen: flagged(CKF.PROTECTED_AUTHENTICATION_PATH) }],
    ['no acceptance before', { ...again, trusted: undefined }],
    ['no PIN', { ...again, hasPin: false }],
  ])('waits for a person at %s', (_, question) => {
    expect(mayLogIn(question).may).toBe(false);
  });

  test('given by a person is tried unless the token is locked', () => {
    const person = { ...again, trusted: undefined, byPerson: true };
    expect(mayLogIn(person).may).toBe(true);
    expect(mayLogIn({ ...person, seen: flagged(CKF.USER_PIN_FINAL_TRY) }).may).toBe(true);
    expect(mayLogIn({ ...person, seen: flagged(CKF.USER_PIN_LOCKED) }).may).toBe(false);
    const pad = { ...person, hasPin: false, seen: flagged(CKF.PROTECTED_AUTHENTICATION_PATH) };
    expect(mayLogIn(pad).may).toBe(true);
  });
});

describe('the PIN at a token', () => {
  let token: SoftHsmToken;
  let tap: ReturnType<typeof tapIn>;
  let hsm: Pkcs11Hsm | undefined;
  const options = () => ({ ...token, environment: { ...token.environment, ...tap.environment } });
  const opened = async (pin = token.pin()) => {
    hsm = await Pkcs11Hsm.open({ ...options(), pin });
    return hsm;
  };
  const openedLocked = async () => {
    const { pin: _, ...withoutPin } = options();
    hsm = await Pkcs11Hsm.open(withoutPin);
    return hsm;
  };

  beforeEach(async () => {
    token = await makeSoftHsm();
    tap = tapIn(token.folder);
  });
  afterEach(async () => {
    await hsm?.close();
    hsm = undefined;
    await token.dispose();
  });

  test('that is wrong is refused by name, zeroed, quoted nowhere and tried once', async () => {
    const pin = Buffer.from('canary-0');
    const error: unknown = await opened(pin).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'hsm.pin', details: { reason: 'CKR_PIN_INCORRECT' } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(pin.every((byte) => byte === 0)).toBe(true);
    expect(tap.count('C_Login')).toBe(1);
  });

  test('that a person gives wrong is never tried again, and the right one opens', async () => {
    const locked = await openedLocked();
    await expect(locked.unlock(Buffer.from('wrong pin'))).rejects.toMatchObject({ code: 'hsm.pin' });
    for (let i = 0; i < 3; i++) await expect(locked.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(1);
    expect((await locked.status()).state).toBe('locked');
    await locked.unlock(token.pin());
    expect(await locked.random(8)).toHaveLength(8);
    expect((await locked.status()).state).toBe('ready');
    expect(tap.count('C_Login')).toBe(2);
  });

  test('is not there yet: the HSM opens locked, says which token it is, and refuses work', async () => {
    const locked = await openedLocked();
    const status = await locked.status();
    expect(status).toMatchObject({ state: 'locked', token: { label: token.tokenLabel }, simulated: true });
    await expect(locked.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(0);
  });

  test('that was accepted logs in again after the process died', async () => {
    const open = await opened();
    await killHost(open);
    expect(await open.random(8)).toHaveLength(8);
    expect(tap.count('C_Login')).toBe(2);
  });

  test('that was changed on the token meanwhile is tried once more and then waits for a person', async () => {
    const open = await opened();
    await killHost(open);
    tap.break({ call: 'C_Login', code: 0xa0 }); // CKR_PIN_INCORRECT
    await expect(open.random(8)).rejects.toMatchObject({ code: 'hsm.pin' });
    for (let i = 0; i < 3; i++) await expect(open.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(2);
    await open.unlock(token.pin());
    expect(await open.random(8)).toHaveLength(8);
  });

  test('is not used again after somebody else gave a wrong one', async () => {
    const open = await opened();
    await killHost(open);
    const other = Pkcs11Hsm.open({ ...token, pin: Buffer.from('wrong pin') });
    await expect(other).rejects.toMatchObject({ code: 'hsm.pin' }); // the token now has CKF_USER_PIN_COUNT_LOW
    await expect(open.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect((await open.status()).reason).toContain('CKF_USER_PIN_COUNT_LOW');
    expect(tap.count('C_Login')).toBe(1);
  });

  test('is not used again either when only the login was lost, and the process lives', async () => {
    const open = await opened();
    const key = await open.importGroupKey('group', randomBytes(32));
    const other = Pkcs11Hsm.open({ ...token, pin: Buffer.from('wrong pin') });
    await expect(other).rejects.toMatchObject({ code: 'hsm.pin' });
    tap.break({ call: 'C_SignInit', closeSessions: true });
    await expect(open.deriveDeviceKey(key, 'unit-1')).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(1);
  });

  test('is not given to another token of the same label', async () => {
    const open = await opened();
    await killHost(open);
    const other = await makeSoftHsm();
    renameSync(join(token.folder, 'tokens'), join(token.folder, 'before'));
    renameSync(join(other.folder, 'tokens'), join(token.folder, 'tokens'));
    await expect(open.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect((await open.status()).reason).toBe('the token changed');
    expect(tap.count('C_Login')).toBe(1);
    await other.dispose();
  });

  test('is not given to a module whose file changed', async () => {
    const module = join(token.folder, 'module.so');
    copyFileSync(token.module, module);
    hsm = await Pkcs11Hsm.open({ ...options(), module, pin: token.pin() });
    await killHost(hsm);
    appendFileSync(module, 'x');
    await expect(hsm.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect((await hsm.status()).reason).toBe('the module file changed');
    expect(tap.count('C_Login')).toBe(1);
  });

  test('whose answer was lost is not tried again, since it may have been counted as wrong', async () => {
    const locked = await openedLocked();
    tap.break({ call: 'C_Login', code: 0x30 }); // CKR_DEVICE_ERROR
    const pin = token.pin();
    await expect(locked.unlock(pin)).rejects.toMatchObject({ code: 'hsm.down' });
    expect(pin.every((byte) => byte === 0)).toBe(true);
    await expect(locked.random(8)).rejects.toMatchObject({ code: 'hsm.locked' });
    expect(tap.count('C_Login')).toBe(1);
  });

  test('given to an HSM that is open is not taken for accepted', async () => {
    const open = await opened();
    await open.unlock(Buffer.from('wrong pin'));
    await killHost(open);
    expect(await open.random(8)).toHaveLength(8);
  });

  test('is given once by 16 calls that all find the process dead', async () => {
    const open = await opened();
    const key = await open.importGroupKey('group', randomBytes(32));
    await killHost(open);
    await Promise.all(Array.from({ length: 16 }, (_, i) => open.deriveDeviceKey(key, `unit-${i}`)));
    expect(tap.count('C_Login')).toBe(2);
  });

  test('is zeroed when the HSM is closed', async () => {
    const pin = token.pin();
    const open = await opened(pin);
    expect(pin.equals(token.pin())).toBe(true);
    await open.close();
    expect(pin.every((byte) => byte === 0)).toBe(true);
  });
});

/** Kills the module's process as a crash would, and waits until the station has noticed. */
async function killHost(hsm: Pkcs11Hsm): Promise<void> {
  process.kill(hsm.hostPid ?? 0, 'SIGKILL');
  await expect.poll(() => hsm.hostPid, { timeout: 10_000 }).toBeUndefined();
}
