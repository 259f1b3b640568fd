import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { listedExceptions } from '../../../../../station-core/audit/report/exceptions.ts';
import { type Line, lineOf } from '../../../../../station-core/audit/report/line.ts';
import { commitmentsIn, type Report, ReportFold } from '../../../../../station-core/audit/report/model.ts';
import { listedUnits } from '../../../../../station-core/audit/report/units.ts';

type Said = Partial<Omit<Line, 'seq'>> & Pick<Line, 'action'>;

const always = { clock: 'unknown', station: 's', origin: 'o', software: '1', config: 'c', result: 'ok' } as const;
const atOf = (seq: number) => `2026-11-20T06:00:${String(seq % 60).padStart(2, '0')}.000Z`;

/** What stands for a commitment: always the same, and as random. */
const of = (what: string) => `hmac-sha256:${createHash('sha256').update(what).digest('base64')}`;

function fold(entries: readonly Said[]): Report {
  const report = new ReportFold();
  for (const [seq, entry] of entries.entries()) report.take({ ...always, at: atOf(seq), seq, ...entry });
  return report.end();
}

function runOf(run: number, serial: string, outcome: string, more: Partial<Said> = {}): Said[] {
  const about = { run, order: 'A', lane: 1, unit: { serial: of(serial), registrationId: of(`${serial} id`) }, ...more };
  const result = outcome === 'passed' ? 'ok' : 'failed';
  return [
    { ...about, action: 'run.opened' },
    { ...about, action: 'run.closed', result, details: { outcome } },
  ];
}

test('a log without entries makes an empty report', () => {
  const report = fold([]);
  expect(report).toMatchObject({ entries: 0, first: undefined, people: [], units: { total: 0 } });
  expect(report.outcomes).toMatchObject({ units: 0, firstPass: 0, failures: [] });
  expect(commitmentsIn(report).size).toBe(0);
});

test('units are counted by their first and by their last run', () => {
  const { outcomes, units } = fold([
    ...runOf(1, 'a', 'passed'),
    ...runOf(2, 'b', 'failed', { reason: 'unit.silent' }),
    ...runOf(3, 'b', 'passed'),
    ...runOf(4, 'c', 'indeterminate', { reason: 'link.lost' }),
  ]);
  expect(outcomes.runs).toEqual({ passed: 2, failed: 1, errored: 0, aborted: 0, indeterminate: 1 });
  expect(outcomes).toMatchObject({ units: 3, firstPass: 1, last: { passed: 2, failed: 0, indeterminate: 1 } });
  expect(outcomes.failures).toEqual([
    { name: 'link.lost', times: 1 },
    { name: 'unit.silent', times: 1 },
  ]);
  expect(units.listed.map(({ runs, outcome }) => [runs, outcome])).toEqual([
    [1, 'passed'],
    [2, 'passed'],
    [1, 'indeterminate'],
  ]);
});

test('a run that the next start closed, which names no unit, still counts for its unit', () => {
  const [opened] = runOf(1, 'a', 'passed');
  const details = { outcome: 'errored', recovered: true };
  const closed = {
    action: 'run.closed',
    result: 'failed',
    run: 1,
    order: 'A',
    reason: 'run.interrupted',
    details,
  } as const;
  const { outcomes, units } = fold([opened as Said, closed]);
  expect(outcomes).toMatchObject({ units: 1, last: { errored: 1 } });
  expect(units.listed[0]).toMatchObject({ outcome: 'errored', reason: 'run.interrupted' });
});

test('the same serial number in two orders is two units', () => {
  expect(fold([...runOf(1, 'a', 'passed'), ...runOf(2, 'a', 'passed', { order: 'B' })]).units.total).toBe(2);
});

test('a unit has the credential, the receipt and the revocation that later entries tell', () => {
  const [opened, closed] = runOf(1, 'a', 'passed');
  const released = {
    ...opened,
    action: 'credential.released',
    details: { kind: 'x509', source: 'unit', sha256: 'ff' },
  };
  const issued = {
    ...opened,
    action: 'certificate.issued',
    details: { serialNumber: '40aa', sha256: 'ff', issuer: 'ca' },
  };
  const row = { target: 'dps', action: 'create', registrationId: of('a id') };
  const parked = { action: 'upload.parked', result: 'failed', reason: 'cloud.different', details: row } as const;
  const revoked = { action: 'certificate.revoked', details: { serialNumber: '40aa', why: 'keyCompromise' } };
  const entries = [opened, issued, released, closed] as Said[];
  const listed = (...more: Said[]) => fold([...entries, ...more]).units.listed[0];
  const credential = { kind: 'x509', source: 'unit', sha256: 'ff', serialNumber: '40aa' };
  expect(listed()).toMatchObject({ credential, registrationId: of('a id'), upload: undefined });
  expect(listed(parked)).toMatchObject({ upload: { action: 'create', parked: 'cloud.different' } });
  expect(listed(parked, { action: 'upload.received', details: row })).toMatchObject({ upload: { parked: undefined } });
  expect(listed(revoked)).toMatchObject({ after: 'revoked', outcome: 'passed' });
});

test('people have their roles, what they did themselves, and what they approved', () => {
  const [opened, closed] = runOf(1, 'a', 'passed', { actor: of('tess'), role: 'technician' });
  const refused = { action: 'call.refused', result: 'refused', actor: of('tess'), role: 'technician' } as const;
  const used = {
    action: 'approval.used',
    actor: of('sol'),
    role: 'lead',
    approver: of('ada'),
    details: { method: 'ca.revoke' },
  };
  const { people, exceptions } = fold([opened as Said, closed as Said, refused, used]);
  expect(people).toEqual([
    { person: of('tess'), roles: ['technician'], deeds: [{ name: 'run.opened', times: 1 }], approved: 0, refused: 1 },
    { person: of('ada'), roles: [], deeds: [], approved: 1, refused: 0 },
    { person: of('sol'), roles: ['lead'], deeds: [{ name: 'approval.used', times: 1 }], approved: 0, refused: 0 },
  ]);
  expect(exceptions.approvals).toEqual([
    {
      method: 'ca.revoke',
      times: 1,
      askers: [{ name: of('sol'), times: 1 }],
      approvers: [{ name: of('ada'), times: 1 }],
    },
  ]);
});

const exceptional: readonly [string, Said, boolean][] = [
  ['a refused call', { action: 'call.refused', result: 'refused' }, true],
  ['a failed act without words of its own', { action: 'some.new-act', result: 'failed' }, true],
  ['a clock that two people confirmed', { action: 'clock.confirmed' }, true],
  ['an order that was accepted without proof', { action: 'order.armed', details: { armed: 'accepted' } }, true],
  ['an order that was proven', { action: 'order.armed', details: { armed: 'proven' } }, false],
  ['a certificate that may be out', { action: 'certificate.possible', result: 'failed' }, true],
  ['a start after an unclean stop', { action: 'software.started', details: { lastStop: 'unclean' } }, true],
  ['a start', { action: 'software.started' }, false],
  ['an order', { action: 'order.created' }, false],
];

test.each(exceptional)('%s: an exception or not', (_, entry, expected) => {
  expect(fold([entry]).exceptions.total).toBe(expected ? 1 : 0);
});

test('what is listed one by one is bounded, and what is counted is complete', () => {
  const refused: Said = { action: 'call.refused', result: 'refused', reason: 'person.not-allowed' };
  const runs = Array.from({ length: listedUnits + 5 }, (_, n) => runOf(n + 1, `unit ${n}`, 'passed')).flat();
  const { exceptions, units, outcomes } = fold([
    ...Array.from({ length: listedExceptions + 3 }, () => refused),
    ...runs,
  ]);
  expect(exceptions).toMatchObject({ total: 1_003, kinds: [{ reason: 'person.not-allowed', times: 1_003 }] });
  expect(exceptions.listed).toHaveLength(listedExceptions);
  expect(units).toMatchObject({ total: listedUnits + 5 });
  expect(units.listed).toHaveLength(listedUnits);
  expect(outcomes.units).toBe(listedUnits + 5);
});

test('what was in force is told with its first and last entry', () => {
  const { identity, clocks } = fold([
    { action: 'a' },
    { action: 'a', software: '2', clock: 'synchronised' },
    { action: 'a' },
  ]);
  expect(identity.software.map(({ value, first, last }) => [value, first.seq, last.seq])).toEqual([
    ['1', 0, 2],
    ['2', 1, 1],
  ]);
  expect(clocks).toEqual([
    { name: 'unknown', times: 2 },
    { name: 'synchronised', times: 1 },
  ]);
});

test('members that no entry has are not guessed at', () => {
  const good = { ...always, at: atOf(0), action: 'a' };
  expect(lineOf(3, good)).toMatchObject({ seq: 3, action: 'a' });
  for (const bad of [undefined, {}, { ...good, result: 'fine' }, { ...good, action: 7 }, { ...good, run: '1' }]) {
    expect(lineOf(3, bad)).toBeUndefined();
  }
  const report = new ReportFold();
  report.takeUnreadable(7);
  expect(report.end()).toMatchObject({ entries: 1, unreadable: [7] });
});
