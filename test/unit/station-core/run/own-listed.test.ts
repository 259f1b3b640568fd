import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { registerCertifiedDevice } from '../../../suites/azure-sdk.ts';
import { bringing, type GivenLine, givenLine, givenRecipe, orderOf } from '../../../suites/given-line.ts';
import { importVendorList } from '../../../suites/key-files.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';

// Pre-loaded secure elements (F-69): the vendor's list says which certificates it made; the key is in the unit.

let given: GivenLine;
const pki = new Pki();
const root = pki.authority('Element Root');
const signer = pki.authority('Element Signer', { issuer: root });
const anchors = [signer, root];
const leafOf = (name: string) => pki.device(name, { issuer: signer });
const base64 = ({ cert }: Certified) => new X509Certificate(cert).raw.toString('base64');

beforeAll(async () => {
  given = await givenLine();
});
afterAll(async () => {
  await given.line.close();
  pki.remove();
});

const listed = (store: string, name: string, list: string) => importVendorList(given.line, store, anchors, name, list);
const recipe = givenRecipe('listed', { source: 'own', trust: { list: 'elements' } });

test('units whose certificates are in the list are made, those that are not are refused', async () => {
  const { line, owns } = given;
  const [one, two, three, stranger] = ['el-1', 'el-2', 'el-3', 'el-4'].map(leafOf) as [
    Certified,
    Certified,
    Certified,
    Certified,
  ];
  const csv = `serial,certificate\r\n0001,${base64(one)}\r\n0002,"${two.cert}"\r\n`;
  expect(await listed('elements', 'elements.csv', csv)).toEqual({ store: 'elements', entries: 2 });
  expect(await listed('elements', 'more.pem', three.cert + signer.cert)).toEqual({ store: 'elements', entries: 1 });
  const order = await orderOf(line, recipe, ['el-1', 'el-2', 'el-3', 'el-4']);
  expect((await line.as('lead', 'orders.list', {})).find(({ name }) => name === order)?.uncertified).toBe(1);
  // An element often holds its own certificate alone: what stands above it came with the list.
  owns.set('el-1', bringing(one));
  owns.set('el-2', bringing(two, signer, root));
  owns.set('el-3', bringing(three, signer));
  owns.set('el-4', bringing(stranger, signer, root));
  for (const serial of ['el-1', 'el-2', 'el-3']) {
    const run = await line.scan(1, serial);
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  }
  await line.as('lead', 'sync.run', {});
  const device = { registrationId: 'el-1', idScope: line.emulator.idScope, cert: one.cert, key: one.key };
  await expect(registerCertifiedDevice(line.emulator, device)).resolves.toMatchObject({ status: 'assigned' });
  const refused = await line.scan(1, 'el-4');
  expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'unit.certificate-refused' } });
  expect(refused.error?.details.rule).toBe('the vendor list elements does not have it');
  expect(await line.as('auditor', 'store.list', {})).toEqual([
    { store: 'elements', origin: 'vendor', free: 0, drawn: 3, spent: 0, expired: 0, expiring: 0, warnings: [] },
  ]);
  expect(await fsck(line.folder)).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});

test('the same recipe does not take a certificate out of another list, nor a stored one', async () => {
  const { line, owns } = given;
  const leaf = leafOf('el-other');
  await listed('others', 'others.pem', leaf.cert);
  await orderOf(line, recipe, ['el-other']);
  owns.set('el-other', bringing(leaf, signer, root));
  expect((await line.scan(1, 'el-other')).error?.code).toBe('unit.certificate-refused');
});

const bad: readonly (readonly [string, () => string, string])[] = [
  ['no header', () => `1,${base64(leafOf('bd-1'))}\n`, 'list, line 1: expected a header with the column certificate'],
  ['no line', () => 'certificate\n', 'list, line 2: expected at least one certificate'],
  [
    'a cell too few',
    () => `serial,certificate\n1,${base64(leafOf('bd-2'))}\n2\n`,
    'list, line 3: expected 2 cells, found 1',
  ],
  ['an empty cell', () => 'serial,certificate\n1,\n', 'list, line 2, certificate: expected PEM'],
  ['a broken quote', () => 'serial,certificate\n1,"MII\n', 'list, line 2: expected CSV'],
  ['no certificate in a cell', () => 'serial,certificate\n1,bm90aGluZw==\n', 'list, line 2, certificate: expected'],
  ['a CA in a cell', () => `certificate\n${base64(signer)}\n`, 'list: expected certificates of devices, found none'],
  [
    'a certificate of another CA',
    () => `certificate\n${base64(pki.device('bd-3'))}\n`,
    'list, line 2, certificate, certificate 1: it is self-signed',
  ],
  [
    'the same twice',
    () => {
      const one = base64(leafOf('bd-4'));
      return `certificate\n${one}\n${one}\n`;
    },
    'list, line 3, certificate: expected a registration ID that is there once, found the one of list, line 2',
  ],
  ['a private key', () => leafOf('bd-5').cert + leafOf('bd-5').key, 'a private key, which must not be here'],
];

test.each(bad)('a list with %s is refused with its line, and nothing of it is stored', async (_, make, says) => {
  const count = () => given.line.station.records.db.prepare('SELECT count(*) AS n FROM stored_certificate').get();
  const before = count();
  await expect(listed('bad', 'list', make())).rejects.toThrow(says);
  expect(count()).toEqual(before);
});

test('anchors must be CA certificates', async () => {
  const leaf = leafOf('bd-6');
  await expect(importVendorList(given.line, 'bad', [leaf], 'list', leaf.cert)).rejects.toThrow(
    'the anchors, certificate 1: expected the certificate of a CA, found a device',
  );
});
