import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import { DpsTarget } from '../../../../station-core/sync/targets/dps.ts';
import { fatesOf } from '../../../suites/fates.ts';
import { http, openRawLine, type RawLine } from '../../../suites/raw-service.ts';

let line: RawLine;
beforeAll(async () => {
  line = await openRawLine();
});
afterAll(() => line.close());

const row: OutboxRow = {
  id: 1,
  target: 'dps',
  registrationId: 'a-group',
  action: 'delete-group',
  version: 1,
  body: {},
  credential: null,
  attempts: 0,
  replaces: null,
};

test('a service that goes on showing what it deleted keeps no call going for ever, and gives no receipt', async () => {
  const record = '{"registrationId":"unit-1","status":"assigned","etag":"x"}';
  line.service.answer = ({ method }) => ({
    bytes: method === 'POST' ? http(200, `[${record}]`) : http(204, ''),
    after: 'keep',
  });
  const target = new DpsTarget({ client: line.client, carriedOf: async () => ({ endorsementKey: '' }) });
  const fates = await fatesOf(target, [row], AbortSignal.timeout(10_000));
  expect(fates.get(1)).toMatchObject({ retry: { code: 'cloud.malformed' } });
  const asked = line.service.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  expect(asked).toEqual([
    'POST /registrations/a-group/query',
    'DELETE /registrations/unit-1',
    'POST /registrations/a-group/query',
  ]);
});
