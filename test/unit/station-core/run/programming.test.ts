import { describe, expect, test } from 'vitest';
import type { ProgrammerPlan } from '../../../../station-core/contract/programmer.ts';
import { brokenBy, endedAs, jobOf } from '../../../../station-core/run/programming.ts';
import type { Unit } from '../../../../station-core/store/units.ts';

const unit = {
  serial: 'SN-1',
  mac: 'A0:B1:C2:D3:E4:F5',
  registrationId: 'gw-sn-1',
  facts: { board_rev: 'C', odd: '-rf', wifi: 'AccountKey=abc' },
} as unknown as Unit;
const plan = (more: Partial<ProgrammerPlan>): ProgrammerPlan => ({ name: 'p', args: [], deadlineSeconds: 5, ...more });
const refusal = (more: Partial<ProgrammerPlan>, device?: string) => {
  try {
    jobOf(plan(more), unit, { device });
    return undefined;
  } catch (thrown) {
    return (thrown as { details: unknown }).details;
  }
};

test('every word is filled for the unit and its lane', () => {
  const args = ['--port={port}', '{serial}', '{mac}', '{registrationId}', '{board_rev}-{board_rev}', 'as it is'];
  expect(
    jobOf(plan({ args, env: { UNIT: '{serial}' }, progress: '{percent}%' }), unit, { device: '/dev/ttyUSB0' }),
  ).toEqual({
    args: ['--port=/dev/ttyUSB0', 'SN-1', 'A0-B1-C2-D3-E4-F5', 'gw-sn-1', 'C-C', 'as it is'],
    env: { UNIT: 'SN-1' },
    deadlineMs: 5_000,
    progress: '{percent}%',
  });
});

describe('a value is refused with its place', () => {
  test.each([
    ['that would be an option', { args: ['x', '{odd}'] }, { place: 'programmer, args.1', found: 'a dash or an @' }],
    ['that looks like a secret', { args: ['{wifi}'] }, { place: 'programmer, {wifi}', found: 'what looks like one' }],
    ['that the order does not say', { env: { A: '{colour}' } }, { place: 'template, {colour}' }],
    [
      'of a port, where the lane has none',
      { args: ['{port}'] },
      { place: 'programmer, args.0', expected: 'a lane with a port' },
    ],
  ])('%s', (_, more, details) => {
    expect(refusal(more)).toMatchObject(details);
  });

  test('and one behind the recipe’s own dash is not', () => {
    expect(jobOf(plan({ args: ['-{odd}', '--name={odd}'] }), unit, {}).args).toEqual(['--rf', '--name=-rf']);
  });
});

test.each([
  [{ how: 'exit', code: 0 }, undefined, 'exit 0'],
  [{ how: 'exit', code: 3 }, undefined, 'exit 3'],
  [{ how: 'exit', code: 2 }, 'unit.not-programmed', 'exit 2'],
  [{ how: 'exit', code: 1 }, 'programmer.broke', 'exit 1'],
  [{ how: 'signal', signal: 'SIGSEGV' }, 'programmer.broke', 'SIGSEGV'],
  [{ how: 'late' }, 'programmer.late', 'deadline'],
  [{ how: 'stopped' }, 'programmer.broke', 'stopped'],
  [{ how: 'not-started', reason: 'r' }, 'programmer.not-started', 'not started'],
  [{ how: 'lost' }, 'programmer.broke', 'unwatched'],
] as const)('an end by %o is %s', (ending, code, word) => {
  const printed = { bytes: 0, text: '', said: '' };
  expect(brokenBy(plan({ passed: [0, 3], failed: [2] }), { ending, printed })?.code).toBe(code);
  expect(endedAs(ending)).toBe(word);
});
