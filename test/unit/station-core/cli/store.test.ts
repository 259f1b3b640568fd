import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareFolder } from '../../../../station-core/practice.ts';
import { KeyFiles } from '../../../suites/key-files.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';
import { Desk } from './ca-parts.ts';

// `birthmark store`, as a person runs it.

const pki = new Pki();
const files = new KeyFiles();
const root = pki.authority('Third-party Root');
const phrase = 'pass phrase 4407';
/** Every command opens a station with its stand-ins. */
const timeout = 120_000;
let folder: string;
/** Standard input is the pass phrase, and nothing. */
let desk: Desk;
let silent: Desk;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  prepareFolder(join(folder, 'station'), 1);
  desk = new Desk(folder, phrase);
  silent = new Desk(folder);
  writeFileSync(join(folder, 'root.pem'), root.cert);
});
afterAll(() => {
  pki.remove();
  files.remove();
  rmSync(folder, { recursive: true, force: true });
});

const leafOf = (name: string): Certified => pki.device(name, { issuer: root });
const put = (name: string, bytes: Buffer | string) => writeFileSync(join(folder, name), bytes);
const toStore = ['--store', 'spring', '--anchors', 'root.pem'];

test('files with keys are imported whole, the list of stores tells of them, and the pass phrase is told to nobody', {
  timeout,
}, async () => {
  put('one.p12', files.pkcs12(leafOf('cli-1'), [root], phrase));
  put('two.p12', files.pkcs12(leafOf('cli-2'), [root], phrase, '-legacy'));
  const three = leafOf('cli-3');
  put('three.pem', three.key + three.cert);
  const { code, out, err } = await desk.run('store', 'import', 'one.p12', 'two.p12', 'three.pem', ...toStore);
  expect([code, out]).toEqual([0, 'Imported 3 certificates into spring\n']);
  expect(err).not.toContain(phrase);
  const listed = await silent.run('store', 'list');
  expect([listed.code, listed.out]).toEqual([
    0,
    'spring (certificates with keys): 3 free, 0 drawn, 0 spent\n  3 of its free certificates expire within 90 days.\n',
  ]);
});

test('a problem is told with its file and entry, exit code 2, and nothing is imported', { timeout }, async () => {
  put('good.p12', files.pkcs12(leafOf('cli-4'), [root], phrase));
  put('bad.p12', files.pkcs12(leafOf('cli-5'), [root], 'another'));
  const wrong = await desk.run('store', 'import', 'good.p12', 'bad.p12', ...toStore);
  expect([wrong.code, wrong.out]).toEqual([2, '']);
  expect(wrong.err).toContain('bad.p12: expected the pass phrase that it was written with');
  const missing = await desk.run('store', 'import', 'good.p12', 'none.p12', ...toStore);
  expect(missing.err).toContain('none.p12: expected a file that can be read, found ENOENT');
  const noPhrase = await silent.run('store', 'import', 'good.p12', ...toStore);
  expect(noPhrase.err).toContain('expected a line with the pass phrase of the files, found nothing');
  expect(await silent.json('store', 'list')).toMatchObject({ stores: [{ free: 3 }] });
});

test("a vendor's list is imported, and a private key in it is refused", { timeout }, async () => {
  const { cert, key } = leafOf('cli-6');
  put('list.csv', `serial,certificate\n1,"${cert}"\n`);
  const list = ['--store', 'elements', '--anchors', 'root.pem'];
  expect(await silent.json('store', 'import-list', 'list.csv', ...list)).toEqual({
    schema: 1,
    store: 'elements',
    entries: 1,
  });
  put('keys.pem', leafOf('cli-7').cert + key);
  const refused = await silent.run('store', 'import-list', 'keys.pem', ...list);
  expect([refused.code, refused.out]).toEqual([2, '']);
  expect(refused.err).toContain('keys.pem, certificate 2: expected certificates alone, found a private key');
});

test('its help says what it takes', async () => {
  const { out } = await silent.run('store', 'import', '--help');
  expect(out).toContain('all files or none');
});
