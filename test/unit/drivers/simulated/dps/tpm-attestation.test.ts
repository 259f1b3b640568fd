import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../../suites/swtpm.ts';
import { freshEmulator, json, overwrite } from './raw.ts';
import {
  activate,
  type DeviceKeys,
  enrollTpm,
  makeKeys,
  outcome,
  REGISTER,
  solved,
  structuresOf,
  tokenOf,
  tpmCall,
} from './tpm-device.ts';

let emulator: Emulator;
let swtpm: Swtpm;
let tpm: DeviceKeys;

beforeAll(async () => {
  emulator = await freshEmulator();
  swtpm = await makeSwtpm();
  tpm = await makeKeys(swtpm);
});
afterAll(async () => {
  await swtpm.stop();
  await emulator.close();
});

const enroll = (id: string, more: object = {}) => enrollTpm(emulator, id, tpm.endorsementKey, more);

type State = { status: string; tpm?: { authenticationKey: string } };
const stateOf = (body: Record<string, unknown>) => body.registrationState as State;
/** Which HMAC key a blob carries, as far as anybody but the TPM can tell. */
const publicOf = (authenticationKey = '') => structuresOf(authenticationKey)[4]?.toString('hex');

test('a TPM without a token gets a challenge, and with what it signs then an operation', async () => {
  await enroll('flow');
  emulator.switches.assigningPolls = 1;
  onTestFinished(() => {
    emulator.switches.assigningPolls = 0;
  });
  const first = await tpmCall(emulator, REGISTER, 'flow', { tpm });
  const { authenticationKey } = json(first) as { authenticationKey: string };
  expect([first.status, json(first)]).toEqual([
    401,
    {
      message: 'Authorization required, resend request using supplied key',
      authenticationKey,
      unencryptedAuthenticationKey: null,
      keyName: 'registration',
    },
  ]);
  const sign = await activate(swtpm, authenticationKey);
  const token = await tokenOf(emulator, 'flow', sign);
  const second = await tpmCall(emulator, REGISTER, 'flow', { tpm, token });
  const { operationId } = json(second);
  expect([second.status, json(second)]).toEqual([202, { operationId, status: 'assigning' }]);
  const poll = () => tpmCall(emulator, ['GET', `/operations/${String(operationId)}`], 'flow', { token });
  expect((await poll()).status).toBe(202);
  const last = await poll();
  expect(last.status).toBe(200);
  const state = stateOf(json(last));
  expect(state).toMatchObject({ registrationId: 'flow', deviceId: 'flow', status: 'assigned' });
  const signForHub = await activate(swtpm, String(state.tpm?.authenticationKey));
  expect(await signForHub('text')).not.toEqual(await sign('text'));
});

test('the second call may leave the TPM out', async () => {
  await enroll('bare');
  expect(await outcome(emulator, 'bare', await solved(emulator, 'bare', swtpm, tpm))).toMatchObject({
    status: 'assigned',
  });
});

test("each registration brings a new key for the hub, and the status lookup tells the last one's", async () => {
  await enroll('rolled');
  const token = await solved(emulator, 'rolled', swtpm, tpm);
  const states = [await outcome(emulator, 'rolled', token), await outcome(emulator, 'rolled', token)].map(stateOf);
  const keys = states.map((state) => publicOf(state.tpm?.authenticationKey));
  expect(new Set(keys).size).toBe(2);
  expect(json(await tpmCall(emulator, ['POST', ''], 'rolled', { token }))).toEqual(states[1]);
});

test('only the newest challenge counts', async () => {
  await enroll('newest');
  const older = await solved(emulator, 'newest', swtpm, tpm);
  const newer = await solved(emulator, 'newest', swtpm, tpm);
  expect(await outcome(emulator, 'newest', older, tpm)).toMatchObject({ errorCode: 401002, message: 'Unauthorized' });
  expect(await outcome(emulator, 'newest', newer, tpm)).toMatchObject({ status: 'assigned' });
});

test('a cleared TPM has another storage root key and is still the enrolled one', async () => {
  const other = await makeSwtpm();
  onTestFinished(() => other.stop());
  const before = await makeKeys(other);
  const attestation = { type: 'tpm', tpm: before };
  await enrollTpm(emulator, 'cleared', before.endorsementKey, { attestation });
  await outcome(emulator, 'cleared', await solved(emulator, 'cleared', other, before));
  await tools(other)('tpm2_clear');
  const after = await makeKeys(other);
  expect(after.endorsementKey).toBe(before.endorsementKey);
  expect(after.storageRootKey).not.toBe(before.storageRootKey);
  const token = await solved(emulator, 'cleared', other, after);
  expect(await outcome(emulator, 'cleared', token, before)).toMatchObject({ errorCode: 401002 });
  expect(await outcome(emulator, 'cleared', token, after)).toMatchObject({ status: 'assigned' });
});

test('a disabled TPM is told so once it has proven itself, and gets no key for a hub', async () => {
  await enroll('disabled', { provisioningStatus: 'disabled' });
  const end = await outcome(emulator, 'disabled', await solved(emulator, 'disabled', swtpm, tpm), tpm);
  expect(end).toMatchObject({ status: 'disabled' });
  expect(stateOf(end).tpm).toBeUndefined();
});

test('a TPM that could not be assigned gets no key for a hub', async () => {
  emulator.switches.webhookRetries = { count: 0, firstMs: 0, stepMs: 0 };
  const customAllocationDefinition = { webhookUrl: 'https://127.0.0.1:1/', apiVersion: '2021-10-01' };
  await enroll('failed', { allocationPolicy: 'custom', customAllocationDefinition });
  const token = await solved(emulator, 'failed', swtpm, tpm);
  await outcome(emulator, 'failed', token);
  const state = await vi.waitFor(async () => {
    const known = json(await tpmCall(emulator, ['POST', ''], 'failed', { token }));
    expect(known).toMatchObject({ status: 'failed', errorCode: 400207 });
    return known;
  });
  expect(state.tpm).toBeUndefined();
});

test('a key that was issued before the enrollment got another endorsement key proves nothing', async () => {
  await enroll('replaced');
  const token = await solved(emulator, 'replaced', swtpm, tpm);
  const other = await makeSwtpm();
  onTestFinished(() => other.stop());
  const { endorsementKey } = await makeKeys(other);
  expect((await enrollTpm(emulator, 'replaced', endorsementKey, {}, overwrite)).status).toBe(200);
  expect(await outcome(emulator, 'replaced', token)).toMatchObject({ errorCode: 401002 });
});

test('with the switch for it, a TPM with ECC keys registers as well', async () => {
  const other = await makeSwtpm();
  onTestFinished(() => other.stop());
  const keys = await makeKeys(other, 'ecc', 'ecc');
  emulator.switches.eccTpmKeys = 'accepted';
  onTestFinished(() => {
    emulator.switches.eccTpmKeys = 'refused';
  });
  await enrollTpm(emulator, 'ecc', keys.endorsementKey);
  const end = await outcome(emulator, 'ecc', await solved(emulator, 'ecc', other, keys), keys);
  expect(end).toMatchObject({ status: 'assigned' });
  const sign = await activate(other, String(stateOf(end).tpm?.authenticationKey));
  expect((await sign('text')).length).toBe(32);
  emulator.switches.eccTpmKeys = 'refused';
  expect(json(await tpmCall(emulator, REGISTER, 'ecc', { tpm: keys })).errorCode).toBe(400201);
});
