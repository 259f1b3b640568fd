import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { device, enroll, freshEmulator, json, keyOfLetter, primary, putGroup, sas, symmetric } from './raw.ts';
import { eccArea, rsaArea } from './tpm-areas.ts';
import { enrollTpm, REGISTER, tpmCall } from './tpm-device.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator();
  await enrollTpm(emulator, 'enrolled', base64(rsaArea('ek')));
});
afterAll(() => emulator.close());

const base64 = (bytes: Buffer) => bytes.toString('base64');
const good = { endorsementKey: base64(rsaArea('ek')), storageRootKey: base64(rsaArea('srk')) };
const register = (id: string, tpm?: object, token?: string) =>
  tpmCall(emulator, REGISTER, id, { ...(tpm && { tpm }), ...(token !== undefined && { token }) });
const codeOf = async (reply: ReturnType<typeof register>) => json(await reply).errorCode;

/** The same, but for the last byte of the modulus. */
function otherKey(area: Buffer): string {
  const other = Buffer.from(area);
  other.writeUInt8(area.readUInt8(area.length - 1) ^ 0x02, area.length - 1);
  return base64(other);
}

test('the enrolled TPM is challenged, with a blob for each call', async () => {
  const keys = [await register('enrolled', good), await register('enrolled', good)].map(json);
  expect(keys.map((body) => body.keyName)).toEqual(['registration', 'registration']);
  expect(keys[0]?.authenticationKey).not.toBe(keys[1]?.authenticationKey);
});

test("another endorsement key than the enrolled one's bytes is refused, and gets no challenge", async () => {
  const reply = await register('enrolled', { ...good, endorsementKey: otherKey(rsaArea('ek')) });
  expect([reply.status, json(reply).errorCode]).toEqual([401, 401002]);
  expect(json(reply)).not.toHaveProperty('authenticationKey');
  expect((await register('enrolled', { ...good, storageRootKey: otherKey(rsaArea('srk')) })).status).toBe(401);
});

test('a TPM that is not enrolled is told so with 404201, with and without a token, and others are not', async () => {
  await putGroup(emulator, 'all', symmetric());
  const token = sas({ sr: `${emulator.idScope}%2Fregistrations%2Fnobody`, key: keyOfLetter('x'), skn: 'registration' });
  expect(await codeOf(register('nobody', good))).toBe(404201);
  expect(await codeOf(register('nobody', good, token))).toBe(404201);
  expect(await codeOf(register('nobody'))).toBe(401002);
  expect(await codeOf(register('nobody', undefined, token))).toBe(401002);
});

test.each<[string, object, number, string]>([
  ['no endorsement key', { storageRootKey: good.storageRootKey }, 400004, 'tpm.endorsementKey'],
  ['an endorsement key that is no base64', { ...good, endorsementKey: '!' }, 400201, 'tpm.endorsementKey'],
  ['an endorsement key with ECC', { ...good, endorsementKey: base64(eccArea('ek')) }, 400201, 'tpm.endorsementKey'],
  ['half an endorsement key', { ...good, endorsementKey: 'AToAAQAL' }, 400201, 'tpm.endorsementKey'],
  ['no storage root key', { endorsementKey: good.endorsementKey }, 400203, 'tpm.storageRootKey'],
  ['an empty storage root key', { ...good, storageRootKey: '' }, 400203, 'tpm.storageRootKey'],
  ['a storage root key with ECC', { ...good, storageRootKey: base64(eccArea('srk')) }, 400203, 'tpm.storageRootKey'],
  [
    'a storage root key without its size',
    { ...good, storageRootKey: base64(rsaArea('srk').subarray(2)) },
    400203,
    'tpm.storageRootKey',
  ],
])('%s is refused with the name of the member, and not its value', async (_name, tpm, code, place) => {
  for (const id of ['enrolled', 'nobody']) {
    const reply = await register(id, tpm);
    expect([reply.status, json(reply).errorCode]).toEqual([400, code]);
    expect(json(reply).message).toContain(place);
    for (const value of Object.values(tpm) as string[]) if (value.length > 4) expect(reply.text).not.toContain(value);
  }
});

test('a token proves nothing before a challenge, and neither does one by another key after it', async () => {
  await enrollTpm(emulator, 'unproven', good.endorsementKey);
  const who = { id: 'unproven', key: keyOfLetter('x') };
  const call = () => device(emulator, 'PUT', '/register', who, { tpm: good });
  expect(await codeOf(call())).toBe(401002);
  expect(json(await register('unproven', good)).keyName).toBe('registration');
  const refused = await call();
  expect(json(refused).errorCode).toBe(401002);
  expect(json(refused)).not.toHaveProperty('authenticationKey');
  expect(await codeOf(register('unproven'))).toBe(401002);
});

test('a device that is enrolled with a key registers with that, whatever it says of a TPM', async () => {
  await enroll(emulator, 'keyed');
  const call = device(emulator, 'PUT', '/register', primary('keyed'), { tpm: good });
  expect((await call).status).toBe(202);
  expect(await codeOf(register('keyed', good))).toBe(401002);
});
