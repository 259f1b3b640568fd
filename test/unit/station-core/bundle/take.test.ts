import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Applier } from '../../../../station-core/bundle/applier.ts';
import { makeApplierKeys, openKeys, writeKeys } from '../../../../station-core/bundle/applier-keys.ts';
import { BundledTarget } from '../../../../station-core/bundle/bundled-target.ts';
import { pack } from '../../../../station-core/bundle/content.ts';
import { fingerprintOf, readKey } from '../../../../station-core/bundle/format.ts';
import { makeBundle } from '../../../../station-core/bundle/sealed.ts';
import { type Clock, systemClock } from '../../../../station-core/clock.ts';
import type { Sent, Target } from '../../../../station-core/sync/targets/target.ts';
import { applierFolder, TestSigner, testApplier, twoRows } from '../../../suites/bundles.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

// What the applier takes, and what it refuses by name. Nothing of a refused bundle is kept.

const once = { acceptGap: false };
const rowsOf = (records: { db: import('better-sqlite3').Database }) =>
  (records.db.prepare('SELECT count(*) AS rows FROM outbox').get() as { rows: number }).rows;

test('a bundle of a trusted station is taken once: its rows wait in their order, and its keys are in no file in the clear', async () => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const { text } = await station.bundle(file);
  const taken = await applier.take(text, once);
  expect(await applier.take(text, once)).toEqual(taken);
  expect(rowsOf(applier.records)).toBe(2);
  const [first] = applier.records.outbox.lease('dps', Date.now() + 1_000, 0, 1);
  expect(first).toMatchObject({ registrationId: 'unit-11', credential: null });
  const carried = await applier.carriedOf({ id: first?.id ?? 0 });
  expect(carried).toEqual({ keys: { primary: Buffer.alloc(64, 0xa1), secondary: Buffer.alloc(32, 0xb2) } });
  const stored = applier.records.db.serialize();
  for (const key of [Buffer.alloc(64, 0xa1), Buffer.alloc(32, 0xb2)]) {
    expect(stored.includes(key)).toBe(false);
    expect(stored.includes(key.toString('base64'))).toBe(false);
    expect(stored.includes(key.toString('hex'))).toBe(false);
  }
});

test('the other spelling of the same ECDSA signature is the same bundle, and not a second one', async () => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const { text } = await station.bundle(file);
  const taken = await applier.take(text, once);
  const [header, payload, signature] = text.trim().split('.');
  const raw = Buffer.from(signature ?? '', 'base64url');
  // n of P-256 (SEC 2, section 2.4.2): r, n - s is as good as r, s.
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = (n - BigInt(`0x${raw.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
  const other = Buffer.concat([raw.subarray(0, 32), Buffer.from(s, 'hex')]).toString('base64url');
  expect(await applier.take(`${header}.${payload}.${other}`, once)).toEqual(taken);
});

type Lie = (station: TestSigner, file: Parameters<TestSigner['bundle']>[0]) => Promise<string>;
const foreign = async () => (await testApplier([])).file;

const lies: Readonly<Record<string, { readonly code: string; readonly make: Lie }>> = {
  'of a station that nobody trusts': {
    code: 'bundle.unknown-station',
    make: async (_, file) => (await new TestSigner('line 4').bundle(file)).text,
  },
  'that another key signed in the name of the station': {
    code: 'bundle.forged',
    make: async ({ file: { station, origin } }, file) => (await new TestSigner(station, origin).bundle(file)).text,
  },
  'with another signature': {
    code: 'bundle.forged',
    make: async (station, file) => (await station.bundle(file)).text.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`),
  },
  'for another applier': {
    code: 'bundle.foreign',
    make: async (station) => (await station.bundle(await foreign())).text,
  },
  'for us by name, encrypted to a swapped key': {
    code: 'input.invalid',
    make: async (station, file) => {
      const manifest = station.manifest(file);
      return (await makeBundle(manifest, pack(twoRows()), await foreign(), station.file, station.sign)).text;
    },
  },
  'with the content of another bundle': {
    code: 'bundle.foreign',
    make: async (station, file) => {
      const [header] = (await station.bundle(file)).text.split('.');
      const [, payload] = (await station.bundle(file, { sequence: 2 })).text.split('.');
      const input = `${header}.${payload}`;
      return `${input}.${(await station.sign(Buffer.from(input))).toString('base64url')}`;
    },
  },
  'of a production station': {
    code: 'station.mode',
    make: async (station, file) => (await station.bundle(file, { mode: 'production' })).text,
  },
  'that expired': {
    code: 'bundle.expired',
    make: async (station, file) =>
      (await station.bundle(file, { expiresAt: new Date(Date.now() - 1).toISOString() })).text,
  },
  'that follows one which never came': {
    code: 'bundle.gap',
    make: async (station, file) =>
      (await station.bundle(file, { sequence: 2, previous: { sequence: 1, sha256: '0'.repeat(64) } })).text,
  },
  'that says of more rows than it has': {
    code: 'input.invalid',
    make: async (station, file) => (await station.bundle(file, { rows: 3 })).text,
  },
  'with a row twice': {
    code: 'input.invalid',
    make: async (station, file) => {
      const [row] = twoRows();
      return (await station.bundle(file, {}, pack(row ? [row, row] : []))).text;
    },
  },
  'with bytes behind its keys': {
    code: 'input.invalid',
    make: async (station, file) =>
      (await station.bundle(file, {}, Buffer.concat([pack(twoRows()), Buffer.of(0)]))).text,
  },
  'with a key that is cut off': {
    code: 'input.invalid',
    make: async (station, file) => (await station.bundle(file, {}, pack(twoRows()).subarray(0, -1))).text,
  },
  'without content': {
    code: 'input.invalid',
    make: async (station, file) => (await station.bundle(file, {}, Buffer.alloc(0))).text,
  },
  'that is cut off': {
    code: 'input.invalid',
    make: async (station, file) => (await station.bundle(file)).text.slice(0, -2),
  },
  'that is too large': { code: 'input.invalid', make: async () => 'A'.repeat(64 * 1024 * 1024 + 1) },
  'that is a receipts file': { code: 'input.invalid', make: async () => 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA' },
};

test.each(Object.entries(lies))('a bundle %s is refused, and nothing of it is kept', async (_, { code, make }) => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  await expect(applier.take(await make(station, file), once)).rejects.toMatchObject({ code });
  expect(rowsOf(applier.records)).toBe(0);
  // The true one is taken all the same.
  await applier.take((await station.bundle(file)).text, once);
  expect(rowsOf(applier.records)).toBe(2);
});

test('an older bundle, and another one of the same number, are refused; the next in the chain is taken', async () => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const other = await station.bundle(file, { sequence: 4 });
  const late = await station.bundle(file, { sequence: 3 });
  const first = await station.bundle(file, { sequence: 4 });
  await applier.take(first.text, once);
  await expect(applier.take(other.text, once)).rejects.toMatchObject({ code: 'bundle.replayed' });
  await expect(applier.take(late.text, once)).rejects.toMatchObject({ code: 'bundle.replayed' });
  const previous = { sequence: 4, sha256: first.sha256.toString('hex') };
  await applier.take((await station.bundle(file, { sequence: 7, previous })).text, once);
  expect(rowsOf(applier.records)).toBe(4);
});

test('a gap is taken at the word of a person, and the missing bundle never after it', async () => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const lost = await station.bundle(file);
  const previous = { sequence: 1, sha256: lost.sha256.toString('hex') };
  const next = await station.bundle(file, { sequence: 2, previous });
  await expect(applier.take(next.text, once)).rejects.toMatchObject({
    code: 'bundle.gap',
    details: { previous: 1, last: 0 },
  });
  await applier.take(next.text, { acceptGap: true });
  await expect(applier.take(lost.text, { acceptGap: true })).rejects.toMatchObject({ code: 'bundle.replayed' });
});

test('a bundle whose predecessor is another one than was taken is refused, whatever its number', async () => {
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  await applier.take((await station.bundle(file)).text, once);
  const previous = { sequence: 1, sha256: 'a'.repeat(64) };
  const forked = await station.bundle(file, { sequence: 2, previous });
  await expect(applier.take(forked.text, once)).rejects.toMatchObject({ code: 'bundle.gap' });
});

test('two stations do not share their sequences', async () => {
  const [one, two] = [new TestSigner('line 1'), new TestSigner('line 2')];
  const { applier, file } = await testApplier([one, two]);
  await applier.take((await one.bundle(file, { sequence: 9 })).text, once);
  await applier.take((await two.bundle(file, { sequence: 1 })).text, once);
  expect(rowsOf(applier.records)).toBe(4);
});

test('rows of a bundle that expired meanwhile are not sent any more: the receipts say so', async () => {
  let now = Date.now();
  const clock: Clock = { ...systemClock, now: () => now };
  const station = new TestSigner();
  const { applier, file } = await testApplier([station], clock);
  const taken = await applier.take((await station.bundle(file)).text, once);
  now += 2 * 86_400_000;
  await applier.giveBack();
  const { receipts, text } = await applier.receiptsOf(taken);
  expect(receipts.rows).toEqual([
    { row: 11, result: 'returned' },
    { row: 12, result: 'returned' },
  ]);
  expect((await applier.receiptsOf(taken)).text).toBe(text);
  expect(applier.records.outbox.backlog()).toMatchObject({ queued: 0 });
});

test('a row whose bundle expires while it is being sent is not sent, and no other is kept from it', async () => {
  const sentIds: number[] = [];
  const target: Target = {
    name: 'dps',
    batch: 10,
    abreast: 1,
    reachable: async () => true,
    send: async (rows) => void sentIds.push(...rows.map(({ id }) => id)),
  };
  const bundled = new BundledTarget(target, { isLate: (id) => id === 1, asCarried: async (row) => row });
  const row = { target: 'dps', registrationId: 'x', action: 'create', version: 1, body: {}, credential: null } as const;
  const rows = [1, 2].map((id) => ({ ...row, id, attempts: 0, replaces: null }));
  const sent: Sent = { fates: new Map(), operations: 0 };
  await bundled.send(rows, new AbortController().signal, sent);
  expect(sentIds).toEqual([2]);
  expect([...sent.fates]).toEqual([[1, { park: expect.objectContaining({ code: 'bundle.expired' }) }]]);
});

test('another key for a trusted station is refused', async () => {
  const station = new TestSigner();
  const { applier } = await testApplier([station]);
  const { station: name, origin } = station.file;
  await expect(applier.trust(new TestSigner(name, origin).file)).rejects.toMatchObject({
    code: 'bundle.trusted-otherwise',
  });
});

test('fingerprints differ with every key and every name, and a key of another kind is refused', async () => {
  const { file } = await testApplier([]);
  const others = [{ ...file, name: 'other' }, { ...file, encryption: file.receipts }, await foreign()];
  expect(new Set([file, ...others].map(fingerprintOf)).size).toBe(4);
  expect(fingerprintOf(file)).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){7}$/);
  expect(() => readKey(Buffer.from('no key').toString('base64'), 'here')).toThrow(
    /here: expected a public key on P-256/,
  );
});

test('the keys of an applier open with their pass phrase alone, and are not to be read in their file', async () => {
  const keys = makeApplierKeys();
  const phrase = Buffer.from('correct horse');
  const text = await writeKeys(keys, phrase);
  const secret = keys.decryption.export({ format: 'jwk' }).d ?? '';
  expect(text).not.toContain(secret);
  expect((await openKeys(text, phrase)).decryption.equals(keys.decryption)).toBe(true);
  await expect(openKeys(text, Buffer.from('wrong horse'))).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(openKeys(text.slice(0, -4), phrase)).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(openKeys('{"decryption":1}', phrase)).rejects.toMatchObject({ code: 'input.invalid' });
});

test('a folder whose public file is of other keys is not opened', async () => {
  const folder = temporaryFolder();
  await applierFolder(folder);
  writeFileSync(join(folder, 'public.json'), JSON.stringify(await foreign()));
  const opened = Applier.open({ folder, mode: 'practice', clock: systemClock }, Buffer.alloc(0));
  await expect(opened).rejects.toMatchObject({ code: 'input.invalid', details: { place: 'public.json' } });
});
