import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOrder, recipeOf } from '../../../../station-core/practice.ts';
import { bringing, type GivenLine, givenLine, givenRecipe, orderOf, pin } from '../../../suites/given-line.ts';
import { importFiles, importVendorList, KeyFiles } from '../../../suites/key-files.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';

// One key, one unit (F-72), in whatever way it came to it.

let given: GivenLine;
const pki = new Pki();
const files = new KeyFiles();
const root = pki.authority('Vendor Root');

beforeAll(async () => {
  given = await givenLine();
});
afterAll(async () => {
  await given.line.close();
  pki.remove();
  files.remove();
});

test('the key of a certificate that others made gets no certificate here, and the rest of a batch does', async () => {
  const { line, owns } = given;
  const own = pki.device('taken-own', { issuer: root });
  owns.set('taken-own', bringing(own, root));
  await orderOf(line, givenRecipe('own', { source: 'own', trust: { anchors: [pin(root)] } }), ['taken-own']);
  expect(await line.scan(1, 'taken-own')).toMatchObject({ outcome: 'passed' });
  const stored = pki.device('taken-stored', { issuer: root });
  await importFiles(line, 'line', [root], [{ name: 'a.pem', bytes: Buffer.from(stored.key + stored.cert) }]);

  const recipe = { ...(await recipeOf(line.station, 'x509-group')), registrationId: '{serial}' };
  const { order, labels } = await makeOrder(line.station, recipe, 3);
  const request = ({ files: { key } }: Certified, name: string) => {
    const args = ['req', '-new', '-sha256', '-key', key, '-subj', `/CN=${name.toLowerCase()}`];
    return execFileSync('openssl', args, { stdio: 'pipe' }).toString();
  };
  const fresh = pki.device('fresh');
  const csrs = [own, stored, fresh].map((key, index) => {
    const name = labels[index] ?? '';
    return { name, csr: request(key, name) };
  });
  const fared = await line.as('lead', 'ca.issue', { order: order.name, csrs });
  expect(fared.map(({ state, error }) => [state, error?.code])).toEqual([
    ['refused', 'ca.key-taken'],
    ['refused', 'ca.key-taken'],
    ['issued', undefined],
  ]);

  const twin = pki.device('twin', { issuer: root, keyOf: own });
  await expect(importVendorList(line, 'list', [root], 'list', twin.cert)).rejects.toThrow(/a key that is nowhere else/);
});
