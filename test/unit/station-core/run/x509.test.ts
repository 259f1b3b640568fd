import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPems, writePem } from '../../../../drivers/asn1/pem.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { makeOrder, recipeOf } from '../../../../station-core/practice.ts';
import { registerCertifiedDevice } from '../../../suites/azure-sdk.ts';
import { heldCertificate } from '../../../suites/held-key.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
let scratch: string;
beforeAll(async () => {
  line = await TestStation.open();
  scratch = mkdtempSync(join(tmpdir(), 'birthmark-x509-'));
});
afterAll(async () => {
  await line.close();
  rmSync(scratch, { recursive: true, force: true });
});

type Key = Extract<Recipe['attestation'], { type: 'x509' }>['key'];

/** A ready-made X.509 recipe with another key. */
async function recipeWith(scope: 'group' | 'individual', key: Key, name: string): Promise<Recipe> {
  const recipe = await recipeOf(line.station, `x509-${scope}`);
  if (recipe.attestation.type !== 'x509') throw new Error('not an X.509 recipe');
  return { ...recipe, name, attestation: { ...recipe.attestation, key } as Recipe['attestation'] };
}

async function made(recipe: Recipe): Promise<{ label: string; registrationId: string }> {
  const { labels } = await makeOrder(line.station, recipe, 1);
  const label = labels[0] ?? '';
  const run = await line.scan(1, label);
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  await line.as('lead', 'sync.run', {});
  return { label, registrationId: run.registrationId };
}

const held = (label: string) => heldCertificate(join(line.folder, 'practice'), label);

const register = (registrationId: string, cert: string, key: string) =>
  registerCertifiedDevice(line.emulator, { registrationId, idScope: line.emulator.idScope, cert, key });

const cases = [
  ['group', 'unit', 'p256'],
  ['individual', 'unit', 'p256'],
  ['group', 'unit', 'rsa2048'],
  ['group', 'station', 'p384'],
  ['individual', 'station', 'rsa2048'],
] as const;

test.each(cases)(
  'a unit in %s mode, its key made by the %s (%s), registers with the chain that it holds',
  async (scope, source, algorithm) => {
    const { label, registrationId } = await made(
      await recipeWith(scope, { source, algorithm }, `${scope}-${source}-${algorithm}`),
    );
    const { key, chain } = held(label);
    expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(3); // leaf, intermediate, root (F-61)
    const result = await register(registrationId, chain, key);
    expect(result).toMatchObject({ registrationId, deviceId: registrationId, status: 'assigned' });
    const found = await line.as('auditor', 'ca.find', { registrationId });
    expect(found).toMatchObject([{ state: 'issued', purpose: 'leaf', registrationId }]);
    expect(new X509Certificate(chain).serialNumber.toLowerCase()).toBe(found[0]?.serialNumber);
  },
);

test('a chain that is cut below the verified certificate does not register (F-62)', async () => {
  const { label, registrationId } = await made(await recipeOf(line.station, 'x509-group'));
  const { key, chain } = held(label);
  const [leaf] = readPems(chain, 'chain');
  await expect(register(registrationId, writePem('CERTIFICATE', leaf?.der ?? Buffer.alloc(0)), key)).rejects.toThrow();
  await expect(register(registrationId, chain, key)).resolves.toMatchObject({ status: 'assigned' });
});

test('a leaf verifies over its full chain with openssl and certtool, and its text is exactly the profile', async () => {
  for (const algorithm of ['p256', 'rsa2048'] as const) {
    const { label, registrationId } = await made(
      await recipeWith('group', { source: 'unit', algorithm }, `text-${algorithm}`),
    );
    const [leaf, intermediate, root] = readPems(held(label).chain, 'chain').map(({ der }) =>
      writePem('CERTIFICATE', der),
    );
    const file = (name: string, text = '') => {
      writeFileSync(join(scratch, name), text);
      return join(scratch, name);
    };
    const files = {
      leaf: file('leaf.pem', leaf),
      above: file('above.pem', intermediate),
      root: file('root.pem', root),
    };
    const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
    const verify = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-CAfile',
      files.root,
      '-untrusted',
      files.above,
    ];
    expect(openssl(...verify, files.leaf)).toContain('leaf.pem: OK');
    const whole = file('whole.pem', held(label).chain);
    expect(
      execFileSync('certtool', ['--verify-chain', '--infile', whole], {
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    ).toContain('Chain verification output: Verified.');
    const usage = algorithm === 'p256' ? 'Digital Signature' : 'Digital Signature, Key Encipherment';
    const text = openssl(
      'x509',
      '-in',
      files.leaf,
      '-noout',
      '-subject',
      '-ext',
      'basicConstraints,keyUsage,extendedKeyUsage',
    );
    expect(text.replace(/\s+/g, ' ').trim()).toBe(
      `subject=CN = ${registrationId} X509v3 Basic Constraints: CA:FALSE X509v3 Key Usage: critical ${usage} X509v3 Extended Key Usage: TLS Web Client Authentication`,
    );
    const names = openssl('x509', '-in', files.leaf, '-noout', '-text').match(/X509v3 [A-Z][\w ]+(?=:)/g);
    const expected = [
      'Basic Constraints',
      'Key Usage',
      'Extended Key Usage',
      'Subject Key Identifier',
      'Authority Key Identifier',
    ];
    expect(names).toEqual(expected.map((name) => `X509v3 ${name}`));
  }
});

test('a leaf can sign no certificate: openssl refuses a chain below it (F-52)', async () => {
  const { label } = await made(await recipeOf(line.station, 'x509-group'));
  const { key, chain } = held(label);
  for (const [name, text] of Object.entries({ 'leaf.key': key, 'leaf.crt': chain, 'all.pem': chain }))
    writeFileSync(join(scratch, name), text);
  const at = (name: string) => join(scratch, name);
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  run(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=below',
    '-keyout',
    at('b.key'),
    '-out',
    at('b.csr'),
  );
  run(
    'x509',
    '-req',
    '-in',
    at('b.csr'),
    '-CA',
    at('leaf.crt'),
    '-CAkey',
    at('leaf.key'),
    '-CAcreateserial',
    '-out',
    at('b.crt'),
  );
  expect(() => run('verify', '-CAfile', at('all.pem'), at('b.crt'))).toThrow(
    /invalid CA certificate|error 79|error 24|error 32/,
  );
});

test('the private key that the station made is destroyed with the proof, and the records fit together', async () => {
  await made(await recipeWith('group', { source: 'station', algorithm: 'p256' }, 'destroyed'));
  const kept = line.station.records.db.prepare(
    "SELECT count(*) AS n FROM credential WHERE kind = 'x509' AND sealed IS NOT NULL",
  );
  expect(kept.get()).toEqual({ n: 0 });
  expect(await fsck(line.folder)).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});
