import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { registerTpmDevice } from '../../../../suites/azure-sdk.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../../suites/swtpm.ts';
import { freshEmulator, overwrite } from './raw.ts';
import { enrollTpm, makeKeys } from './tpm-device.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator({ switches: { assigningPolls: 1 } });
});
afterAll(() => emulator.close());

async function freshTpm() {
  const swtpm = await makeSwtpm();
  onTestFinished(() => swtpm.stop());
  return { swtpm, keys: await makeKeys(swtpm) };
}

/** The endorsement key, and the ID that SDKs make of it: base32 of its hash, in lower case and without padding. */
async function endorsement(swtpm: Swtpm) {
  await tools(swtpm)('tpm2_readpublic', '-c', '0x81010001', '-f', 'tss', '-o', 'ek.pub');
  const bytes = readFileSync(join(swtpm.folder, 'ek.pub'));
  const bits = [...createHash('sha256').update(bytes).digest()]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const letters = bits.match(/.{1,5}/g)?.map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]) ?? [];
  return { endorsementKey: bytes.toString('base64'), registrationId: letters.join('') };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

test('the device SDK registers a TPM, again and again, and leaves a key for the hub in it', async () => {
  const { swtpm, keys } = await freshTpm();
  const { idScope } = emulator;
  await enrollTpm(emulator, 'sdk-tpm', keys.endorsementKey, { deviceId: 'Named.Tpm' });
  const hubKey = async () => {
    await tools(swtpm)('tpm2_hmac', '-c', '0x81000100', '-g', 'sha256', '-o', 'mac', 'ek.pub');
    return (await tools(swtpm)('tpm2_readpublic', '-c', '0x81000100')).toString();
  };
  const left: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    const result = await registerTpmDevice(emulator, { registrationId: 'sdk-tpm', idScope, swtpm });
    expect(result).toMatchObject({ status: 'assigned', deviceId: 'Named.Tpm', substatus: 'initialAssignment' });
    expect(emulator.switches.linkedHubs).toContain(result.assignedHub);
    left.push(await hubKey());
  }
  expect(left[0]).not.toBe(left[1]);
});

test('the device SDK makes the keys of an empty TPM itself, and its ID from the endorsement key', async () => {
  const swtpm = await makeSwtpm();
  onTestFinished(() => swtpm.stop());
  const { idScope } = emulator;
  await expect(registerTpmDevice(emulator, { idScope, swtpm })).rejects.toThrow('did NOT respond with an unauthorized');
  const { endorsementKey, registrationId } = await endorsement(swtpm);
  expect(registrationId).toMatch(/^[a-z2-7]{52}$/);
  await enrollTpm(emulator, registrationId, endorsementKey);
  const result = await registerTpmDevice(emulator, { idScope, swtpm });
  expect(result).toMatchObject({ status: 'assigned', deviceId: registrationId });
});

test('a TPM that has its endorsement key from its manufacturer registers with that', async () => {
  const swtpm = await makeSwtpm({ certificates: true });
  onTestFinished(() => swtpm.stop());
  const { endorsementKey, registrationId } = await endorsement(swtpm);
  await enrollTpm(emulator, registrationId, endorsementKey);
  expect(await registerTpmDevice(emulator, { idScope: emulator.idScope, swtpm })).toMatchObject({ status: 'assigned' });
});

test('the device SDK fails once the enrollment is of another TPM', async () => {
  const { swtpm, keys } = await freshTpm();
  const { keys: others } = await freshTpm();
  const { idScope } = emulator;
  const attempt = () => registerTpmDevice(emulator, { registrationId: 'sdk-other', idScope, swtpm });
  await enrollTpm(emulator, 'sdk-other', keys.endorsementKey);
  expect(await attempt()).toMatchObject({ status: 'assigned' });
  await enrollTpm(emulator, 'sdk-other', others.endorsementKey, {}, overwrite);
  await expect(attempt()).rejects.toThrow('appropriately formatted authentication blob');
});
