import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Applier } from '../../../station-core/bundle/applier.ts';
import { fingerprintOf, type Receipts } from '../../../station-core/bundle/format.ts';
import { readReceipts, signReceipts } from '../../../station-core/bundle/receipts.ts';
import { sendBundled } from '../../../station-core/bundle/sending.ts';
import { type Clock, systemClock } from '../../../station-core/clock.ts';
import type { ApplierFile, MadeBundle, TakenReceipts } from '../../../station-core/contract/bundle.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { actor } from '../../../station-core/practice.ts';
import type { DpsClient } from '../../../station-core/sync/dps/client.ts';
import { applierFolder } from '../../suites/bundles.ts';
import { clientOf, TestStation } from '../../suites/station.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

// The station's side of the air gap, with an applier in the same process: two databases, one emulator over TLS.

let now = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + now };
let line: TestStation;
let folder: string;
let applier: Applier;
let file: ApplierFile;

beforeEach(async () => {
  now = 0;
  line = await TestStation.open({ lanes: 2, parts: { clock } });
  folder = temporaryFolder();
  file = await applierFolder(folder);
  applier = await Applier.open({ folder, mode: 'practice', clock }, Buffer.alloc(0));
  await pin(file);
  await applier.trust((await line.as('lead', 'bundle.identity', {})).file);
  line.emulator.switches.offline = true;
});
afterEach(async () => {
  expect(line.log.incidents).toEqual([]);
  applier.close();
  await line.close();
});

async function pin(params: ApplierFile): Promise<void> {
  const operation = { method: 'bundle.pinApplier', params } as const;
  const { approval } = await line.as('lead', 'approvals.approve', operation);
  await line.station.call('bundle.pinApplier', params, { actor: actor(line.station, 'security-officer'), approval });
}

async function queued(units: number): Promise<void> {
  const { labels } = await line.order('symmetric-individual', units);
  for (const label of labels) expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  await idle();
}

/** The pump has found out that there is no network, and has no row in its hands. */
const idle = () => expect.poll(() => line.station.pump.isBusy).toBe(false);

const make = (days = 14): Promise<MadeBundle> => line.as('lead', 'bundle.make', { days });
const take = (text: string): Promise<TakenReceipts> => line.as('lead', 'bundle.receipts', { text });
const backlog = () => line.station.records.outbox.backlog();

/** Applies a bundle where there is a network, if there is one. */
async function apply(text: string, network = true): Promise<{ text: string; receipts: Receipts }> {
  line.emulator.switches.offline = !network;
  const client = clientOf(line.emulator);
  await applier.giveBack();
  const taken = await applier.take(text, { acceptGap: false });
  await sendBundled({ applier, client, clock, settled: () => undefined, incident: (thrown) => String(thrown) });
  await applier.giveBack();
  client.close();
  line.emulator.switches.offline = true;
  return applier.receiptsOf(taken);
}

const results = ({ receipts }: { receipts: Receipts }) => receipts.rows.map(({ result }) => result);
const sealedKeys = () =>
  line.station.records.db
    .prepare<[], { n: number }>('SELECT count(*) AS n FROM credential WHERE sealed IS NOT NULL')
    .get()?.n;
const damage = async () => (await fsck(line.folder)).filter(({ kind }) => kind === 'damage');

/** The applier's own key for receipts, as only whoever stole its folder has it. */
function receiptsKey(): KeyObject {
  const { receipts } = JSON.parse(readFileSync(join(folder, 'keys.jwk'), 'utf8')) as { receipts: JsonWebKey };
  return createPrivateKey({ key: receipts as Record<string, string>, format: 'jwk' });
}

test('rows in an open bundle are sent by nobody else, also when the network is back and after a restart', async () => {
  await queued(3);
  await make();
  line.emulator.switches.offline = false;
  await line.as('lead', 'sync.run', {});
  await line.stop();
  await line.start();
  await line.as('lead', 'sync.run', {});
  expect(backlog()).toEqual({ queued: 0, leased: 3, parked: 0, done: 0 });
  await expect(make()).rejects.toMatchObject({ code: 'bundle.nothing' });
  expect(await damage()).toEqual([]);
});

test('a bundle is written again with the very same bytes while it is open, and not afterwards', async () => {
  await queued(1);
  const { text } = await make();
  expect((await line.as('lead', 'bundle.again', { sequence: 1 })).text).toBe(text);
  await take((await apply(text)).text);
  await expect(line.as('lead', 'bundle.again', { sequence: 1 })).rejects.toMatchObject({ code: 'bundle.unknown' });
});

test('what could not be sent stays open at both ends, and applying the same bundle again goes on', async () => {
  await queued(2);
  const { text } = await make();
  const first = await apply(text, false);
  expect(results(first)).toEqual(['open', 'open']);
  expect(await take(first.text)).toMatchObject({ open: 2, done: 0, bundle: { state: 'open', rows: { held: 2 } } });
  expect(sealedKeys()).toBe(2);
  const second = await apply(text);
  expect(results(second)).toEqual(['done', 'done']);
  expect(line.station.records.billed.total()).toBe(0);
  expect(await take(second.text)).toMatchObject({ done: 2, bundle: { state: 'closed' } });
  // Two units in one bulk call.
  expect(line.station.records.billed.total()).toBe(1);
  expect(sealedKeys()).toBe(0);
  await expect(take(first.text)).rejects.toMatchObject({ code: 'receipts.stale' });
  expect(await damage()).toEqual([]);
});

/** Somebody else's entry under this ID. */
async function foreignEntry(id: string): Promise<void> {
  const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(64, 2) };
  await online((client) =>
    client.putEnrollment(id, { registrationId: id }, undefined, AbortSignal.timeout(10_000), keys),
  );
}

/** Something that is done where there is a network. */
async function online<T>(act: (client: DpsClient) => Promise<T>): Promise<T> {
  const client = clientOf(line.emulator);
  line.emulator.switches.offline = false;
  try {
    return await act(client);
  } finally {
    line.emulator.switches.offline = true;
    client.close();
  }
}

test('a row that DPS refuses comes back parked with its reason, the others are done, and a later bundle may carry it again', async () => {
  await queued(3);
  const { text } = await make();
  const [id = ''] = outboxIds();
  await foreignEntry(id);
  const answered = await apply(text);
  expect(results(answered)).toEqual(['parked', 'done', 'done']);
  expect(await take(answered.text)).toMatchObject({ parked: 1, done: 2, bundle: { state: 'closed' } });
  const [parked] = await line.as('lead', 'sync.parked', {});
  expect(parked).toMatchObject({ registrationId: id, reason: { code: 'cloud.different' } });
  expect(sealedKeys()).toBe(1);
  await online((client) => client.deleteEnrollment(id, undefined, AbortSignal.timeout(10_000)));
  await line.as('lead', 'sync.retry', { row: parked?.id });
  await idle();
  const done = await apply((await make()).text);
  expect(results(done)).toEqual(['done']);
  await take(done.text);
  expect(backlog()).toEqual({ queued: 0, leased: 0, parked: 0, done: 3 });
  expect(sealedKeys()).toBe(0);
  expect(await damage()).toEqual([]);
});

test('two people let a row replace the foreign entry that they looked at, over the air gap as well, and no other', async () => {
  await queued(2);
  const { text } = await make();
  const [one = '', two = ''] = outboxIds();
  await foreignEntry(one);
  await foreignEntry(two);
  await take((await apply(text)).text);
  for (const { id: row, reason } of await line.as('lead', 'sync.parked', {})) {
    const params = { row, etag: String(reason.details.etag) };
    const operation = { method: 'sync.replace', params } as const;
    const { approval } = await line.as('security-officer', 'approvals.approve', operation);
    await line.station.call('sync.replace', params, { actor: actor(line.station, 'lead'), approval });
  }
  await idle();
  // Somebody changes the second one once more before the bundle arrives.
  const twice = async (client: DpsClient) => {
    const signal = AbortSignal.timeout(10_000);
    const theirs = await client.getEnrollment(two, signal);
    const keys = { primary: Buffer.alloc(64, 3), secondary: Buffer.alloc(64, 4) };
    await client.putEnrollment(two, { ...theirs }, theirs?.etag, signal, keys);
  };
  const next = await make();
  await online(twice);
  const answered = await apply(next.text);
  expect(results(answered)).toEqual(['done', 'parked']);
  expect(await take(answered.text)).toMatchObject({ done: 1, parked: 1 });
  expect(sealedKeys()).toBe(1);
  expect(await damage()).toEqual([]);
});

test('a bundle that expired gives its rows back; what was applied all the same is recognised, and late receipts change nothing more', async () => {
  await queued(2);
  const { text } = await make(1);
  const { text: receipts } = await apply(text);
  now = 2 * 86_400_000;
  expect(await line.as('auditor', 'bundle.list', {})).toMatchObject([{ state: 'expired', rows: { returned: 2 } }]);
  line.emulator.switches.offline = false;
  await expect.poll(backlog, { timeout: 20_000 }).toEqual({ queued: 0, leased: 0, parked: 0, done: 2 });
  const answers = line.station.records.db.prepare<[], { receipt: string }>('SELECT receipt FROM outbox').all();
  expect(answers.map(({ receipt }) => JSON.parse(receipt).answer)).toEqual(['existing', 'existing']);
  expect(await take(receipts)).toMatchObject({ done: 0, skipped: 2, bundle: { state: 'expired' } });
  expect(await damage()).toEqual([]);
});

test('late receipts count for rows that wait again', async () => {
  await queued(2);
  const { text } = await make(1);
  const { text: receipts } = await apply(text);
  now = 2 * 86_400_000;
  await line.as('auditor', 'bundle.list', {});
  await idle();
  expect(await take(receipts)).toMatchObject({ done: 2, skipped: 0 });
  expect(sealedKeys()).toBe(0);
  expect(await damage()).toEqual([]);
});

test('a bundle whose making was cut short is given up at the next start, and its number is not used again', async () => {
  await queued(2);
  const { records } = line.station;
  const { id = 0 } = records.bundles.currentApplier() ?? {};
  await records.commits.commit(() => {
    const rows = records.bundles.bundleable('dps', { rows: 10, bytes: 1_000_000 });
    records.bundles.begin(id, rows, new Date().toISOString(), Date.now() + 86_400_000);
    records.outbox.claim(rows, 0);
  });
  await expect(make()).rejects.toMatchObject({ code: 'bundle.busy' });
  await line.stop();
  expect((await fsck(line.folder)).map(({ kind, what }) => [kind, what])).toEqual([['open', 'bundle 1']]);
  await line.start();
  const { bundle, text } = await make();
  expect(bundle).toMatchObject({ sequence: 2, rows: { held: 2 } });
  expect(results(await apply(text))).toEqual(['done', 'done']);
  expect(await damage()).toEqual([]);
});

test('a row whose key cannot be opened is parked alone, and the others travel', async () => {
  await queued(3);
  const { db } = line.station.records;
  db.prepare("UPDATE credential SET sealed = x'01' WHERE id = (SELECT min(id) FROM credential)").run();
  const { bundle, text } = await make();
  expect(bundle.rows).toEqual({ held: 2, done: 0, parked: 0, returned: 0 });
  expect(backlog()).toMatchObject({ parked: 1, leased: 2 });
  expect(await take((await apply(text)).text)).toMatchObject({ done: 2, bundle: { state: 'closed' } });
});

test('bundles go to the applier that is pinned now, each with a chain of its own', async () => {
  await queued(1);
  const first = await make();
  await queued(1);
  const other = await applierFolder(temporaryFolder());
  await pin(other);
  const second = await make();
  await expect(apply(second.text)).rejects.toMatchObject({ code: 'bundle.foreign' });
  // Receipts for the first one still count: they are of the applier that it was made for.
  expect(await take((await apply(first.text)).text)).toMatchObject({ done: 1 });
  await queued(1);
  await pin(file);
  expect(results(await apply((await make()).text))).toEqual(['done']);
  expect(line.entries().filter(({ action }) => action === 'applier.pinned').length).toBe(3);
});

type Lie = (said: Receipts, key: KeyObject) => Promise<string>;
const stranger = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const asDone = (said: Receipts): Receipts => ({
  ...said,
  rows: said.rows.map(({ row }) => ({ row, result: 'done', receipt: '{}' })),
});

const lies: Readonly<Record<string, { readonly code: string; readonly make: Lie }>> = {
  'signed by somebody else': { code: 'bundle.forged', make: (said) => signReceipts(asDone(said), stranger()) },
  'with other words under the signature': {
    code: 'bundle.forged',
    make: async (said, key) => {
      const [header, , signature] = (await signReceipts(said, key)).trim().split('.');
      const [, payload] = (await signReceipts(asDone(said), key)).split('.');
      return `${header}.${payload}.${signature}`;
    },
  },
  'of another applier': {
    code: 'bundle.foreign',
    make: async (said) =>
      signReceipts({ ...asDone(said), applier: fingerprintOf(await applierFolder(temporaryFolder())) }, stranger()),
  },
  'for a bundle that was never made': {
    code: 'receipts.unknown',
    make: (said, key) => signReceipts({ ...asDone(said), bundle: 'ab'.repeat(32) }, key),
  },
  'of another station': {
    code: 'receipts.unknown',
    make: (said, key) => signReceipts({ ...asDone(said), origin: 'birthmark/other/00000000' }, key),
  },
  'that leave a row out': {
    code: 'receipts.partial',
    make: (said, key) => signReceipts({ ...asDone(said), rows: asDone(said).rows.slice(1) }, key),
  },
  'with a row that the bundle has not': {
    code: 'receipts.partial',
    make: (said, key) =>
      signReceipts({ ...said, rows: [...said.rows, { row: 99, result: 'done', receipt: '{}' }] }, key),
  },
  'with a row twice': {
    code: 'receipts.partial',
    make: (said, key) =>
      signReceipts({ ...said, rows: [said.rows[0], said.rows[0]].filter((row) => row !== undefined) }, key),
  },
  'that are cut off': {
    code: 'input.invalid',
    make: async (said, key) => (await signReceipts(asDone(said), key)).slice(0, 300),
  },
  'that are the bundle itself': {
    code: 'input.invalid',
    make: async () => (await line.as('lead', 'bundle.again', { sequence: 1 })).text,
  },
};

test('receipts that lie are refused by name, and no key is destroyed by them', async () => {
  await queued(2);
  const { text } = await make();
  const { said } = readReceipts((await apply(text, false)).text);
  for (const [name, { code, make: lie }] of Object.entries(lies)) {
    const refused = await take(await lie(said, receiptsKey())).then(
      () => 'taken',
      (thrown: { code: string }) => thrown.code,
    );
    expect([name, refused]).toEqual([name, code]);
    expect([name, sealedKeys(), backlog()]).toEqual([name, 2, { queued: 0, leased: 2, parked: 0, done: 0 }]);
  }
  // Another number of the same height, signed by the true applier: what was taken stands.
  expect(await take(await signReceipts(said, receiptsKey()))).toMatchObject({ open: 2 });
  await expect(take(await signReceipts(asDone(said), receiptsKey()))).rejects.toMatchObject({ code: 'receipts.stale' });
  expect(sealedKeys()).toBe(2);
});

test('an applier is pinned by two people, with its fingerprint in the audit trail', async () => {
  await expect(line.as('security-officer', 'bundle.pinApplier', file)).rejects.toMatchObject({
    code: 'person.second-needed',
  });
  const pinned = line.entries().find(({ action }) => action === 'applier.pinned');
  expect(pinned).toMatchObject({ details: { fingerprint: fingerprintOf(file) }, approver: expect.any(String) });
});

test.each(['x509-individual', 'tpm'] as const)('what an enrollment by %s carries travels with it', async (recipe) => {
  line.emulator.switches.offline = false;
  const { labels } = await line.order(recipe, 2);
  line.emulator.switches.offline = true;
  for (const label of labels) expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  await idle();
  const answered = await apply((await make()).text);
  expect(results(answered)).toEqual(['done', 'done']);
  expect(await take(answered.text)).toMatchObject({ done: 2, bundle: { state: 'closed' } });
  expect(await damage()).toEqual([]);
});

/** The serials of an order of two units, the first of which was made and then scrapped. */
async function scrapped(): Promise<void> {
  const { labels } = await line.order('symmetric-individual', 2);
  for (const label of labels) await line.scan(1, label);
  const params = { serial: labels[0], reason: 'unspecified' };
  const operation = { method: 'unit.scrap', params } as const;
  const approver = await line.as('security-officer', 'approvals.approve', operation as never);
  await line.station.call('unit.scrap', params, { actor: actor(line.station, 'lead'), approval: approver.approval });
  await idle();
}

test('what is done to one unit keeps its order: created, then disabled', async () => {
  await scrapped();
  const answered = await apply((await make()).text);
  expect(results(answered)).toEqual(['done', 'done', 'done']);
  await take(answered.text);
  const [first] = outboxIds();
  const entry = await online((client) => client.getEnrollment(first ?? '', AbortSignal.timeout(10_000)));
  expect(entry).toMatchObject({ provisioningStatus: 'disabled' });
});

test('what comes after a parked row is given back, and never overtakes it', async () => {
  await scrapped();
  const { text } = await make();
  const [first = ''] = outboxIds();
  await foreignEntry(first);
  const answered = await apply(text);
  expect(results(answered)).toEqual(['parked', 'done', 'returned']);
  expect(await take(answered.text)).toMatchObject({ parked: 1, done: 1, returned: 1, bundle: { state: 'closed' } });
  const entry = await online((client) => client.getEnrollment(first, AbortSignal.timeout(10_000)));
  expect(entry).not.toMatchObject({ provisioningStatus: 'disabled' });
  await idle();
  // It waits behind the parked one, also for the next bundle.
  expect(backlog()).toEqual({ queued: 1, leased: 0, parked: 1, done: 1 });
  await expect(make()).rejects.toMatchObject({ code: 'bundle.nothing' });
  expect(await damage()).toEqual([]);
});

/** Registration IDs in the order of their rows. */
const outboxIds = (): string[] =>
  line.station.records.db
    .prepare<[], { value: string }>(
      'SELECT value FROM outbox JOIN disclosure d ON d.id = outbox.registration ORDER BY outbox.id',
    )
    .all()
    .map(({ value }) => value);

const damages: Readonly<Record<string, { readonly sql: string; readonly says: string }>> = {
  'a row that was let go': {
    sql: "UPDATE outbox SET state = 'queued' WHERE id = 1",
    says: 'it lies in bundle 1 and is queued',
  },
  'a bundle that ended and holds rows': {
    sql: "UPDATE bundle SET state = 'closed', bytes = NULL",
    says: 'bundle 1 is closed and still holds it',
  },
  'a bundle without its entry': {
    sql: 'DROP TRIGGER bundle_stays; UPDATE bundle SET sha256 = zeroblob(32)',
    says: 'the audit trail does not say that it was made',
  },
  'a chain that was cut': {
    sql: 'DROP TRIGGER bundle_stays; UPDATE bundle SET previous = 1',
    says: 'it says that it follows 1, and before it is none',
  },
  'receipts without their entry': {
    sql: 'UPDATE bundle SET receipts_number = 1',
    says: 'receipts were taken for it and the audit trail does not say so',
  },
};

test('fsck finds what contradicts a bundle', async () => {
  await queued(2);
  await make();
  const { db } = line.station.records;
  expect(await damage()).toEqual([]);
  for (const [name, { sql, says }] of Object.entries(damages)) {
    const copy = temporaryFolder();
    await db.backup(join(copy, 'station.db'));
    const other = new Database(join(copy, 'station.db'));
    other.exec(sql);
    other.close();
    const found = (await fsck(copy)).filter(({ check }) => check === 'bundles').map((finding) => finding.says);
    expect([name, found]).toEqual([name, expect.arrayContaining([says])]);
  }
});
