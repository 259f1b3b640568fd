import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Method } from '../../../../station-core/contract/api.ts';
import type { Role } from '../../../../station-core/contract/record.ts';
import { ruleOf } from '../../../../station-core/contract/roles.ts';
import { actor } from '../../../../station-core/practice.ts';
import { callParams } from '../../../suites/call-params.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

const roles: readonly Role[] = ['technician', 'lead', 'security-officer', 'auditor'];
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );

test.each(Object.keys(api) as Method[])('%s may be called by those in the table and by nobody else', async (method) => {
  const { who, second } = { second: undefined, ...ruleOf(method) };
  const outsider = await code(line.station.call(method, callParams[method]));
  if (who === 'anyone') expect(outsider).not.toBe('person.not-signed-in');
  else expect(outsider).toBe('person.not-signed-in');
  for (const role of roles) {
    const answer = await code(line.as(role, method, callParams[method]));
    const mayNot = who !== 'anyone' && !who.includes(role);
    if (mayNot) expect([role, answer]).toEqual([role, 'person.not-allowed']);
    else if (second) expect([role, answer]).toEqual([role, 'person.second-needed']);
    else expect(answer).not.toMatch(/^person\.not-/);
  }
});

test('what a role may not do leaves an entry that says who, what and why', () => {
  const refused = line
    .entries()
    .filter((entry) => entry.action === 'call.refused' && entry.reason === 'person.not-allowed');
  const asked = new Set(refused.map((entry) => (entry.details as { method: string }).method));
  expect(asked).toContain('orders.create');
  expect(refused.every((entry) => String(entry.actor).startsWith('hmac-sha256:'))).toBe(true);
});

const operation = { method: 'hsm.importGroupKey', params: { label: 'second' } } as const;
const importKey = (approval: string, role: Role = 'security-officer', label = 'second') =>
  line.station.call(
    'hsm.importGroupKey',
    { label },
    { actor: actor(line.station, role), approval, secret: Buffer.alloc(32, 3) },
  );

test('an approval serves exactly one operation, once', async () => {
  const { approval } = await line.as('lead', 'approvals.approve', operation);
  expect(await code(importKey(approval, 'security-officer', 'another'))).toBe('person.approval-wrong');
  expect(await code(importKey(approval))).toBe('ok');
  expect(await code(importKey(approval, 'security-officer', 'second'))).toBe('person.approval-wrong');
});

test('nobody approves their own operation, and not every role may approve', async () => {
  for (const role of ['security-officer', 'technician', 'auditor'] as const) {
    const { approval } = await line.as(role, 'approvals.approve', operation);
    expect([role, await code(importKey(approval))]).toEqual([role, 'person.approval-wrong']);
  }
  expect(await code(importKey('an approval that never was'))).toBe('person.approval-wrong');
});

test('an approval survives a restart of the station', async () => {
  const { approval } = await line.as('lead', 'approvals.approve', { ...operation, params: { label: 'after' } });
  await line.stop();
  await line.start();
  expect(await code(importKey(approval, 'security-officer', 'after'))).toBe('ok');
});

test('a person signs in with the right PIN, and neither with a wrong one nor under a wrong name', async () => {
  const signIn = (name: string, pin: string) => code(line.station.call('operators.signIn', { name, pin }));
  expect(await signIn('Lee Lead', '2222')).toBe('ok');
  expect(await signIn('Lee Lead', '2223')).toBe('person.unknown');
  expect(await signIn('Nobody', '2222')).toBe('person.unknown');
});

test('a name is taken once', async () => {
  await expect(line.station.operators.add('Lee Lead', 'auditor', Buffer.from('9999'))).rejects.toMatchObject({
    code: 'person.taken',
  });
});

test('a person is added by two people, and signs in with the PIN that came beside the call', async () => {
  const params = { name: 'Nia New', role: 'technician' };
  const add = (approval: string) =>
    line.station.call('operators.add', params, {
      actor: actor(line.station, 'lead'),
      approval,
      secret: Buffer.from('5555'),
    });
  const { approval } = await line.as('security-officer', 'approvals.approve', { method: 'operators.add', params });
  expect(await add(approval)).toEqual(params);
  expect(await code(line.station.call('operators.signIn', { name: 'Nia New', pin: '5555' }))).toBe('ok');
  const { approval: own } = await line.as('lead', 'approvals.approve', { method: 'operators.add', params });
  expect(await code(add(own))).toBe('person.approval-wrong');
  const short = line.station.operators.add('Short', 'auditor', Buffer.from('123'));
  await expect(short).rejects.toMatchObject({ code: 'input.invalid', details: { place: 'PIN' } });
});
