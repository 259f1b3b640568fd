import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneState } from '../../../renderer/runs.ts';
import {
  type Around,
  goOn,
  type Happened,
  newTour,
  type Tour,
  type TourStep,
  tourLabels,
  tourSteps,
} from '../../../renderer/tour.ts';
import type { ErrorCode } from '../../../station-core/contract/errors.ts';
import type { Outcome } from '../../../station-core/contract/run.ts';

type Made = { readonly id: number; readonly outcome?: Outcome; readonly code?: ErrorCode };

/** A lane whose newest run is this one. */
const laneOf = ({ id, outcome, code }: Made): LaneState => ({
  lane: 1,
  port: 'one',
  simulated: true,
  attached: true,
  run: {
    id,
    serial: 'P1-0001',
    lane: 1,
    order: 'practice-1',
    recipe: 'symmetric-group',
    openedAt: '2026-11-27T08:00:00.000Z',
    steps: [],
    facts: {},
    ...(outcome ? { outcome, closedAt: '2026-11-27T08:00:01.000Z' } : {}),
    ...(code ? { error: { code, details: {} } } : {}),
  },
});

const lanes = (...made: readonly Made[]): Happened & { what: 'lanes' } => ({ what: 'lanes', lanes: made.map(laneOf) });
const nobody: Around = { lanes: [], seesAudit: false };
const at = (step: TourStep, since = 0): Tour => ({ step, since });
const stepAfter = (tour: Tour, happened: Happened, around: Around = nobody): TourStep =>
  goOn(tour, happened, around).step;
const mixedUp = { outcome: 'failed', code: 'unit.serial-mismatch' } as const;

describe('the tour goes on', () => {
  test('from its beginning to its end by what happens', () => {
    const all: readonly Happened[] = [
      lanes({ id: 1, outcome: 'passed' }),
      lanes({ id: 2, ...mixedUp }),
      { what: 'explained', code: 'unit.serial-mismatch' },
      lanes({ id: 3, outcome: 'passed' }),
      { what: 'place', place: 'orders' },
      { what: 'person', seesAudit: true },
      { what: 'exported', proven: true },
    ];
    const walked = [newTour(nobody)];
    for (const happened of all) walked.push(goOn(walked.at(-1) ?? newTour(nobody), happened, nobody));
    expect(walked.map(({ step }) => step)).toEqual(tourSteps);
  });

  test('by a unit that was begun after the step alone', () => {
    expect(stepAfter(at('scan', 5), lanes({ id: 5, outcome: 'passed' }))).toBe('scan');
    expect(stepAfter(at('scan', 5), lanes({ id: 6, outcome: 'passed' }))).toBe('wrong');
    expect(newTour({ ...nobody, lanes: lanes({ id: 7 }, { id: 9 }).lanes }).since).toBe(9);
  });

  test('not by a unit that is still being made, or ends otherwise', () => {
    expect(stepAfter(at('scan'), lanes({ id: 1 }))).toBe('scan');
    expect(stepAfter(at('scan'), lanes({ id: 1, ...mixedUp }))).toBe('scan');
    expect(stepAfter(at('wrong'), lanes({ id: 1, outcome: 'passed' }))).toBe('wrong');
    expect(stepAfter(at('wrong'), lanes({ id: 1, outcome: 'errored', code: 'link.lost' }))).toBe('wrong');
  });

  test('not by evidence that does not hold', () => {
    expect(stepAfter(at('evidence'), { what: 'exported', proven: false })).toBe('evidence');
  });

  test('past signing in, for somebody who sees the audit trail anyway', () => {
    const lead = { ...nobody, seesAudit: true };
    expect(stepAfter(at('order'), { what: 'place', place: 'orders' }, lead)).toBe('evidence');
    expect(stepAfter(at('order'), { what: 'place', place: 'orders' })).toBe('become');
  });

  test('by a press, from every step, and never beyond the end', () => {
    const walked = tourSteps.map((step) => stepAfter(at(step), { what: 'next' }));
    expect(walked).toEqual([...tourSteps.slice(1), 'done']);
  });
});

test('whatever happens, the tour stays or goes one step on, and only past signing in two', () => {
  const happened = fc.oneof(
    fc
      .record({ id: fc.nat(9), outcome: fc.constantFrom<Outcome>('passed', 'failed', 'errored', 'aborted') })
      .map((made): Happened => lanes({ ...made, code: 'unit.serial-mismatch' })),
    fc.constantFrom('lanes', 'orders', 'audit').map((place): Happened => ({ what: 'place', place })),
    fc.boolean().map((seesAudit): Happened => ({ what: 'person', seesAudit })),
    fc.boolean().map((proven): Happened => ({ what: 'exported', proven })),
    fc.constant<Happened>({ what: 'explained', code: 'unit.silent' }),
    fc.constant<Happened>({ what: 'next' }),
  );
  fc.assert(
    fc.property(fc.array(happened, { maxLength: 40 }), fc.boolean(), (all, seesAudit) => {
      let tour = newTour(nobody);
      for (const one of all) {
        const next = goOn(tour, one, { lanes: one.what === 'lanes' ? one.lanes : [], seesAudit });
        const far = tourSteps.indexOf(next.step) - tourSteps.indexOf(tour.step);
        expect(far === 0 || far === 1 || (far === 2 && next.step === 'evidence')).toBe(true);
        tour = next;
      }
    }),
  );
});

describe('the labels of the tour', () => {
  test('are two that are right and one on a wrong unit, in their order', () => {
    expect(tourLabels(['A1', 'A2', 'A3-X', 'A4', 'A5-X'])).toEqual(['A1', 'A2', 'A3-X']);
    expect(tourLabels(['A3-X', 'A4', 'A5', 'A6'])).toEqual(['A3-X', 'A4', 'A5']);
  });

  test('are those that there are', () => {
    expect(tourLabels([])).toEqual([]);
    expect(tourLabels(['A3-X', 'A6-X'])).toEqual(['A3-X']);
  });
});
