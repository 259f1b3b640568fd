import { expect, test } from 'vitest';
import { draftOf, settingsOf, wrongIn } from '../../../../renderer/screens/settings/draft.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { settingsSchema } from '../../../../station-core/contract/settings.ts';

const settings = {
  place: { line: '3' },
  lanes: [{ lane: 1, kind: 'serial', path: '/dev/ttyS0', baud: 115_200 }],
  scanners: [{ path: '/dev/serial/by-path/s', baud: 9_600, prefix: '\u0002', ending: 'etx' }],
  scanning: { prefix: '~', checksum: 'mod10' },
  budgetPerMinute: 200,
  idleMinutes: 15,
  backupFolder: null,
} as const;

test('settings come out of the form as they went in', () => {
  expect(settingsOf(draftOf(settings))).toEqual(settings);
  const bare = { ...settings, place: null, backupFolder: '/mnt/backups' };
  expect(settingsOf(draftOf(bare))).toEqual(bare);
  expect(parse(settingsSchema, settingsOf(draftOf(settings)), 'settings')).toEqual(settings);
});

test('what cannot stand is named before it is sent', () => {
  const draft = draftOf(settings);
  expect(wrongIn(draft)).toEqual({});
  expect(wrongIn({ ...draft, idle: '481' })).toEqual({ idle: 'idle' });
  expect(wrongIn({ ...draft, budget: '0' })).toEqual({ budget: 'budget' });
  expect(wrongIn({ ...draft, budget: '100001', lanes: [] })).toEqual({ budget: 'budget', lanes: 'noLanes' });
  const [lane] = settings.lanes;
  expect(wrongIn({ ...draft, lanes: [lane, { ...lane, lane: 2 }] })).toEqual({ lanes: 'samePort' });
});

const scanner = { path: '/dev/serial/by-path/s', baud: '9600', prefix: '', ending: 'line' } as const;

test('what no key types is written by its number', () => {
  const [shown] = draftOf(settings).scanners;
  expect(shown?.prefix).toBe('\\x02');
  const twice = { ...draftOf(settings), scanners: [{ ...scanner, prefix: '~\\x02\\x5C' }] };
  expect(settingsOf(twice).scanners).toEqual([{ ...scanner, baud: 9_600, prefix: '~\u0002\\' }]);
  expect(settingsOf(draftOf({ ...settings, ...settingsOf(twice) })).scanners).toEqual(settingsOf(twice).scanners);
});

test.each([
  ['without a port', [{ ...scanner, path: ' ' }], 'noPort'],
  ['on the port of another', [scanner, scanner], 'samePort'],
  ['on the port of a lane', [{ ...scanner, path: '/dev/ttyS0' }], 'samePort'],
  ['too slow', [{ ...scanner, baud: '300' }], 'baud'],
  ['with a prefix that ends a code', [{ ...scanner, prefix: '\\x03' }], 'prefix'],
  ['with a prefix that is too long', [{ ...scanner, prefix: '123456789' }], 'prefix'],
] as const)('a scanner %s cannot stand', (_, scanners, why) => {
  expect(wrongIn({ ...draftOf(settings), scanners })).toEqual({ scanners: why });
});

test('a lane that starts by plugging in needs a place that is watched', () => {
  const [lane] = settings.lanes;
  const attach = (path: string) => wrongIn({ ...draftOf(settings), lanes: [{ ...lane, path, start: 'attach' }] });
  expect(attach('/dev/ttyS0')).toEqual({ lanes: 'noPlugs' });
  expect(attach('/dev/serial/by-path/a')).toEqual({});
});
