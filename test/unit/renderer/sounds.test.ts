import { describe, expect, test } from 'vitest';
import { foldEvent, seeAll } from '../../../renderer/runs.ts';
import { mergeMs, moreUrgent, needsPerson, type Sound, Speaker, soundOf, tones } from '../../../renderer/sounds.ts';
import type { Outcome, RunEvent } from '../../../station-core/contract/run.ts';
import { emptyBoard, opened } from './journal.ts';

let n = 0;
const at = () => new Date(n * 1_000).toISOString();

/** A run on a lane from its scan to its end. */
function ran(board: ReturnType<typeof emptyBoard>, lane: number, outcome: Outcome, code = 'unit.silent') {
  const run = ++n;
  const open = foldEvent(board, { n, run, event: opened(n, lane, `S-${run}`) });
  const error = outcome === 'passed' ? {} : { error: { code, details: {} } as const };
  const closed = { type: 'closed', at: at(), outcome, ...error } as RunEvent;
  return foldEvent(open, { n: ++n, run, event: closed });
}

test('every sound has its own tones, between 500 and 3000 Hz, and different ones are a fifth apart', () => {
  const all = Object.values(tones).flat();
  for (const { from, to } of all) expect([from, to].every((hertz) => hertz >= 500 && hertz <= 3_000)).toBe(true);
  const distinct = [...new Set(all.map(({ from }) => from))].sort((a, b) => a - b);
  expect(distinct.length).toBeLessThanOrEqual(4);
  for (const [index, hertz] of distinct.slice(1).entries()) expect(hertz / (distinct[index] ?? 0)).toBeGreaterThan(1.2);
});

describe('what is heard of a board', () => {
  test('a pass, a failure, and nothing while a unit is being made', () => {
    const empty = emptyBoard(2);
    const passed = ran(empty, 1, 'passed');
    expect(soundOf(empty, passed)).toBe('pass');
    expect(soundOf(passed, ran(passed, 2, 'failed'))).toBe('fail');
    expect(soundOf(passed, foldEvent(passed, { n: ++n, run: n, event: opened(n, 2, 'S') }))).toBeUndefined();
  });

  test('the worst of what comes at once', () => {
    const empty = emptyBoard(2);
    expect(soundOf(empty, ran(ran(empty, 1, 'passed'), 2, 'failed'))).toBe('fail');
  });

  test('a person is called for a unit of which nobody knows, once, until somebody has seen it', () => {
    const empty = emptyBoard(1);
    const open = ran(empty, 1, 'indeterminate');
    expect(soundOf(empty, open)).toBe('person');
    expect(soundOf(open, { ...open })).toBeUndefined();
    expect(needsPerson(open)).toBe(true);
    expect(needsPerson(seeAll(open))).toBe(false);
  });

  test('the same failure three times in a row is one call, on whatever lanes; another code or a pass begins anew', () => {
    const twice = ran(ran(emptyBoard(4), 1, 'failed'), 2, 'failed');
    expect(needsPerson(twice)).toBe(false);
    expect(needsPerson(ran(twice, 3, 'failed'))).toBe(true);
    expect(needsPerson(ran(twice, 3, 'failed', 'unit.refused'))).toBe(false);
    expect(needsPerson(ran(ran(twice, 3, 'passed'), 4, 'failed'))).toBe(false);
    expect(needsPerson(seeAll(ran(twice, 3, 'failed')))).toBe(false);
  });
});

describe('the speaker', () => {
  /** An audio context that only counts what begins. */
  function counting() {
    const begun: number[] = [];
    const oscillator = () => ({
      frequency: { setValueAtTime: (hertz: number) => begun.push(hertz), linearRampToValueAtTime: () => undefined },
      connect: () => undefined,
      start: () => undefined,
      stop: () => undefined,
    });
    const context = { currentTime: 0, destination: {}, createOscillator: oscillator };
    return { begun, speaker: new Speaker(() => context as unknown as AudioContext) };
  }

  test('plays one sound for what comes within 300 ms, unless the other is more urgent', () => {
    const { begun, speaker } = counting();
    speaker.play('pass', 0);
    speaker.play('pass', mergeMs - 1);
    expect(begun).toEqual([1_400]);
    speaker.play('fail', mergeMs - 1);
    expect(begun).toEqual([1_400, 900, 900]);
    speaker.play('scan', mergeMs + 100);
    expect(begun).toHaveLength(3);
    speaker.play('scan', 2 * mergeMs + 100);
    expect(begun).toHaveLength(4);
  });

  test('a person comes before a failure, a failure before a pass, a pass before a scan', () => {
    const order: Sound[] = ['scan', 'pass', 'fail', 'person'];
    for (const [index, one] of order.slice(1).entries()) expect(moreUrgent(one, order[index] ?? 'scan')).toBe(true);
  });
});
