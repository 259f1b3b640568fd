import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Method } from '../../../../station-core/contract/api.ts';
import type { Role } from '../../../../station-core/contract/record.ts';
import { ruleOf } from '../../../../station-core/contract/roles.ts';
import { actor } from '../../../../station-core/practice.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

const roles: readonly Role[] = ['technician', 'lead', 'security-officer', 'auditor'];
const recipe = {
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{serial}',
  attestation: { type: 'symmetricKey', scope: 'individual' },
  delivery: 'clear',
  lock: false,
  target: 'dps',
};

/** Parameters that parse, so that only the table decides. */
const params: Readonly<Record<Method, unknown>> = {
  'operators.signIn': { name: 'nobody', pin: '0000' },
  'operators.signOut': {},
  'operators.active': {},
  'operators.add': { name: 'x', role: 'technician' },
  'operators.reset': { name: 'nobody' },
  'operators.unlock': { name: 'nobody' },
  'operators.leave': { name: 'nobody' },
  'operators.changeRole': { name: 'nobody', role: 'auditor' },
  'operators.badge': { name: 'nobody', badge: 'BADGE-1' },
  'operators.prefer': { language: 'en' },
  'operators.list': {},
  'audit.rotateKey': {},
  'audit.beginOrigin': {},
  'approvals.approve': { method: 'orders.list', params: {} },
  'station.describe': {},
  'station.view': {},
  'events.follow': { since: 0 },
  'recipes.approve': { recipe },
  'recipes.list': {},
  'recipes.show': { hash: '0'.repeat(64) },
  'recipes.check': { recipe },
  'recipes.save': { recipe },
  'orders.create': { name: 'an order', recipe, units: [{ serial: 'A-1' }] },
  'orders.list': {},
  'orders.arm': { order: 'none' },
  'orders.preview': { file: 'o.csv', text: 'serial\nA-1\n', recipe: { hash: '0'.repeat(64) } },
  'orders.import': { name: 'o', file: 'o.csv', text: 'serial\nA-1\n', recipe: { hash: '0'.repeat(64) } },
  'orders.figures': {},
  'orders.units': { order: 'none' },
  'orders.find': { order: 'none', prefix: 'A' },
  'orders.quarantine': {},
  'orders.parked': {},
  'orders.close': { order: 'none' },
  'orders.reopen': { order: 'none' },
  'run.start': { lane: 1, serial: 'none' },
  'run.abort': { run: 1 },
  'run.show': { run: 1 },
  'sync.run': {},
  'hub.lines': { order: 'o' },
  'hub.keyLines': { order: 'o' },
  'hub.module': { registrationId: 'a', module: 'm' },
  'sync.compareCentral': { name: 'export.csv', sha256: '0'.repeat(64) },
  'sync.parked': {},
  'sync.reconcile': { order: 'none' },
  'sync.retry': { row: 1 },
  'sync.replace': { row: 1, etag: 'x' },
  'sync.discard': { row: 1 },
  'unit.disable': { serial: 'none' },
  'unit.enable': { serial: 'none' },
  'unit.rollKey': { serial: 'none', slot: 'secondary' },
  'unit.reprovision': { serial: 'none', changes: { allocationPolicy: 'hashed' } },
  'unit.deprovision': { serial: 'none' },
  'group.disable': { group: 'none' },
  'group.enable': { group: 'none' },
  'group.roll': { group: 'none', issuer: 'a-ca' },
  'group.delete': { group: 'none' },
  'sync.check': {},
  'sync.look': {},
  'sync.compare': { row: 1 },
  'bundle.pinApplier': {
    schema: 1,
    kind: 'birthmark-applier',
    name: 'an applier',
    encryption: 'A'.repeat(124),
    receipts: 'A'.repeat(124),
  },
  'bundle.identity': {},
  'bundle.make': { days: 14 },
  'bundle.again': { sequence: 1 },
  'bundle.receipts': { text: 'x' },
  'bundle.list': {},
  'privacy.look': { subject: { person: 'nobody' } },
  'privacy.export': { subject: { person: 'nobody' } },
  'privacy.erase': { subject: { person: 'nobody' }, reason: 'asked' },
  'privacy.hold': { scope: 'all', reason: 'a claim' },
  'privacy.release': { hold: 1 },
  'privacy.holds': {},
  'backup.note': { manifest: '0'.repeat(64), bytes: 1, entries: 1, sealed: 0 },
  'backup.make': {},
  'backup.list': {},
  'audit.verify': {},
  'audit.export': { format: 'csv' },
  'audit.exportNamed': { format: 'csv' },
  'audit.search': { limit: 1 },
  'audit.entry': { seq: 0 },
  'unit.story': { serial: 'none' },
  'audit.checkpoint': {},
  'audit.compare': { code: '1-0000-0000-0000-0000-00' },
  'audit.anchors': {},
  'audit.reconcile': { size: 1, root: Buffer.alloc(32).toString('base64') },
  'ca.begin': { name: 'a-ca', algorithm: 'p256', subject: { CN: 'A CA' } },
  'ca.witness': { name: 'a-ca' },
  'ca.import': { name: 'a-ca', chain: '' },
  'ca.practiceSign': { name: 'a-ca' },
  'ca.verify': { name: 'a-ca', code: 'AAAABBBBCCCC' },
  'ca.issue': { order: 'none', csrs: [{ name: 'a', csr: '' }] },
  'clock.confirm': { at: '2026-11-20T00:00Z' },
  'clock.show': {},
  'ca.find': {},
  'ca.expiring': { days: 90 },
  'ca.ceremony': { name: 'a-ca' },
  'ca.module': { registrationId: 'none', module: 'm', csr: '' },
  'ca.renew': { certificate: 1 },
  'ca.revoke': { certificate: 1, reason: 'superseded' },
  'unit.scrap': { serial: 'none', reason: 'unspecified' },
  'ca.crl': { name: 'a-ca' },
  'ca.quota': { name: 'a-ca', quota: null },
  'ca.retire': { name: 'a-ca' },
  'ca.destroy': { name: 'a-ca' },
  'ca.lastCrl': { name: 'a-ca' },
  'ca.record': { name: 'a-ca' },
  'ca.export': { name: 'a-ca', format: 'csv' },
  'ca.list': {},
  'store.import': { store: 'a-store', anchors: 'x', files: [{ name: 'a.p12', sha256: '00'.repeat(32) }] },
  'store.importList': { store: 'a-store', anchors: 'x', name: 'list.csv', list: 'x' },
  'store.list': {},
  'tpm.importList': { list: 'a-list', name: 'f', text: 'x' },
  'tpm.lists': {},
  'secret.set': { name: 'a-secret' },
  'secret.list': {},
  'setup.look': {},
  'setup.useToken': { module: 'none', tokenLabel: 'none' },
  'setup.checkCloud': {},
  'setup.create': { mode: 'practice', name: 'a station', lanes: [{ lane: 1, kind: 'simulated' }] },
  'ports.list': {},
  'settings.show': {},
  'settings.change': {
    idleMinutes: 15,
    place: null,
    lanes: [{ lane: 1, kind: 'simulated' }],
    budgetPerMinute: 200,
    backupFolder: null,
  },
  'settings.restart': {},
  'lane.release': { lane: 1 },
  'lane.arm': { lane: 1, serial: 'none' },
  'lane.disarm': { lane: 1 },
  'scanners.take': {},
  'hsm.unlock': { pin: '0000' },
  'hsm.inspect': {},
  'hsm.importGroupKey': { label: 'a key' },
  'hsm.makeUnwrappingKey': { label: 'a key' },
  'hsm.unwrapGroupKey': { label: 'a', key: { label: 'b', id: '00', publicKey: 'x' }, wrapped: 'AAAA' },
};

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );

test.each(Object.keys(api) as Method[])('%s may be called by those in the table and by nobody else', async (method) => {
  const { who, second } = { second: undefined, ...ruleOf(method) };
  const outsider = await code(line.station.call(method, params[method]));
  if (who === 'anyone') expect(outsider).not.toBe('person.not-signed-in');
  else expect(outsider).toBe('person.not-signed-in');
  for (const role of roles) {
    const answer = await code(line.as(role, method, params[method]));
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
