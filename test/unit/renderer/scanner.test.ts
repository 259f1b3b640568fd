import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatheredText, idleScanner, press, type Scanner, taken } from '../../../renderer/scanner.ts';

/** Keys one after the other, `gap` milliseconds apart; answers the scanner and the time of the last key. */
function keys(scanner: Scanner, names: readonly string[], from: number, gap: number): { scanner: Scanner; at: number } {
  const times = names.map((_, index) => from + index * gap);
  return {
    scanner: names.reduce((before, name, index) => press(before, name, times[index] ?? 0), scanner),
    at: times.at(-1) ?? from,
  };
}

const code = (text: string, from: number, gap: number, scanner: Scanner = idleScanner) =>
  keys(scanner, [...text, 'Enter'], from, gap);
const queue = ({ queue: waiting }: Scanner) => waiting.map(({ code: text, how }) => `${how} ${text}`);

describe('a code', () => {
  test('that comes in a burst was scanned, a slow one was typed', () => {
    expect(queue(code('P1-0001', 0, 5).scanner)).toEqual(['scanned P1-0001']);
    expect(queue(code('P1-0001', 0, 59).scanner)).toEqual(['scanned P1-0001']);
    expect(queue(code('P1-0001', 0, 60).scanner)).toEqual(['typed P1-0001']);
    expect(queue(code('P1-0001', 0, 180).scanner)).toEqual(['typed P1-0001']);
  });

  test('is nothing before Enter, and Enter alone is nothing', () => {
    const half = keys(idleScanner, [...'P1-0001'], 0, 5).scanner;
    expect(queue(half)).toEqual([]);
    expect(gatheredText(half)).toBe('P1-0001');
    expect(queue(press(idleScanner, 'Enter', 0))).toEqual([]);
  });

  test('is cleared by Escape and mended by Backspace', () => {
    const half = keys(idleScanner, [...'P1-00'], 0, 100);
    expect(gatheredText(press(half.scanner, 'Escape', 600))).toBe('');
    expect(gatheredText(press(half.scanner, 'Backspace', 600))).toBe('P1-0');
  });

  test('has no part in keys that make no character', () => {
    const shifted = keys(idleScanner, ['Shift', 'P', 'Unidentified', '1', 'Dead', 'Enter'], 0, 5).scanner;
    expect(queue(shifted)).toEqual(['typed P1']);
  });

  test('that is scanned after a typed beginning was left standing is the scanned part alone', () => {
    const left = keys(idleScanner, [...'abc'], 0, 200);
    expect(queue(code('P1-0001', left.at + 500, 5, left.scanner).scanner)).toEqual(['scanned P1-0001']);
  });

  test('whose keys stumble once stays whole, so that a part of it never passes for a code', () => {
    const half = keys(idleScanner, [...'P1-'], 0, 5);
    expect(queue(code('0001', half.at + 120, 5, half.scanner).scanner)).toEqual(['typed P1-0001']);
  });
});

describe('back-to-back scans', () => {
  test('queue in order and never run into each other', () => {
    const codes = fc.uniqueArray(fc.stringMatching(/^[A-Z0-9-]{1,20}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(codes, fc.integer({ min: 1, max: 59 }), (labels, gap) => {
        let now: { scanner: Scanner; at: number } = { scanner: idleScanner, at: 0 };
        for (const label of labels) now = code(label, now.at + gap, gap, now.scanner);
        expect(now.scanner.queue.map((scan) => scan.code)).toEqual(labels);
      }),
    );
  });

  test('are taken the oldest first', () => {
    const first = code('AAAA', 0, 5);
    const both = code('BBBB', first.at + 5, 5, first.scanner).scanner;
    expect(queue(taken(both))).toEqual(['scanned BBBB']);
  });
});

describe('the same code', () => {
  test('within 2 s is ignored, and said to be', () => {
    const first = code('P1-0001', 0, 5);
    const again = code('P1-0001', first.at + 1_900, 5, first.scanner).scanner;
    expect(again.queue).toHaveLength(1);
    expect(again.ignored?.code).toBe('P1-0001');
  });

  test('after 2 s counts again', () => {
    const first = code('P1-0001', 0, 5);
    expect(code('P1-0001', first.at + 2_000, 5, first.scanner).scanner.queue).toHaveLength(2);
  });

  test('is ignored for as long as a scanner keeps repeating it', () => {
    let now = code('P1-0001', 0, 5);
    for (let times = 0; times < 5; times++) now = code('P1-0001', now.at + 1_500, 5, now.scanner);
    expect(now.scanner.queue).toHaveLength(1);
  });

  test('does not make another one be ignored', () => {
    const first = code('P1-0001', 0, 5);
    const other = code('P1-0002', first.at + 5, 5, first.scanner);
    expect(queue(other.scanner)).toEqual(['scanned P1-0001', 'scanned P1-0002']);
    expect(other.scanner.ignored).toBeUndefined();
  });
});
