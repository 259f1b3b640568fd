import { expect, test } from 'vitest';
import { errors } from '../../../../station-core/contract/errors.ts';
import { fold, outcomeOf, type Run, type RunEvent } from '../../../../station-core/contract/run.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const opened: RunEvent = {
  type: 'opened',
  at: at(0),
  lane: 2,
  order: 'o',
  recipe: 'r',
  serial: 'S',
  registrationId: 's',
  scanned: 'S',
  who: 'T',
  plan: [
    { name: 'greet', kind: 'reversible' },
    { name: 'release', kind: 'irreversible' },
  ],
};

const tell = (events: readonly RunEvent[]): Run | undefined =>
  events.reduce<Run | undefined>((run, event) => fold(1, run, event), undefined);

test('a run is what its events say', () => {
  const run = tell([
    opened,
    { type: 'began', at: at(1), step: 'greet' },
    { type: 'ended', at: at(3), step: 'greet', facts: { firmware: '1.2' } },
    { type: 'began', at: at(3), step: 'release' },
    { type: 'broke', at: at(4), step: 'release', error: { code: 'unit.silent', details: { what: 'commit' } } },
    {
      type: 'closed',
      at: at(5),
      outcome: 'indeterminate',
      error: { code: 'unit.silent', details: { what: 'commit' } },
    },
  ]);
  expect(run).toMatchObject({
    id: 1,
    lane: 2,
    serial: 'S',
    outcome: 'indeterminate',
    facts: { firmware: '1.2' },
    error: { code: 'unit.silent' },
    steps: [
      { name: 'greet', state: 'ended', ms: 2000 },
      { name: 'release', state: 'broke', ms: 1000 },
    ],
  });
});

test('folding answers a new run and leaves the old one alone', () => {
  const before = tell([opened]);
  const after = fold(1, before, { type: 'closed', at: at(1), outcome: 'passed' });
  expect(before?.outcome).toBeUndefined();
  expect(after.outcome).toBe('passed');
});

test('an event of a run that never opened is a bug', () => {
  expect(() => fold(7, undefined, { type: 'closed', at: at(0), outcome: 'passed' })).toThrow(/run 7/);
});

test('blame decides the outcome: the unit fails, everybody else errs, a person aborts', () => {
  for (const [code, { blame }] of Object.entries(errors)) {
    const outcome = outcomeOf({ code: code as keyof typeof errors, details: {} }, 'reversible');
    const want = code === 'run.aborted' ? 'aborted' : blame === 'unit' ? 'failed' : 'errored';
    expect([code, outcome]).toEqual([code, want]);
  }
});

test('an irreversible act that did not finish is indeterminate, unless the unit said that it did not happen', () => {
  expect(outcomeOf({ code: 'unit.silent', details: {} }, 'irreversible')).toBe('indeterminate');
  expect(outcomeOf({ code: 'link.lost', details: {} }, 'irreversible')).toBe('indeterminate');
  expect(outcomeOf({ code: 'run.aborted', details: {} }, 'irreversible')).toBe('indeterminate');
  expect(outcomeOf({ code: 'unit.other-credential', details: {} }, 'irreversible')).toBe('failed');
});
