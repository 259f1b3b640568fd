import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { type Certified, Pki, showing } from '../../../../suites/x509-chains.ts';
import { ask, certifiedRegistration, freshEmulator, json, manage, putGroup, type Reply, service } from './raw.ts';

const DAY = 86_400_000;
const pki = new Pki();
const root = pki.authority('Practice root');
let emulator: Emulator;
let time = 0;

beforeEach(async () => {
  time = 0;
  emulator = await freshEmulator({ clock: () => Date.now() + time });
});
afterEach(() => emulator.close());
afterAll(() => pki.remove());

type Properties = Record<string, unknown> & { verificationCode: string };
const tagOf = (reply: Reply) => ({ 'If-Match': String(json(reply).etag) });
const propertiesOf = (reply: Reply) => json(reply).properties as Properties;
const problem = (reply: Reply) => [reply.status, json(reply).code, json(reply).httpStatusCode];
const upload = ({ cert }: Certified, more: object = {}, headers = {}, name = 'root') =>
  manage(emulator, 'PUT', `/${name}`, { certificate: cert, ...more }, headers);
const askCode = (headers: Record<string, string>) =>
  manage(emulator, 'POST', '/root/generateVerificationCode', undefined, headers);
const verify = ({ cert }: Certified, headers: Record<string, string>) =>
  manage(emulator, 'POST', '/root/verify', { certificate: cert }, headers);

/** Uploads the root and asks for a code. */
async function coded(): Promise<{ code: string; headers: Record<string, string> }> {
  const reply = await askCode(tagOf(await upload(root)));
  return { code: propertiesOf(reply).verificationCode, headers: tagOf(reply) };
}

test('an uploaded certificate is shown as the resource provider shows it, and is not verified', async () => {
  const reply = await upload(root);
  const body = json(reply);
  expect(reply.status).toBe(200);
  expect(body).toEqual({
    properties: {
      subject: 'CN=Practice root',
      expiry: new X509Certificate(root.cert).validToDate.toUTCString(),
      thumbprint: new X509Certificate(root.cert).fingerprint.replaceAll(':', ''),
      isVerified: false,
      created: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/),
      updated: expect.any(String),
      certificate: new X509Certificate(root.cert).raw.toString('base64'),
    },
    id: `${emulator.certificatesPath}/root`,
    name: 'root',
    type: 'Microsoft.Devices/ProvisioningServices/Certificates',
    etag: expect.stringMatching(/^AAAA[A-Za-z0-9+/]{7}=$/),
  });
  expect(json(await manage(emulator, 'GET', '/ROOT'))).toEqual(body);
  expect(json(await manage(emulator, 'GET', ''))).toEqual({ value: [body] });
});

test('possession is proven by a certificate that the CA signs over a fresh code', async () => {
  const { code, headers } = await coded();
  expect(code).toMatch(/^[0-9A-F]{48}$/);
  const verified = await verify(pki.proof(code, root), headers);
  expect([verified.status, propertiesOf(verified).isVerified]).toEqual([200, true]);
  expect(json(await manage(emulator, 'GET', '/root'))).toEqual(json(verified));
  expect(propertiesOf(verified)).not.toHaveProperty('verificationCode');
});

const wrongProofs: [string, (code: string) => Certified, string][] = [
  ['with another common name', () => pki.proof('1234', root), 'common name'],
  ['signed by another key', (code) => pki.proof(code, pki.authority('Practice root')), 'signature'],
  ['signed by itself', (code) => pki.authority(code), 'signature'],
];

test.each(wrongProofs)('a proof %s is refused, and the right one is still taken', async (_name, make, word) => {
  const { code, headers } = await coded();
  const reply = await verify(make(code), headers);
  expect(problem(reply)).toEqual([400, '400004', 'BadRequest']);
  expect(json(reply).message).toContain(word);
  expect(json(reply).message).not.toContain(code);
  expect((await verify(pki.proof(code, root), headers)).status).toBe(200);
});

test('an expired proof is refused, and so is one of a code that was asked for before', async () => {
  const { code, headers } = await coded();
  const proof = pki.proof(code, root, 1);
  time = 2 * DAY;
  expect(json(await verify(proof, headers)).message).toContain('valid now');
  time = 0;
  const again = await askCode(headers);
  expect(propertiesOf(again).verificationCode).not.toBe(code);
  expect(json(await verify(proof, tagOf(again))).message).toContain('common name');
});

test('a code serves once, and nothing is verified before one was asked for', async () => {
  const uploaded = await upload(root);
  expect(json(await verify(pki.proof('early', root), tagOf(uploaded))).message).toContain('code');
  const { verificationCode } = propertiesOf(await askCode({ 'If-Match': '*' }));
  const proof = pki.proof(verificationCode, root);
  expect((await verify(proof, { 'If-Match': '*' })).status).toBe(200);
  expect((await verify(proof, { 'If-Match': '*' })).status).toBe(400);
});

test('isVerified skips the proof; what replaces a certificate is unverified again', async () => {
  expect(propertiesOf(await upload(root, { isVerified: true })).isVerified).toBe(true);
  const next = pki.authority('Practice root 2');
  const replaced = await upload(next, {}, { 'If-Match': '*' });
  expect(propertiesOf(replaced)).toMatchObject({ subject: 'CN=Practice root 2', isVerified: false });
  expect(json(await manage(emulator, 'GET', ''))).toMatchObject({ value: [{ name: 'root' }] });
});

test('every change but the first needs the newest tag', async () => {
  const first = await upload(root, {}, { 'If-Match': 'ignored when it is new' });
  const second = await askCode(tagOf(first));
  expect(json(second).etag).not.toBe(json(first).etag);
  const proof = pki.proof(propertiesOf(second).verificationCode, root);
  const attempts = (headers: Record<string, string>) => [
    upload(root, {}, headers),
    askCode(headers),
    verify(proof, headers),
    manage(emulator, 'DELETE', '/root', undefined, headers),
  ];
  for (const reply of await Promise.all(attempts(tagOf(first)))) {
    expect(problem(reply)).toEqual([412, '412001', 'PreconditionFailed']);
  }
  for (const reply of await Promise.all(attempts({}))) expect(json(reply).message).toContain('If-Match');
  expect((await verify(proof, tagOf(second))).status).toBe(200);
});

test('a deleted certificate is gone, and deleting it again says so', async () => {
  await upload(root);
  const remove = () => manage(emulator, 'DELETE', '/root', undefined, { 'If-Match': '*' });
  expect([(await remove()).status, (await remove()).status]).toEqual([200, 204]);
  expect(problem(await manage(emulator, 'GET', '/root'))).toEqual([404, '404211', 'NotFound']);
});

test('an instance has 25 certificates at most', async () => {
  for (let n = 1; n <= 25; n += 1) expect((await upload(root, {}, {}, `root-${n}`)).status).toBe(200);
  expect(json(await upload(root, {}, {}, 'root-26')).message).toContain('25');
  expect((await upload(root, {}, { 'If-Match': '*' }, 'root-25')).status).toBe(200);
});

test('PEM, base64 of PEM and base64 of DER are taken, bare or in properties; keys and devices are not', async () => {
  const pem = root.cert;
  const der = new X509Certificate(pem).raw.toString('base64');
  const bodies = [pem, Buffer.from(pem).toString('base64'), der].map((certificate) => ({ certificate }));
  for (const [n, body] of [...bodies, { properties: { certificate: der } }].entries()) {
    expect((await manage(emulator, 'PUT', `/form-${n}`, body)).status).toBe(200);
  }
  const refused = [root.key + pem, Buffer.from(root.key).toString('base64'), 'AAAA', pki.device('device').cert];
  for (const certificate of refused) {
    const reply = await manage(emulator, 'PUT', '/refused', { certificate });
    expect(problem(reply)).toEqual([400, '400004', 'BadRequest']);
    expect(json(reply).message).toContain('certificate: expected');
  }
  expect((await manage(emulator, 'PUT', '/refused', {})).status).toBe(400);
});

test('only the admin token opens the path, and only the path of this instance', async () => {
  const path = `${emulator.certificatesPath}?api-version=2022-02-05`;
  expect(problem(await ask(emulator, { method: 'GET', path }))).toEqual([401, '401002', 'Unauthorized']);
  const Authorization = `Bearer ${emulator.adminToken}`;
  const get = (wanted: string, more = {}) =>
    ask(emulator, { method: 'GET', path: wanted, headers: { Authorization }, ...more });
  expect((await service(emulator, 'GET', emulator.certificatesPath)).status).toBe(401);
  expect((await get(path.toUpperCase().replace('API-VERSION', 'api-version'))).status).toBe(200);
  expect((await get(path.replace('practice-', 'other-'))).status).toBe(404);
  expect((await get(path, { host: emulator.deviceHost })).status).toBe(404);
  expect((await get(emulator.certificatesPath)).status).toBe(400);
});

test('certificates survive a restart, and a folder from before there were any gets room for them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dps-ca-'));
  await (await startEmulator({ folder })).close();
  const older = new Database(join(folder, 'dps.db'));
  older.exec('drop table ca_certificate');
  older.close();
  const first = await startEmulator({ folder });
  await manage(first, 'PUT', '/root', { certificate: root.cert, isVerified: true });
  await putGroup(first, 'of-root', { type: 'x509', x509: { caReferences: { primary: 'root' } } });
  await first.close();
  const second = await startEmulator({ folder, switches: { retryAfterSeconds: 0 } });
  const identity = showing(pki.device('survivor', { issuer: root }), root);
  expect(json(await certifiedRegistration(second, 'survivor', identity)).status).toBe('assigned');
  await second.close();
  rmSync(folder, { recursive: true });
});
