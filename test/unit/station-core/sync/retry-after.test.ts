import { expect, test } from 'vitest';
import { refusal } from '../../../../station-core/sync/dps/answers.ts';

const served = 'Wed, 25 Nov 2026 12:00:00 GMT';
const waits: readonly [string, string, string | undefined, number][] = [
  ['seconds', '120', served, 120],
  ['a date', 'Wed, 25 Nov 2026 12:00:42 GMT', served, 42],
  ['a date in the form of RFC 850', 'Wednesday, 25-Nov-26 12:01:00 GMT', served, 60],
  ['a date in the form of asctime', 'Wed Nov 25 12:02:00 2026', served, 120],
  ['a date that has passed', 'Wed, 25 Nov 2026 11:00:00 GMT', served, 0],
  ['a date, in an answer without a date', 'Wed, 25 Nov 2026 12:00:05 GMT', undefined, 5],
  ['a year', 'Thu, 25 Nov 2027 12:00:00 GMT', served, 86_400],
  ['a number beyond all', '999999999', served, 86_400],
  ['words', 'soon', served, 0],
  ['a negative number', '-5', served, 0],
  ['a day that there is not', 'Wed, 45 Nov 2026 12:00:42 GMT', served, 0],
  ['a month that there is not', 'Wed, 25 Nix 2026 12:00:42 GMT', served, 0],
  ['nothing', '', served, 0],
];
test.each(waits)('Retry-After as %s (RFC 9110, 10.2.3)', (_, asked, date, seconds) => {
  const headers = { 'retry-after': asked, ...(date ? { date } : {}) };
  const now = Date.parse('2026-11-25T12:00:00Z');
  for (const [status, code] of [
    [429, 'cloud.throttled'],
    [503, 'cloud.failed'],
  ] as const) {
    expect(refusal({ status, headers, body: Buffer.alloc(0) }, now)).toMatchObject({ code, details: { seconds } });
  }
});
