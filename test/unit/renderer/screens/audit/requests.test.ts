import { expect, test } from 'vitest';
import { askedOf, nothing as unasked } from '../../../../../renderer/screens/audit/asked.ts';
import { formats, requestOf, nothing as unfilled } from '../../../../../renderer/screens/audit/export-request.ts';
import { actions } from '../../../../../renderer/screens/audit/words.ts';
import { exportKinds, exportSchema } from '../../../../../station-core/contract/audit.ts';
import { auditActions } from '../../../../../station-core/contract/audit-actions.ts';
import { searchSchema } from '../../../../../station-core/contract/audit-search.ts';
import { parse } from '../../../../../station-core/contract/parse.ts';

test('only what was filled in is looked for, and times as the log writes them', () => {
  expect(askedOf(unasked)).toEqual({});
  const filled = { ...unasked, unit: ' A-1 ', order: '  ', action: 'run.closed', from: '2026-11-27T08:00' };
  const asked = askedOf(filled);
  expect(asked).toEqual({ unit: 'A-1', action: 'run.closed', from: new Date('2026-11-27T08:00').toISOString() });
  expect(parse(searchSchema, { ...asked, limit: 1 }, 'search')).toMatchObject(asked);
});

test('an export is asked for with what its format takes, and with nothing that was filled in for another', () => {
  const filled = { order: 'spring', unit: 'A-1', from: '2026-11-27T08:00', to: '2026-11-28T08:00' };
  for (const kind of exportKinds) {
    expect(requestOf(kind, unfilled)).toEqual({ format: kind });
    const request = requestOf(kind, filled);
    parse(exportSchema, request, kind);
    expect('unit' in request).toBe(formats[kind].which);
    expect('from' in request).toBe(formats[kind].times);
  }
});

test('every action of the trail can be looked for', () => {
  expect([...actions].sort()).toEqual(Object.keys(auditActions).sort());
});
