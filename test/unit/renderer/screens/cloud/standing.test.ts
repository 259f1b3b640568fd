import { expect, test } from 'vitest';
import { standingOf, warningsOf } from '../../../../../renderer/screens/cloud/standing.ts';
import type { CloudCheck } from '../../../../../station-core/contract/cloud.ts';

const dps = { name: 'dps', configured: true };
const away = { code: 'cloud.unreachable', details: { reason: 'ECONNREFUSED' } } as const;
const busy = { code: 'cloud.throttled', details: { seconds: 5 } } as const;

test('offline is what cannot be reached, and nothing else that waits', () => {
  expect(standingOf({ state: 'waiting', error: away }, [dps])).toBe('offline');
  expect(standingOf({ state: 'waiting', error: busy }, [dps])).toBe('waiting');
  expect(standingOf({ state: 'waiting' }, [dps])).toBe('waiting');
  for (const state of ['idle', 'sending', 'stopped'] as const) expect(standingOf({ state }, [dps])).toBe(state);
});

test('a station without a way to any cloud says so, whatever its pump says', () => {
  expect(standingOf({ state: 'idle' }, [])).toBe('none');
  expect(standingOf({ state: 'idle' }, [{ ...dps, configured: false }])).toBe('none');
});

const check: CloudCheck = {
  host: 'h',
  emulator: false,
  idScope: '0ne',
  caller: 'policy uploads',
  way: [],
  rights: [{ what: 'read keys of groups', right: 'EnrollmentRead', purpose: 'none', has: 'no' }],
  warnings: [],
  ok: true,
};

test('what should be changed although uploads work is warned of, in words of the screen', () => {
  const rights = [{ what: 'read keys of groups', right: 'EnrollmentRead', purpose: 'none', has: 'yes' }] as const;
  expect(warningsOf(check)).toEqual([]);
  expect(warningsOf({ ...check, caller: 'policy provisioningserviceowner' })).toEqual(['owner']);
  expect(warningsOf({ ...check, rights, skewMs: -400_000 })).toEqual(['groupKeys', 'clock']);
  expect(warningsOf({ ...check, skewMs: 299_000 })).toEqual([]);
});
