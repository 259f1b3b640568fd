import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { receivedOf, remoteOf, wanted } from '../suites/remote.ts';
import { ScaledClock } from '../suites/scaled-clock.ts';
import { long, testSeed } from '../suites/seed.ts';
import { clientAt, ekOf, queueUnits, type Uploading, uploading } from '../suites/uploading.ts';

let folder: string;
let emulator: Emulator;
let line: Uploading;
let count = 0;
const from = testSeed('storm');
const random = seeded(from);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-storm-'));
  for (const name of ['station', 'dps']) mkdirSync(join(folder, name));
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  emulator = await startEmulator({ folder: join(folder, 'dps'), switches: { throttle } });
  // Minutes of waiting are seconds here, for both.
  line = uploading(join(folder, 'station'), emulator, new ScaledClock(100));
});
afterAll(async () => {
  await line.close();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const ids: string[] = [];
async function queued(units: number): Promise<string[]> {
  const more = Array.from({ length: units }, () => `unit-${count++}`);
  await queueUnits(line.records, more);
  ids.push(...more);
  return more;
}

/** Waits until nothing is left to send. Nobody asks the pump: it goes on by itself. */
async function drained(): Promise<void> {
  line.pump.wake();
  const empty = { queued: 0, leased: 0, parked: 0, done: ids.length };
  await expect.poll(() => line.records.outbox.backlog(), { timeout: 600_000, interval: 20 }).toEqual(empty);
}

/** Every unit is there once, with its own attestation, and has its receipt. */
async function sameOnBothSides(): Promise<void> {
  expect({ from, remote: await remoteOf(emulator) }).toEqual({ from, remote: wanted(ids) });
  expect(receivedOf(line.records).sort()).toEqual([...ids].sort());
}

const bulkCalls = () =>
  emulator.requests().filter(({ method, path }) => method === 'POST' && /^\/enrollments\/?$/i.test(path)).length;

test('a storm in which nine of ten answers are 429 or 5xx loses nothing and doubles nothing', {
  timeout: 900_000,
}, async () => {
  await queued(400);
  emulator.switches.storm = { share: 0.9, statuses: [429, 500, 502, 503, 504], seed: from };
  line.pump.wake();
  await new Promise((resolve) => setTimeout(resolve, long ? 18_000 : 3_000));
  expect(line.records.outbox.backlog().parked).toBe(0);
  emulator.switches.storm = { ...emulator.switches.storm, share: 0 };
  await drained();
  await sameOnBothSides();
});

const losses = long ? 1_000 : 40;
test(`${losses} replies lost after the service acted are recognised, and nothing is made twice`, {
  timeout: 3_600_000,
}, async () => {
  let lost = 0;
  while (lost < losses) {
    await queued(20);
    const more = Math.min(losses - lost, 1 + Math.floor(random() * 3));
    emulator.switches.loseReplies = more;
    await drained();
    expect({ from, left: emulator.switches.loseReplies }).toEqual({ from, left: 0 });
    lost += more;
  }
  await sameOnBothSides();
});

test('every pattern of failing items in a bulk call of ten: only what failed is sent again', {
  timeout: 3_600_000,
}, async () => {
  const patterns = Array.from({ length: 2 ** 10 }, (_, pattern) => pattern);
  const tried = long ? patterns : patterns.filter(() => random() < 0.06);
  for (const pattern of [...tried, 0, 2 ** 10 - 1]) {
    const mine = await queued(10);
    const failing = mine.filter((_, place) => pattern & (1 << place));
    const items = failing.map((id) => ({ id, errorCode: random() < 0.5 ? 500001 : 429001, errorStatus: 'a fault' }));
    emulator.switches.failItems = { calls: 1, items };
    const before = bulkCalls();
    await drained();
    const calls = bulkCalls() - before;
    // One call for all, and what failed again: alone, or together where they came due at one time.
    expect({ from, pattern, few: calls <= 1 + failing.length, calls }).toMatchObject({ from, pattern, few: true });
    const tries = line.records.db
      .prepare<[], { tries: number }>('SELECT attempts AS tries FROM outbox ORDER BY id DESC LIMIT 10')
      .all()
      .map(({ tries: one }) => one)
      .reverse();
    expect({ from, pattern, tries }).toEqual({
      from,
      pattern,
      tries: mine.map((id) => (failing.includes(id) ? 2 : 1)),
    });
  }
  await sameOnBothSides();
});

test('rows that are too large for one call of 96 KB are sent in several', { timeout: 60_000 }, async () => {
  const more = Array.from({ length: 10 }, () => `unit-${count++}`);
  const body = { attestation: { type: 'tpm' }, optionalDeviceInformation: { notes: 'x'.repeat(20_000) } };
  await line.records.commits.commit(() => {
    for (const registrationId of more) {
      const row = { target: 'dps', registrationId, action: 'create', body, credential: null, dueMs: 0 } as const;
      line.records.outbox.queue(row);
    }
  });
  ids.push(...more);
  const before = bulkCalls();
  await drained();
  expect(bulkCalls() - before).toBe(4);
  await sameOnBothSides();
});

test("somebody else's enrollments are parked, every one of them, and stay as they are", {
  timeout: 300_000,
}, async () => {
  const mine = await queued(40);
  const owner = clientAt(emulator);
  const signal = AbortSignal.timeout(60_000);
  const taken = mine.filter((_, index) => index % 3 === 0);
  const theirs = new Map<string, string>();
  for (const [index, registrationId] of taken.entries()) {
    const endorsementKey = ekOf(`stranger ${registrationId}`);
    const attestation = index % 2 ? { type: 'tpm', tpm: { endorsementKey } } : { type: 'symmetricKey' };
    theirs.set(
      registrationId,
      (await owner.putEnrollment(registrationId, { registrationId, attestation }, undefined, signal)).etag,
    );
  }
  line.pump.wake();
  const settled = { queued: 0, leased: 0, parked: taken.length, done: ids.length - taken.length };
  await expect.poll(() => line.records.outbox.backlog(), { timeout: 60_000 }).toEqual(settled);
  for (const { registrationId, reason } of line.records.outbox.parked(100)) {
    expect(theirs.get(registrationId)).toBe(reason.details.etag);
    expect(await owner.getEnrollment(registrationId, signal)).toMatchObject({ etag: theirs.get(registrationId) });
  }
  owner.close();
});

test('a row that asks for what the service refuses is parked alone, and the others of its call are sent', {
  timeout: 60_000,
}, async () => {
  const certificate = Buffer.from('no certificate').toString('base64');
  const body = { attestation: { type: 'x509', x509: { signingCertificates: { primary: { certificate } } } } };
  const group = { target: 'dps', action: 'create-group', body, credential: null, dueMs: 0 } as const;
  const before = line.records.outbox.backlog();
  const row = await line.records.commits.commit(() =>
    line.records.outbox.queue({ ...group, registrationId: 'a-group' }),
  );
  await queued(9);
  line.pump.wake();
  await expect
    .poll(() => line.records.outbox.backlog())
    .toMatchObject({ queued: 0, leased: 0, parked: before.parked + 1, done: before.done + 9 });
  expect(line.records.outbox.parkedRow(row)).toMatchObject({ reason: { code: 'cloud.rejected' } });
  expect(line.pump.state).toEqual({ state: 'idle' });
});
