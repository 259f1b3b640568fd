import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readVerdict } from '../../../../../drivers/simulated/dps/custom/webhook.ts';
import { readTopic, readUserName } from '../../../../../drivers/simulated/dps/mqtt/topics.ts';
import { dice, mutate } from '../../../../suites/mutations.ts';
import { long, testSeed } from '../../../../suites/seed.ts';

// What webhooks and devices say, changed at random: it is read or refused, and never a fault.

const runs = long ? 100_000 : 1000;
const seed = testSeed('outside words');
const hubs = ['hub-a.azure-devices.net', 'hub-b.azure-devices.net'];
const good = JSON.stringify({
  iotHubHostName: hubs[0],
  initialTwin: { tags: { a: 1 }, properties: { desired: { b: [2] } } },
  payload: { c: null },
});

test('a webhook reply names a linked hub or fails with one of three numbers', () => {
  const roll = dice(seed);
  const statuses = [200, 200, 200, 201, 302, 400, 401, 404, 429, 500];
  for (let n = 0; n < runs; n += 1) {
    const text = mutate(Buffer.from(good), roll, [0x22, 0x7b, 0x7d, 0x5b, 0x2c, 0x00]).toString('utf8');
    const verdict = readVerdict({ status: statuses[roll(statuses.length)] ?? 200, text }, hubs);
    if ('hub' in verdict) expect(hubs).toContain(verdict.hub);
    else expect([400207, 400208, 400209]).toContain(verdict.errorCode);
  }
  expect(readVerdict({ status: 200, text: good }, hubs)).toMatchObject({ hub: hubs[0], payload: { c: null } });
  expect(readVerdict(undefined, hubs)).toMatchObject({ errorCode: 400207 });
});

test('a topic is a request with an ID or none, a user name a device or none', () => {
  const prefix = fc.constantFrom(
    '',
    '$dps/registrations/PUT/iotdps-register/?$rid=',
    '$dps/registrations/GET/iotdps-get-operationstatus/?operationId=4.1&$rid=',
    '0ne00000A0A/registrations/',
  );
  fc.assert(
    fc.property(prefix, fc.string({ unit: 'binary', maxLength: 300 }), (begin, end) => {
      const asked = readTopic(begin + end);
      expect(asked === undefined || (asked.rid.length > 0 && asked.tail.length > 0)).toBe(true);
      const user = readUserName(begin + end);
      expect(user === undefined || !user.registrationId.includes('/')).toBe(true);
    }),
    { numRuns: runs, seed },
  );
});
