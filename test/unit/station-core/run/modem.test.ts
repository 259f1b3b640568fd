// Units that are cellular modules, from their scan to their verdict.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { x509 } from '../../../../station-core/attestation/x509.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { recipeOf } from '../../../../station-core/practice.ts';
import { registerCertifiedDevice } from '../../../suites/azure-sdk.ts';
import {
  hurriedModem,
  type ModemBench,
  type ModemOptions,
  modemAccess,
  startModem,
} from '../../../suites/modem-bench.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
let module: ModemBench;
beforeAll(async () => {
  line = await TestStation.open({
    lanes: 1,
    openLane: () => async () => module.openLink(),
    parts: { protocols: { 'at-modem': hurriedModem } },
  });
});
afterEach(() => module.end());
afterAll(() => line.close());

let orders = 0;
/** An order for one module, with the serial that an IMEI of its own is. */
async function orderOf(imei: string, more: object = {}): Promise<Recipe> {
  const own = await recipeOf(line.station, 'x509-individual');
  const key = { source: 'unit', algorithm: 'p256' } as const;
  const recipe = {
    ...own,
    name: 'tracker',
    protocol: 'at-modem',
    registrationId: 'tracker-{serial}',
    modem: modemAccess,
    attestation: { ...own.attestation, key },
    lock: false,
    ...more,
  } as Recipe;
  orders += 1;
  const name = `trackers-${orders}`;
  await line.as('lead', 'orders.create', { name, recipe, units: [{ serial: imei }] });
  await line.as('lead', 'orders.arm', { order: name });
  return recipe;
}

/** An IMEI with this serial number in it, and the check digit that belongs to it (3GPP TS 23.003, annex B). */
function imeiOf(number: number): string {
  const body = `49015420${String(number).padStart(6, '0')}`;
  const sum = [...body].map((digit, at) =>
    at % 2 === 0 ? Number(digit) : ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0),
  );
  return `${body}${(10 - (sum.reduce((all, one) => all + one, 0) % 10)) % 10}`;
}

/** Puts a module on the lane. */
async function placed(imei: string, options: ModemOptions = {}): Promise<void> {
  module = await startModem({ imei, ...options });
}

/** What lies in the module's memory, under the recipe's tag. */
function memory(): { key: Buffer | undefined; chain: string | undefined } {
  const kept = JSON.parse(readFileSync(module.memory, 'utf8')) as { tag: number; type: number; content: string }[];
  const of = (type: number) => {
    const found = kept.find((one) => one.tag === modemAccess.secTag && one.type === type);
    return found && Buffer.from(found.content, 'base64');
  };
  return { key: of(2), chain: of(1)?.toString('latin1') };
}

/** Certificates that were issued so far. */
const issued = (): number => line.entries().filter(({ action }) => action === 'certificate.issued').length;

test('a module makes its key, gets its certificate, and the run says that its request was its proof', async () => {
  const imei = imeiOf(1);
  await placed(imei, { mode: 1, unasked: true });
  await orderOf(imei);
  const run = await line.scan(1, imei);
  expect(run).toMatchObject({
    outcome: 'passed',
    facts: {
      proven: true,
      proof: 'request',
      provisioned: false,
      storage: 'tee',
      source: 'unit',
      model: 'nRF9151-LACA',
    },
  });
  expect(run.facts).not.toHaveProperty('idScope');
  const { key, chain } = memory();
  const leaf = new X509Certificate(chain ?? '');
  expect(leaf.subject).toBe(`CN=tracker-${imei}`);
  const held = createPrivateKey({ key: key ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' });
  expect(leaf.checkPrivateKey(held)).toBe(true);
  expect(chain?.match(/BEGIN CERTIFICATE/g)?.length).toBe(run.facts.chain);
  // The firmware's TLS signs with that key and shows that chain: DPS lets it in.
  await line.as('lead', 'sync.run', {});
  const pem = held.export({ format: 'pem', type: 'pkcs8' }).toString();
  const device = { registrationId: `tracker-${imei}`, idScope: line.emulator.idScope, cert: chain ?? '', key: pem };
  expect(await registerCertifiedDevice(line.emulator, device)).toMatchObject({
    deviceId: `tracker-${imei}`,
    status: 'assigned',
  });
});

test('a module whose power went once its key was made makes another, since that request is gone', async () => {
  const imei = imeiOf(2);
  await placed(imei, { diesAt: 'key-made' });
  await orderOf(imei);
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'errored', error: { code: 'link.lost' } });
  const { key } = memory();
  await module.restart({ imei });
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'passed', facts: { again: false } });
  expect(memory().key?.equals(key ?? Buffer.alloc(0))).toBe(false);
});

test('a module whose power went once its chain was written keeps key and certificate: nothing is issued twice', async () => {
  const imei = imeiOf(3);
  await placed(imei, { diesAt: 'written' });
  await orderOf(imei);
  const before = issued();
  const first = await line.scan(1, imei);
  expect(first).toMatchObject({ outcome: 'indeterminate', error: { code: 'link.lost' } });
  const { key, chain } = memory();
  await module.restart({ imei });
  const second = await line.scan(1, imei);
  expect(second).toMatchObject({ outcome: 'passed', facts: { again: true, issuedBefore: true, proof: 'request' } });
  expect(second.facts.operation).toBe(first.facts.operation);
  expect(memory()).toEqual({ key, chain });
  expect(issued() - before).toBe(1);
});

test('a module whose power went before its chain was written gets the certificate that was issued', async () => {
  const imei = imeiOf(4);
  await placed(imei, { diesAt: 'writing' });
  await orderOf(imei);
  const before = issued();
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'indeterminate', error: { code: 'link.lost' } });
  expect(memory().chain).toBeUndefined();
  await module.restart({ imei });
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'passed', facts: { again: true, issuedBefore: true } });
  expect(issued() - before).toBe(1);
});

test('another module with the same label gets a key and a certificate of its own, one that is certified by others is left alone', async () => {
  const imei = imeiOf(5);
  await placed(imei, { diesAt: 'written' });
  await orderOf(imei);
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'indeterminate' });
  await module.freshUnit({ serial: '', mac: '' });
  await module.restart({ imei });
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'passed', facts: { again: false } });
  const others = imeiOf(6);
  await module.restart({ imei: others });
  await orderOf(others);
  expect(await line.scan(1, others)).toMatchObject({ outcome: 'failed', error: { code: 'unit.other-credential' } });
});

test('a module that lists fillers instead of digests is refused before anything is issued', async () => {
  const imei = imeiOf(7);
  await placed(imei, { fillers: true });
  await orderOf(imei);
  const before = issued();
  const run = await line.scan(1, imei);
  expect(run).toMatchObject({
    outcome: 'failed',
    error: { code: 'unit.cannot', details: { what: 'read-back-digest' } },
  });
  expect(issued()).toBe(before);
});

test('a module with another IMEI than its label says is set aside', async () => {
  await placed(imeiOf(8));
  const imei = imeiOf(9);
  await orderOf(imei);
  expect(await line.scan(1, imei)).toMatchObject({ outcome: 'failed', error: { code: 'unit.serial-mismatch' } });
});

test('whoever approves such a recipe is told what its proof is worth', async () => {
  await placed(imeiOf(10));
  const recipe = await orderOf(imeiOf(11));
  expect(x509.warnings(recipe).join(' ')).toContain('proves its key once');
  expect(x509.capabilities(recipe)).toContain('proof-by-request');
  expect(x509.capabilities(recipe)).not.toContain('proof-signature');
});
