// A Linux unit that makes its own key with OpenSSL, and gets the certificate for it.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { csrSignatureHolds, readCsr } from '../../../../drivers/asn1/csr.ts';
import { possessionMessage, possessionSignatureHolds } from '../../../../drivers/protocols/possession.ts';
import type { KeyAlgorithm } from '../../../../drivers/protocols/protocol.ts';
import { heldCertificate } from '../../../suites/held-key.ts';
import { accessTo, hurriedConsole } from '../../../suites/linux-console-bench.ts';
import { type LinuxUnit, type LinuxUnitOptions, shells, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { info, refusal } from '../../../suites/protocol.suite.ts';
import { TestStation } from '../../../suites/station.ts';

const never = new AbortController().signal;
const units: LinuxUnit[] = [];
afterEach(async () => {
  for (const unit of units.splice(0)) await unit.end();
});

const placesIn = (folder: string) => ({ key: join(folder, 'id key.pem'), chain: join(folder, 'id.pem') });

async function sessionOn(unit: LinuxUnit) {
  const console = accessTo(unit, { certificate: placesIn(unit.folder) });
  const session = await hurriedConsole.open(await unit.plug(), never, { console });
  await session.provision(info, never);
  return session;
}

async function unitWith(options: LinuxUnitOptions) {
  const unit = await startLinuxUnit(options);
  units.push(unit);
  return { unit, session: await sessionOn(unit), places: placesIn(unit.folder) };
}

const keyAt = (path: string): KeyObject => createPrivateKey(readFileSync(path));

describe.each(shells)('a unit with %s', (shell) => {
  test.each<KeyAlgorithm>(['p256', 'p384', 'rsa2048'])(
    'makes a key of %s, asks for its certificate, and proves it',
    async (algorithm) => {
      const { unit, session, places } = await unitWith({ shell });
      const operation = randomBytes(16);
      const csr = readCsr(await session.makeKey({ operation, algorithm }, never), 'a request');
      expect(csrSignatureHolds(csr)).toBe(true);
      expect(csr).toMatchObject({ subject: [{ type: 'CN', value: info.registrationId }], publicKey: { algorithm } });
      const key = keyAt(places.key);
      expect(statSync(places.key).mode & 0o777).toBe(0o600);
      const again = readCsr(await session.makeKey({ operation, algorithm }, never), 'a request');
      expect(again.publicKey.spki).toEqual(csr.publicKey.spki);
      const parts = { operation, registrationId: info.registrationId, stationNonce: randomBytes(32) };
      const { unitNonce, proof } = await session.prove(operation, parts.registrationId, parts.stationNonce, never);
      const message = possessionMessage({ ...parts, unitNonce });
      expect(possessionSignatureHolds(csr.publicKey.key, message, proof)).toBe(true);
      const shown = Buffer.concat(unit.shown).toString('latin1');
      expect(shown).not.toContain(key.export({ type: 'pkcs8', format: 'pem' }).toString().slice(40, 90));
      expect(readdirSync(unit.folder).filter((name) => /^\.birthmark\./.test(name))).toEqual([]);
    },
  );
});

test('a key outlives the conversation, and gives way to another only while it has no certificate', async () => {
  const { unit, session, places } = await unitWith({ shell: 'dash' });
  const operation = randomBytes(16);
  const keys: Buffer[] = [];
  const make = async (asked: Buffer, algorithm: KeyAlgorithm, from = session) => {
    await from.makeKey({ operation: asked, algorithm }, never);
    keys.push(readFileSync(places.key));
  };
  await make(operation, 'p256');
  await make(operation, 'p256', await sessionOn(unit));
  expect(keys[1]).toEqual(keys[0]);
  const next = await sessionOn(unit);
  await make(operation, 'p384', next);
  await make(randomBytes(16), 'p256', next);
  expect(new Set(keys.map(String)).size).toBe(3);
  const selfSigned = ['req', '-x509', '-new', '-key', places.key, '-subj', '/CN=x', '-out', places.chain];
  execFileSync('openssl', selfSigned, { stdio: 'ignore' });
  await refusal(make(randomBytes(16), 'p256', next), 'unit.other-credential');
  expect(readFileSync(places.key)).toEqual(keys.at(-1));
});

test('a key that came with the image is neither used nor written over', async () => {
  const { session, places } = await unitWith({ shell: 'bash' });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(places.key, pem);
  await refusal(session.makeKey({ operation: randomBytes(16), algorithm: 'p256' }, never), 'unit.other-credential');
  expect(readFileSync(places.key, 'utf8')).toBe(pem);
});

test('what a cut-off making of a key left is made anew', async () => {
  const { unit, session, places } = await unitWith({ shell: 'bash' });
  const operation = randomBytes(16);
  await session.makeKey({ operation, algorithm: 'p256' }, never);
  rmSync(places.key);
  writeFileSync(join(unit.folder, '.birthmark.abcdef'), 'half a key');
  const csr = readCsr(await session.makeKey({ operation, algorithm: 'p256' }, never), 'a request');
  expect(keyAt(places.key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(csrSignatureHolds(csr)).toBe(true);
  expect(existsSync(join(unit.folder, '.birthmark.abcdef'))).toBe(false);
});

test('a chain for another key is found out before it counts, and a folder in the key’s place is no key', async () => {
  const { session, places } = await unitWith({ shell: 'bash' });
  const operation = randomBytes(16);
  await session.makeKey({ operation, algorithm: 'p256' }, never);
  const { chain } = await strangers();
  const staged = { operation, kind: 'chain', delivery: 'clear', bytes: Buffer.from(chain) } as const;
  await session.stage(staged, never);
  await refusal(session.commit(operation, never), 'unit.refused');
  await session.stage({ ...staged, bytes: Buffer.from('no certificate') }, never);
  await refusal(session.commit(operation, never), 'unit.refused');
  await refusal(session.stage({ ...staged, operation: randomBytes(16) }, never), 'unit.cannot');
  await refusal(session.stage({ ...staged, kind: 'private-key' }, never), 'unit.cannot');
  rmSync(places.key);
  mkdirSync(places.key);
  await refusal(session.makeKey({ operation, algorithm: 'p256' }, never), 'console.failed');
});

test('a unit without OpenSSL is told so by its name, and one without places for a certificate makes no key', async () => {
  const { session } = await unitWith({ shell: 'bash', without: ['openssl'] });
  const asked = session.makeKey({ operation: randomBytes(16), algorithm: 'p256' }, never);
  expect((await refusal(asked, 'console.tool-missing')).details).toEqual({ tool: 'openssl' });
  expect(session.hello).toMatchObject({ storage: 'file' });
  expect(session.hello.capabilities).toContain('key-p256');
});

let line: TestStation | undefined;
afterAll(() => line?.close());

/** A certificate of another unit. */
async function strangers(): Promise<{ readonly chain: string }> {
  line ??= await TestStation.open();
  const { labels } = await line.order('x509-individual', 1);
  await line.scan(1, labels[0] ?? '');
  return heldCertificate(join(line.folder, 'practice'), labels[0] ?? '');
}
