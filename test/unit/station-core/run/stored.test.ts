import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { registerCertifiedDevice } from '../../../suites/azure-sdk.ts';
import { type GivenLine, givenLine, givenRecipe, orderOf } from '../../../suites/given-line.ts';
import { heldCertificate } from '../../../suites/held-key.ts';
import { type Handed, importFiles, KeyFiles } from '../../../suites/key-files.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';

// Certificates and keys that a third-party PKI made ahead (F-70): drawn one per unit, never twice, and gone after the proof.

let given: GivenLine;
const pki = new Pki();
const files = new KeyFiles();
const root = pki.authority('Third-party Root');
const signer = pki.authority('Third-party CA', { issuer: root });
const phrase = 'canary pass phrase 5512';

beforeAll(async () => {
  given = await givenLine();
});
afterAll(async () => {
  await given.line.close();
  pki.remove();
  files.remove();
});

const leafOf = (name: string, rsa = false): Certified => pki.device(name, { issuer: signer, rsa });
const file = (leaf: Certified, ...options: string[]): Handed => ({
  name: 'units.p12',
  bytes: files.pkcs12(leaf, [signer, root], phrase, ...options),
});
const imported = (store: string, ...handed: Handed[]) => importFiles(given.line, store, [root], handed, phrase);
const individual = (store: string) => givenRecipe(`stored-${store}`, { source: 'stored', store });
const stocks = () => given.line.as('auditor', 'store.list', {});
const rows = (sql: string) => given.line.station.records.db.prepare(sql).all();

test('units draw their certificates and keys, install, prove and register; the keys are gone then', async () => {
  const { line } = given;
  const leaves = [leafOf('st-1'), leafOf('st-2', true), leafOf('st-3')];
  const [one, two, three] = leaves as [Certified, Certified, Certified];
  expect(await imported('line', file(one), file(two, '-legacy'))).toEqual({ store: 'line', entries: 2 });
  const bundle = { name: 'bundle.pem', bytes: Buffer.from(files.encrypted(three, phrase) + three.cert + signer.cert) };
  expect(await imported('line', bundle)).toEqual({ store: 'line', entries: 1 });
  const order = await orderOf(line, individual('line'), ['st-1', 'st-2', 'st-3', 'st-4']);
  expect((await line.as('lead', 'orders.list', {})).find(({ name }) => name === order)).toMatchObject({
    uncertified: 1,
  });
  expect(await stocks()).toMatchObject([{ store: 'line', origin: 'pki', free: 3, drawn: 0, spent: 0 }]);
  for (const [index, leaf] of leaves.entries()) {
    const serial = `st-${index + 1}`;
    const run = await line.scan(1, serial);
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    expect(run.steps.map(({ name }) => name)).toEqual(['greet', 'identify', 'provision', 'draw', 'install', 'prove']);
    const { key, chain } = heldCertificate(join(line.folder, 'practice'), serial);
    expect(chain).toBe(leaf.cert + signer.cert + root.cert);
    await line.as('lead', 'sync.run', {});
    const { emulator } = line;
    const device = { registrationId: serial, idScope: emulator.idScope, cert: chain, key };
    await expect(registerCertifiedDevice(emulator, device)).resolves.toMatchObject({ status: 'assigned' });
  }
  expect(await stocks()).toMatchObject([{ free: 0, drawn: 0, spent: 3, warnings: ['It is empty.'] }]);
  expect(rows('SELECT count(*) AS n FROM stored_certificate WHERE sealed IS NOT NULL')).toEqual([{ n: 0 }]);
  expect(await line.scan(1, 'st-4')).toMatchObject({
    outcome: 'errored',
    error: { code: 'store.none', details: { store: 'line', registrationId: 'st-4', why: 'none was imported' } },
  });
  expect(await fsck(line.folder)).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});

test('a group takes them when it names a CA above them, and no order is armed when it does not', async () => {
  const { line } = given;
  const { client } = line.station.parts;
  await imported('grouped', file(leafOf('gr-1')));
  const signal = AbortSignal.timeout(10_000);
  const put = async (group: string, { cert }: Certified) => {
    const primary = { certificate: Buffer.from(cert).toString('base64') };
    const attestation = { type: 'x509', x509: { signingCertificates: { primary } } };
    await client?.putGroup(group, { enrollmentGroupId: group, attestation }, undefined, signal);
  };
  await put('theirs', signer);
  await put('others', pki.authority('Another Root'));
  const recipe = (group: string) =>
    givenRecipe('grouped', { source: 'stored', store: 'grouped' }, { scope: 'group', group });
  await expect(orderOf(line, recipe('others'), ['gr-1'])).rejects.toMatchObject({ code: 'order.key-differs' });
  await expect(orderOf(line, recipe('missing'), ['gr-3'])).rejects.toMatchObject({ code: 'store.empty' });
  const two = leafOf('gr-2');
  await line.station.parts.uploadCa?.('third-party', signer.cert, async (code) => pki.proof(code, signer).cert);
  await imported('grouped', file(two));
  await orderOf(line, recipe('theirs'), ['gr-2']);
  expect(await line.scan(1, 'gr-2')).toMatchObject({ outcome: 'passed' });
  const { key, chain } = heldCertificate(join(line.folder, 'practice'), 'gr-2');
  const device = { registrationId: 'gr-2', idScope: line.emulator.idScope, cert: chain, key };
  await expect(registerCertifiedDevice(line.emulator, device)).resolves.toMatchObject({ status: 'assigned' });
});

test('a key or a name that is there already is refused, and nothing of that import is stored', async () => {
  const before = await stocks();
  const leaf = leafOf('tw-1');
  await imported('twins', file(leaf));
  const after = await stocks();
  expect(after.length).toBe(before.length + 1);
  const again = pki.device('tw-2', { issuer: signer, keyOf: leaf });
  const other = leafOf('tw-1');
  await expect(imported('twins', file(leafOf('tw-3')), { ...file(again), name: 'again.p12' })).rejects.toMatchObject({
    code: 'input.invalid',
    details: { place: 'again.p12, certificate 1', expected: 'a key that is nowhere else (F-72)' },
  });
  await expect(imported('elsewhere', { ...file(other), name: 'other.p12' })).rejects.toMatchObject({
    details: { place: 'other.p12, certificate 1', expected: 'a registration ID that has no certificate yet' },
  });
  const twins = [file(leafOf('tw-4')), { ...file(leafOf('TW-4')), name: 'second.p12' }];
  await expect(imported('twins', ...twins)).rejects.toMatchObject({ details: { place: 'second.p12, certificate 1' } });
  expect(await stocks()).toEqual(after);
});

const bad: readonly (readonly [string, () => Handed, string])[] = [
  [
    'a wrong pass phrase',
    () => ({ name: 'bad', bytes: files.pkcs12(leafOf('bad-1'), [signer, root], 'another') }),
    'bad: expected the pass phrase',
  ],
  [
    'a key without its certificate',
    () => ({ name: 'bad', bytes: Buffer.from(leafOf('bad-2').key + leafOf('bad-2').cert) }),
    'bad, key 1: expected its certificate in the same file',
  ],
  [
    'a certificate without its key',
    () => ({ name: 'bad', bytes: Buffer.from(leafOf('bad-3').cert + leafOf('bad-4').cert + leafOf('bad-3').key) }),
    'bad, ',
  ],
  ['no key at all', () => ({ name: 'bad', bytes: Buffer.from(leafOf('bad-5').cert) }), 'no private key'],
  [
    'a CA that is not pinned',
    () => ({ name: 'bad', bytes: bundled(pki.device('bad-6', { issuer: pki.authority('Stranger') })) }),
    'bad, certificate 1, certificate 1 (CN=bad-6): the certificate of its issuer (CN=Stranger) is missing',
  ],
  [
    'a CN that is no registration ID',
    () => ({ name: 'bad', bytes: bundled(leafOf('bad seven')) }),
    'a CN that is a registration ID (only letters',
  ],
  [
    'a chain without its intermediate',
    () => ({ name: 'bad', bytes: Buffer.from(cleared('bad-8').replace(signer.cert, '')) }),
    'the certificate of its issuer (CN=Third-party CA) is missing',
  ],
  [
    'a CA in the place of a unit',
    () => ({ name: 'bad', bytes: bundled(pki.authority('bad-9', { issuer: signer })) }),
    'it is a CA',
  ],
  [
    'no clientAuth',
    () => ({ name: 'bad', bytes: bundled(pki.device('bad-10', { issuer: signer, extendedKeyUsage: 'serverAuth' })) }),
    'lacks clientAuth',
  ],
  [
    'a request in it',
    () => ({
      name: 'bad',
      bytes: Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'),
    }),
    'bad: expected certificates and private keys, found CERTIFICATE REQUEST',
  ],
  [
    'neither PEM nor PKCS#12',
    () => ({ name: 'bad', bytes: Buffer.from('certificates, as agreed') }),
    'bad: expected a PEM block',
  ],
  ['nothing in it', () => ({ name: 'bad', bytes: Buffer.alloc(0) }), 'bad: expected a PEM block'],
];
const bundled = (leaf: Certified) => Buffer.from(leaf.key + leaf.cert + signer.cert + root.cert);
const cleared = (name: string) => bundled(leafOf(name)).toString();

test.each(bad)(
  '%s in the last file is told with its place, and nothing of the others is stored',
  async (_, make, says) => {
    const before = rows('SELECT count(*) AS n FROM stored_certificate');
    const good = file(leafOf(`good-${says.length}-${Math.random().toString(36).slice(2, 8)}`));
    await expect(imported('halves', { ...good, name: 'good.p12' }, make())).rejects.toThrow(says);
    expect(rows('SELECT count(*) AS n FROM stored_certificate')).toEqual(before);
  },
);

test('other bytes than the two people agreed to are refused', async () => {
  const { station } = given.line;
  const handed = file(leafOf('swapped'));
  const { packed } = await import('../../../../station-core/store/issuers.ts');
  const { actor } = await import('../../../../station-core/practice.ts');
  const params = { store: 'swapped', anchors: root.cert, files: [{ name: 'a.p12', sha256: '00'.repeat(32) }] };
  const operation = { method: 'store.import', params } as const;
  const call = async (secret?: Buffer) => {
    const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
    const extras = { actor: actor(station, 'security-officer'), approval, ...(secret ? { secret } : {}) };
    return station.call('store.import', params, extras);
  };
  await expect(call(packed([Buffer.from(phrase), handed.bytes]))).rejects.toMatchObject({
    details: { found: 'others' },
  });
  await expect(call(packed([Buffer.from(phrase)]))).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(call()).rejects.toMatchObject({ details: { expected: 'the files beside the call' } });
});

test('a unit whose run breaks after the draw gets the same certificate again, across a restart', async () => {
  const { line } = given;
  const leaf = leafOf('dies');
  await imported('dying', file(leaf));
  await orderOf(line, individual('dying'), ['dies', 'dies-never']);
  for (const step of ['install', 'prove']) {
    const stop = line.station.onProgress((progress) => {
      if (progress.type === 'step' && progress.step === step) line.station.lanes.abort(progress.run, 'a test');
    });
    const broken = await line.scan(1, 'dies');
    stop();
    expect(broken.outcome).toBe('aborted');
    expect(await stocks()).toContainEqual(expect.objectContaining({ store: 'dying', free: 0, drawn: 1, spent: 0 }));
    await line.stop();
    await line.start();
    expect(await fsck(line.folder)).toEqual([]);
  }
  const run = await line.scan(2, 'dies');
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  expect(run.facts).toMatchObject({ again: true });
  expect(heldCertificate(join(line.folder, 'practice'), 'dies').chain).toContain(leaf.cert);
  expect(await stocks()).toContainEqual(expect.objectContaining({ store: 'dying', drawn: 0, spent: 1 }));
  const drawn = line
    .entries()
    .filter(({ action, details }) => action === 'stored.drawn' && nameOf(details) === 'dying');
  expect(drawn).toHaveLength(1);
});

const nameOf = (details: unknown): unknown => (details as { store?: unknown }).store;

test('no pass phrase and no key is in the database, its WAL or the audit trail', async () => {
  const { line } = given;
  const leaf = leafOf('canary');
  await imported('canaries', file(leaf));
  const { d = '' } = createPrivateKey(leaf.key).export({ format: 'jwk' });
  const scalar = Buffer.from(d, 'base64url');
  const canaries = [Buffer.from(phrase), scalar, Buffer.from(scalar.toString('hex')), Buffer.from(d.slice(2, 40))];
  const written = readdirSync(line.folder).filter((name) => name.startsWith('station.db'));
  expect(written.length).toBeGreaterThan(1);
  for (const name of written) {
    const bytes = readFileSync(join(line.folder, name));
    expect(canaries.map((canary) => bytes.includes(canary))).toEqual(canaries.map(() => false));
  }
});

const tampered: readonly (readonly [string, string, RegExp])[] = [
  [
    'a leaf was exchanged',
    "UPDATE stored_certificate SET leaf = x'3000' WHERE state = 'spent'",
    /its fingerprint is not that of its bytes/,
  ],
  [
    'an entry was added',
    `INSERT INTO stored_certificate (store, origin, registration, leaf, path, fingerprint, key_hash, not_after_ms, sealed, state, added_at)
     SELECT 'line', 'pki', (SELECT max(id) FROM disclosure), x'30', path, randomblob(32), randomblob(32), 0, x'00', 'free', '' FROM stored_certificate LIMIT 1`,
    /the audit trail tells of/,
  ],
  [
    'a unit lost its entry',
    "UPDATE stored_certificate SET state = 'free', unit = NULL, sealed = x'00' WHERE state = 'spent'",
    /its unit has no such certificate/,
  ],
  [
    'a key came back',
    "UPDATE stored_certificate SET state = 'drawn', sealed = x'00' WHERE state = 'spent'",
    /which is still kept/,
  ],
];

test.each(tampered)('fsck finds that %s', async (_, sql, says) => {
  const copy = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  try {
    given.line.station.records.db.prepare('VACUUM INTO ?').run(join(copy, 'station.db'));
    const db = new Database(join(copy, 'station.db'));
    db.exec(
      'DROP TRIGGER stored_certificate_stays; DROP TRIGGER stored_certificate_is_drawn_once; PRAGMA foreign_keys = OFF',
    );
    db.exec("INSERT INTO disclosure (label, value, salt, commitment) VALUES ('registrationId', 'added', x'00', 'x')");
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    db.close();
    const found = (await fsck(copy)).filter(({ check }) => check === 'stored');
    expect(found.map(({ says: text }) => text).join('\n')).toMatch(says);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
