import { expect, test } from 'vitest';
import { freeLane } from '../../../../renderer/lanes-of.ts';
import { nothingAnswered, pagesOf, planOf, wrongOn } from '../../../../renderer/screens/setup/answers.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { createSchema } from '../../../../station-core/contract/setup.ts';

const production = {
  ...nothingAnswered,
  mode: 'production',
  name: ' line 3 ',
  line: '3',
  token: { module: '/usr/lib/x.so', tokenLabel: 'line 3', about: '' },
  idScope: ' 0ne000956C5 ',
  lanes: [{ lane: 1, kind: 'serial', path: ' /dev/serial/by-path/x ', baud: 115_200 }],
  lead: 'Lena',
  officer: 'Otto',
} as const;

test('a mode has its pages, and every page of good answers can be left', () => {
  expect(pagesOf('practice')).toEqual(['mode', 'station', 'lanes', 'overview']);
  for (const page of pagesOf('production')) expect(wrongOn(page, production)).toEqual({});
  for (const page of pagesOf('practice')) expect(wrongOn(page, { ...nothingAnswered, name: 'a' })).toEqual({});
});

test('what is missing or does not fit is named by its field', () => {
  const nothing = { ...nothingAnswered, mode: 'production' } as const;
  expect(wrongOn('station', nothing)).toEqual({ name: 'needed' });
  expect(wrongOn('hsm', nothing)).toEqual({ token: 'token' });
  expect(wrongOn('cloud', { ...nothing, deviceEndpoint: 'A B', budget: '1e3' })).toEqual({
    idScope: 'idScope',
    deviceEndpoint: 'host',
    budget: 'budget',
  });
  expect(wrongOn('lanes', nothing)).toEqual({ lanes: 'noLanes' });
  const [lane] = production.lanes;
  expect(wrongOn('lanes', { ...production, lanes: [lane, { ...lane, lane: 2 }] })).toEqual({ lanes: 'samePort' });
  expect(wrongOn('lanes', { ...production, lanes: [{ ...lane, path: ' ' }] })).toEqual({ lanes: 'noPort' });
  expect(wrongOn('lanes', { ...nothingAnswered, simulated: '33' })).toEqual({ simulated: 'count' });
  expect(wrongOn('people', { ...production, officer: 'Lena ' })).toEqual({ officer: 'same' });
});

test('the plan of good answers is what the call takes, without what was typed around it', () => {
  expect(parse(createSchema, planOf(production), 'plan')).toMatchObject({
    mode: 'production',
    name: 'line 3',
    place: { line: '3' },
    dps: { idScope: '0ne000956C5' },
    lanes: [{ path: '/dev/serial/by-path/x' }],
  });
  const practice = parse(createSchema, planOf({ ...nothingAnswered, name: 'bench' }), 'plan');
  expect(practice.lanes).toHaveLength(4);
  expect(practice).not.toHaveProperty('place');
});

test('a new lane gets the lowest number that is free', () => {
  expect(freeLane([])).toBe(1);
  expect(
    freeLane([
      { lane: 1, kind: 'simulated' },
      { lane: 3, kind: 'simulated' },
    ]),
  ).toBe(2);
  expect(freeLane(Array.from({ length: 64 }, (_, index) => ({ lane: index + 1, kind: 'simulated' })))).toBeUndefined();
});
