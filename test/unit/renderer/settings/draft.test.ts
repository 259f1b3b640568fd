import { expect, test } from 'vitest';
import { draftOf, settingsOf, wrongIn } from '../../../../renderer/screens/settings/draft.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { settingsSchema } from '../../../../station-core/contract/settings.ts';

const settings = {
  place: { line: '3' },
  lanes: [{ lane: 1, kind: 'serial', path: '/dev/ttyS0', baud: 115_200 }],
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
