import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../../../station-core/clock.ts';
import type { Method, Params } from '../../../../station-core/contract/api.ts';
import { badgeText, type Invited } from '../../../../station-core/contract/people.ts';
import type { Role } from '../../../../station-core/contract/record.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { actor } from '../../../../station-core/practice.ts';
import { TestStation } from '../../../suites/station.ts';

// Every PIN that is judged takes a third of a second and 128 MiB, on purpose; beside other tests, many times that.
vi.setConfig({ testTimeout: 180_000 });

const dayMs = 24 * 3_600_000;

/** How far the station's clock is from the system's: tests set it. */
let aheadMs = 0;
let line: TestStation;
beforeAll(async () => {
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  line = await TestStation.open({ lanes: 1, parts: { clock } });
});
afterAll(() => line.close());

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
const signIn = (name: string, pin: string, newPin?: string) =>
  line.station.call('operators.signIn', { name, pin, ...(newPin === undefined ? {} : { newPin }) });
const tries = async (times: number, name: string, pin: string) => {
  const answers: string[] = [];
  for (let n = 0; n < times; n++) answers.push(await code(signIn(name, pin)));
  return answers;
};
const entriesOf = (action: string) => line.entries().filter((entry) => entry.action === action);
const stateOf = async (name: string) =>
  (await line.as('lead', 'operators.list', {})).find((person) => person.name === name)?.state;
const agreed = <M extends Method>(method: M, params: Params<M>) => line.agreed('lead', method, params);
const invite = (name: string, role: Role = 'technician'): Promise<Invited> => agreed('operators.add', { name, role });
const added = (name: string, role: Role = 'technician') => line.station.operators.add(name, role, Buffer.from('7777'));
const restart = async () => {
  await line.stop();
  await line.start();
};

test('five wrong PINs lock a person, over restarts and whatever the clock says, until a lead unlocks them', async () => {
  await added('Lou Locked');
  expect(await tries(5, 'Lou Locked', '0000')).toEqual([...Array(4).fill('person.unknown'), 'person.locked']);
  expect(await code(signIn('Lou Locked', '7777'))).toBe('person.locked');
  await restart();
  aheadMs = 400 * dayMs;
  expect(await code(signIn('Lou Locked', '7777'))).toBe('person.locked');
  aheadMs = 0;
  expect(await stateOf('Lou Locked')).toBe('locked');
  expect(await code(line.as('technician', 'operators.unlock', { name: 'Lou Locked' }))).toBe('person.not-allowed');
  await line.as('lead', 'operators.unlock', { name: 'Lou Locked' });
  expect(await code(signIn('Lou Locked', '7777'))).toBe('ok');
  expect(entriesOf('operator.locked')).toHaveLength(1);
  expect(entriesOf('operator.unlocked').at(-1)).toMatchObject({ role: 'lead' });
});

test('a right PIN gives all five tries back', async () => {
  await added('Rita Right');
  await tries(4, 'Rita Right', '0000');
  expect(await code(signIn('Rita Right', '7777'))).toBe('ok');
  expect(await tries(1, 'Rita Right', '0000')).toEqual(['person.unknown']);
});

test('a name that nobody has reads as one that somebody has, locked and not', async () => {
  expect(await tries(6, 'Unknown Name', '0000')).toEqual([
    ...Array(4).fill('person.unknown'),
    'person.locked',
    'person.locked',
  ]);
});

test('a try is on the disk before it is judged: whoever kills the station between has used it up', async () => {
  await added('Kim Killed');
  const { db, hsm } = { db: line.station.records.db, hsm: line.station.parts.hsm };
  const failures = () =>
    db
      .prepare<[], number>(
        `SELECT failures FROM operator JOIN disclosure d ON d.id = person WHERE d.value = 'Kim Killed'`,
      )
      .pluck()
      .get();
  const seen: (number | undefined)[] = [];
  const mac = hsm.mac.bind(hsm);
  // The pepper is the first thing that a judgement asks for; here the station dies over it, each time.
  hsm.mac = () => {
    seen.push(failures());
    throw new Error('killed');
  };
  await tries(5, 'Kim Killed', '7777');
  hsm.mac = mac;
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  await restart();
  expect(await code(signIn('Kim Killed', '7777'))).toBe('person.locked');
  expect(await stateOf('Kim Killed')).toBe('locked');
});

test('tries side by side are judged one after the other, and count as many', async () => {
  await added('Sid Side');
  const answers = await Promise.all(Array.from({ length: 6 }, () => code(signIn('Sid Side', '0000'))));
  expect(answers).toEqual([...Array(4).fill('person.unknown'), 'person.locked', 'person.locked']);
});

test('whoever is added without a PIN gets a code, chooses a PIN with it, and nobody else ever knew that', async () => {
  const { code: once = '', until = '' } = await invite('Ned New');
  expect(once).toMatch(/^\d{8}$/);
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(6.9 * dayMs);
  expect(await stateOf('Ned New')).toBe('invited');
  expect(await code(signIn('Ned New', once))).toBe('person.choose-pin');
  expect(await code(signIn('Ned New', once, '123456'))).toBe('person.pin-weak');
  expect(await code(signIn('Ned New', once, once))).toBe('person.pin-weak');
  expect(await code(signIn('Ned New', once, '204060'))).toBe('ok');
  expect(await code(signIn('Ned New', once, '304050'))).toBe('person.unknown');
  expect(await code(signIn('Ned New', '204060'))).toBe('ok');
  expect(await stateOf('Ned New')).toBe('active');
  expect(JSON.stringify(line.entries())).not.toContain(once);
  expect(entriesOf('operator.added').at(-1)).toMatchObject({ details: { invited: true } });
});

test('a code ends after seven days, also for a clock that is set back afterwards', async () => {
  const { code: once = '' } = await invite('Lee Late');
  aheadMs = 408 * dayMs;
  expect(await code(signIn('Lee Late', once, '204060'))).toBe('person.code-ended');
  aheadMs = 0;
  expect(await code(signIn('Lee Late', once, '204060'))).toBe('person.code-ended');
  expect(await code(signIn('Lee Late', '00000000', '204060'))).toBe('person.unknown');
});

test('a PIN is changed at any sign-in, and not to the one before', async () => {
  await added('Cara Change');
  expect(await code(signIn('Cara Change', '7777', '918273'))).toBe('ok');
  expect(await code(signIn('Cara Change', '918273', '918273'))).toBe('person.pin-weak');
  expect(await code(signIn('Cara Change', '7777'))).toBe('person.unknown');
});

test('a reset takes two people, ends the PIN and its sessions, and its PIN is not chosen again', async () => {
  await added('Fay Forgot');
  const { session } = await signIn('Fay Forgot', '7777', '918273');
  expect(await code(line.as('lead', 'operators.reset', { name: 'Fay Forgot' }))).toBe('person.second-needed');
  const { code: once = '' } = await agreed('operators.reset', { name: 'Fay Forgot' });
  expect(line.station.operators.actor(session)).toBeUndefined();
  expect(await code(signIn('Fay Forgot', '918273'))).toBe('person.unknown');
  expect(await code(signIn('Fay Forgot', once, '918273'))).toBe('person.pin-weak');
  expect(await code(signIn('Fay Forgot', once, '405060'))).toBe('ok');
  await expect.poll(() => entriesOf('operator.signed-out').at(-1)).toMatchObject({ details: { why: 'changed' } });
});

test('a reset of somebody locked unlocks them: the code is good for whoever gets it', async () => {
  await added('Lu Both');
  await tries(5, 'Lu Both', '0000');
  const { code: once = '' } = await agreed('operators.reset', { name: 'Lu Both' });
  expect(await code(signIn('Lu Both', once, '405061'))).toBe('ok');
});

test('a badge names its person and opens nothing without the PIN; a badge of others does so once it was given', async () => {
  const { operator } = await added('Bea Badge');
  await added('Bo Badge');
  expect((await signIn(badgeText(operator), '7777')).name).toBe('Bea Badge');
  expect(await code(signIn(badgeText(operator), '0000'))).toBe('person.unknown');
  expect(await code(signIn(badgeText(operator).replace(/\d$/, 'x'), '7777'))).toBe('person.unknown');
  await line.as('lead', 'operators.badge', { name: 'Bea Badge', badge: 'GATE-4711' });
  expect((await signIn('GATE-4711', '7777')).name).toBe('Bea Badge');
  const give = (badge: string, name = 'Bo Badge') => code(line.as('lead', 'operators.badge', { name, badge }));
  expect(await give('GATE-4711')).toBe('person.badge-taken');
  expect(await give(badgeText(operator))).toBe('person.badge-taken');
  expect(await give('Bea Badge')).toBe('person.badge-taken');
  expect(await give('GATE-4712', 'Bea Badge')).toBe('ok');
  expect(await code(signIn('GATE-4711', '7777'))).toBe('person.unknown');
  expect(await give('GATE-4711')).toBe('ok');
  expect(await code(invite('GATE-4711'))).toBe('person.taken');
  expect(JSON.stringify(line.entries())).not.toContain('GATE-471');
});

test('erasing a person takes their badges, and a record about them has them', async () => {
  await added('Ida Erased');
  await line.as('lead', 'operators.badge', { name: 'Ida Erased', badge: 'GATE-9001' });
  const subject = { person: 'Ida Erased' };
  const record = await line.agreed('security-officer', 'privacy.export', { subject });
  expect(record.disclosures.map(({ label }) => label).sort()).toEqual(['badge', 'person']);
  await line.agreed('security-officer', 'privacy.erase', { subject, reason: 'asked, case 9' });
  const { db } = line.station.records;
  expect(db.prepare(`SELECT 1 FROM disclosure WHERE value IN ('GATE-9001', 'Ida Erased')`).get()).toBeUndefined();
  expect(await code(signIn('GATE-9001', '7777'))).toBe('person.unknown');
  expect(await fsck(line.folder)).toEqual([]);
});

test('whoever leaves signs in no more, agrees to nothing, and comes back by being added', async () => {
  await added('Gil Gone', 'security-officer');
  const { session } = await signIn('Gil Gone', '7777');
  const gil = line.station.operators.byName('Gil Gone');
  const operation = { method: 'operators.reset', params: { name: 'Cara Change' } } as const;
  const { approval } = await line.station.call('approvals.approve', operation, { actor: gil });
  await agreed('operators.leave', { name: 'Gil Gone' });
  expect(line.station.operators.actor(session)).toBeUndefined();
  expect(await code(signIn('Gil Gone', '7777'))).toBe('person.unknown');
  expect(await stateOf('Gil Gone')).toBe('left');
  const reset = line.station.call(operation.method, operation.params, {
    actor: actor(line.station, 'lead'),
    approval,
  });
  expect(await code(reset)).toBe('person.approval-wrong');
  expect(await code(agreed('operators.reset', { name: 'Gil Gone' }))).toBe('person.left');
  const { code: once = '' } = await invite('Gil Gone', 'technician');
  expect((await signIn('Gil Gone', once, '405062')).role).toBe('technician');
});

test('the last lead and the last security officer stay what they are', async () => {
  const leave = (name: string) => code(agreed('operators.leave', { name }));
  const become = (name: string, role: Role) => code(agreed('operators.changeRole', { name, role }));
  expect(await leave('Lee Lead')).toBe('person.last');
  expect(await become('Sol Security', 'lead')).toBe('person.last');
  await invite('Ina Invited', 'lead');
  expect(await leave('Lee Lead')).toBe('person.last');
  await added('Lia Lead', 'lead');
  expect(await leave('Lia Lead')).toBe('ok');
  expect(await leave('Nobody Here')).toBe('person.nobody');
});

test('another role takes effect at once: the sessions of the one before end', async () => {
  await added('Rae Role');
  const { session } = await signIn('Rae Role', '7777');
  await agreed('operators.changeRole', { name: 'Rae Role', role: 'auditor' });
  expect(line.station.operators.actor(session)).toBeUndefined();
  expect((await signIn('Rae Role', '7777')).role).toBe('auditor');
  expect(entriesOf('operator.role-changed').at(-1)).toMatchObject({
    details: { before: 'technician', role: 'auditor' },
  });
});

test('the language that somebody prefers comes with their next sign-in', async () => {
  await added('Pia Prefers');
  const actor = line.station.operators.byName('Pia Prefers');
  await line.station.call('operators.prefer', { language: 'de' }, { actor });
  expect(await signIn('Pia Prefers', '7777')).toMatchObject({ language: 'de' });
});

test('nobody in the list has a PIN, a code or what they are checked by', async () => {
  const people = await line.as('auditor', 'operators.list', {});
  const members = new Set(people.flatMap((person) => Object.keys(person)));
  const allowed = ['name', 'role', 'state', 'badge', 'language', 'otherBadge', 'codeUntil'];
  expect([...members].filter((member) => !allowed.includes(member))).toEqual([]);
});
