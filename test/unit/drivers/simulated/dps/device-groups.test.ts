import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import {
  type Device,
  derived,
  enroll,
  freshEmulator,
  json,
  keyOfLetter,
  list,
  overwrite,
  primary,
  putGroup,
  registration,
  service,
  symmetric,
} from './raw.ts';

const hubs = ['hub-a.azure-devices.net', 'hub-b.azure-devices.net', 'hub-c.azure-devices.net'];
const idScope = '0ne00000A0A';
let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator({ names: { idScope } });
});
afterAll(() => emulator.close());

beforeEach(() => {
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  Object.assign(emulator.switches, { ...defaultSwitches(), retryAfterSeconds: 0, throttle, linkedHubs: hubs });
});

const stateOf = async (who: Device) =>
  json(await registration(emulator, who)).registrationState as Record<string, unknown>;
const codeOf = async (reply: ReturnType<typeof registration>) => json(await reply).errorCode;

test("a group's devices register with keys derived from its primary or secondary key, never with the group's own", async () => {
  await putGroup(emulator, 'line', symmetric('g', 'h'));
  for (const letter of ['g', 'h']) {
    const id = `line-device-${letter}`;
    const member = { id, key: derived(keyOfLetter(letter), id) };
    expect(await stateOf(member)).toMatchObject({ deviceId: id, symmetricKey: { enrollmentGroupId: 'line' } });
    expect(await codeOf(registration(emulator, { id, key: keyOfLetter(letter) }))).toBe(401002);
    expect(await codeOf(registration(emulator, { ...member, id: `${id}-twin` }))).toBe(401002);
  }
  const records = list(await service(emulator, 'POST', '/registrations/LINE/query'));
  expect(records.map((record) => record.registrationId)).toEqual(['line-device-g', 'line-device-h']);
  expect(records[0]).not.toHaveProperty('symmetricKey');
});

test('the ID is part of the derived key as it was presented, unless the switch folds it', async () => {
  await putGroup(emulator, 'folding', symmetric('f', 'F'));
  const key = derived(keyOfLetter('f'), 'Mixed-Case');
  expect(await stateOf({ id: 'Mixed-Case', key })).toMatchObject({ deviceId: 'Mixed-Case' });
  expect(await codeOf(registration(emulator, { id: 'mixed-case', key }))).toBe(401002);
  emulator.switches.derivation = 'folded';
  expect(await codeOf(registration(emulator, { id: 'Mixed-Case', key }))).toBe(401002);
  expect(await stateOf({ id: 'MIXED-CASE', key: derived(keyOfLetter('f'), 'mixed-case') })).toMatchObject({
    deviceId: 'Mixed-Case',
  });
});

test('an individual enrollment decides before any group, whatever the case of its ID', async () => {
  await putGroup(emulator, 'below', symmetric('b', 'B'));
  const member = { id: 'decided', key: derived(keyOfLetter('b'), 'decided') };
  expect(await stateOf(member)).toMatchObject({ status: 'assigned' });
  await enroll(emulator, 'DECIDED');
  expect(await codeOf(registration(emulator, member))).toBe(401002);
  expect(await stateOf(primary('decided'))).toMatchObject({ status: 'assigned', registrationId: 'DECIDED' });
});

test('a disabled enrollment ends in 200 and "disabled", and leaves the record of an earlier assignment', async () => {
  await enroll(emulator, 'off');
  const { assignedHub } = await stateOf(primary('off'));
  await enroll(emulator, 'off', { provisioningStatus: 'disabled' }, overwrite);
  const reply = await registration(emulator, primary('off'));
  expect([reply.status, json(reply).status]).toEqual([200, 'disabled']);
  expect(json(reply).registrationState).not.toHaveProperty('assignedHub');
  expect(json(await service(emulator, 'GET', '/registrations/off'))).toMatchObject({ assignedHub });
});

test("a disabled entry with a device's ID blocks it in its group, and tells only those who prove who they are", async () => {
  await putGroup(emulator, 'blocking', symmetric('k', 'K'));
  const member = { id: 'blocked', key: derived(keyOfLetter('k'), 'blocked') };
  await enroll(emulator, 'Blocked', { provisioningStatus: 'disabled' });
  expect(json(await registration(emulator, member)).status).toBe('disabled');
  expect(await codeOf(registration(emulator, { ...member, key: keyOfLetter('x') }))).toBe(401002);
});

test('of two groups with one key the older decides; a switch skips it when it is disabled', async () => {
  await putGroup(emulator, 'z-older', symmetric('o', 'O'), { provisioningStatus: 'disabled' });
  await putGroup(emulator, 'a-younger', symmetric('o', 'O'));
  const member = { id: 'two-groups', key: derived(keyOfLetter('o'), 'two-groups') };
  expect(json(await registration(emulator, member)).status).toBe('disabled');
  emulator.switches.disabledGroup = 'skipped';
  expect(await stateOf(member)).toMatchObject({ symmetricKey: { enrollmentGroupId: 'a-younger' } });
});

test('records outlive their group and are deleted one by one, by tag if one is given', async () => {
  await putGroup(emulator, 'outlived', symmetric('l', 'L'));
  const member = { id: 'outlives', key: derived(keyOfLetter('l'), 'outlives') };
  const { etag } = await stateOf(member);
  await service(emulator, 'DELETE', '/enrollmentGroups/outlived');
  expect(await codeOf(registration(emulator, member))).toBe(401002);
  expect(list(await service(emulator, 'POST', '/registrations/outlived/query')).length).toBe(1);
  const remove = (headers: Record<string, string>) =>
    service(emulator, 'DELETE', '/registrations/outlives', undefined, headers);
  expect((await remove({ 'If-Match': 'stale' })).status).toBe(412);
  expect((await remove({ 'If-Match': String(etag) })).status).toBe(204);
  expect(json(await remove({})).errorCode).toBe(404202);
  expect(list(await service(emulator, 'POST', '/registrations/outlived/query'))).toEqual([]);
});
