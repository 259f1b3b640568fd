import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { makeSwtpm } from '../../../../suites/swtpm.ts';
import { Pki } from '../../../../suites/x509-chains.ts';
import { json, keyOfLetter, type Managed, manage, registration, service, symmetric } from './raw.ts';
import { enrollTpm, makeKeys, outcome, solved } from './tpm-device.ts';

const MAIN = join(import.meta.dirname, '../../../../../drivers/simulated/dps/dps.main.ts');
type Files = Record<'caFile' | 'connectionStringFile' | 'adminTokenFile', string>;
type Ready = Managed & Files & { mqttPort: number; line: string };

let folder: string;
let running: ChildProcessWithoutNullStreams[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dps-process-'));
  running = [];
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function start(...more: string[]): Promise<{ child: ChildProcessWithoutNullStreams; ready: Ready }> {
  const switches = JSON.stringify({ retryAfterSeconds: 0 });
  const child = spawn(process.execPath, [MAIN, '--folder', join(folder, 'state'), '--switches', switches, ...more]);
  running.push(child);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  for await (const line of createInterface(child.stdout)) {
    const ready = JSON.parse(line) as Ready;
    const ca = readFileSync(ready.caFile, 'utf8');
    const connectionString = readFileSync(ready.connectionStringFile, 'utf8');
    const adminToken = readFileSync(ready.adminTokenFile, 'utf8');
    return { child, ready: { ...ready, ca, connectionString, adminToken, line } };
  }
  throw new Error(`the emulator ended before it was ready: ${complaint}`);
}

async function end(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<unknown[]> {
  const exited = once(child, 'exit');
  child.kill(signal);
  return exited;
}

test('what was enrolled and registered is still there after a kill -9, under the same names and keys', async () => {
  const first = await start();
  const entry = { registrationId: 'survivor', attestation: symmetric(), deviceId: 'Survivor' };
  expect((await service(first.ready, 'PUT', '/enrollments/survivor', entry)).status).toBe(200);
  await registration(first.ready, { id: 'survivor', key: keyOfLetter('p') });
  const before = json(await service(first.ready, 'GET', '/enrollments/survivor'));
  expect(before.registrationState).toMatchObject({ status: 'assigned' });
  expect(await end(first.child, 'SIGKILL')).toEqual([null, 'SIGKILL']);
  const second = await start();
  expect(json(await service(second.ready, 'GET', '/enrollments/survivor'))).toEqual(before);
  const { port: _port, mqttPort: _mqttPort, line: _line, ...names } = first.ready;
  expect(second.ready).toMatchObject(names);
});

test('a TPM that was challenged before a kill -9 registers after it', async () => {
  const swtpm = await makeSwtpm();
  onTestFinished(() => swtpm.stop());
  const tpm = await makeKeys(swtpm);
  const first = await start();
  await enrollTpm(first.ready, 'survivor', tpm.endorsementKey);
  const token = await solved(first.ready, 'survivor', swtpm, tpm);
  await end(first.child, 'SIGKILL');
  const second = await start();
  expect(await outcome(second.ready, 'survivor', token)).toMatchObject({ status: 'assigned' });
});

test('an uploaded CA certificate is still there and still verified after a kill -9', async () => {
  const pki = new Pki();
  const { cert } = pki.authority('survivor');
  pki.remove();
  const first = await start();
  const uploaded = await manage(first.ready, 'PUT', '/survivor', { certificate: cert, isVerified: true });
  await end(first.child, 'SIGKILL');
  const second = await start();
  expect(json(await manage(second.ready, 'GET', '/survivor'))).toEqual(json(uploaded));
});

test('SIGTERM ends it cleanly', async () => {
  const { child } = await start();
  expect(await end(child, 'SIGTERM')).toEqual([0, null]);
});

test('it ends when its standard input closes, if it was told so', async () => {
  const { child } = await start('--until-stdin-closes');
  const exited = once(child, 'exit');
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
});

test('credentials are in files for their owner alone, and not in the ready line', async () => {
  const { ready } = await start('--policy', 'uploader=EnrollmentRead,EnrollmentWrite');
  const { policyFiles } = JSON.parse(ready.line) as { policyFiles: Record<string, string> };
  const files = [ready.connectionStringFile, ready.adminTokenFile, String(policyFiles.uploader)];
  const modes = [...files, ...['dps.db', 'tls.json'].map((name) => join(folder, 'state', name))].map(
    (file) => statSync(file).mode & 0o777,
  );
  expect(modes).toEqual([0o600, 0o600, 0o600, 0o600, 0o600]);
  for (const file of files) {
    const secret = readFileSync(file, 'utf8').split('SharedAccessKey=').at(-1) ?? '';
    expect(secret.length).toBeGreaterThan(40);
    expect(ready.line).not.toContain(secret);
  }
});

test.each([[[]], [['--folder', 'x', '--port', 'any']], [['--folder', 'x', '--policy', 'p=Everything']], [['--what']]])(
  'the arguments %j end it with an error',
  async (args) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
    running.push(child);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
  },
);

test('a connection names any host of the service, localhost or 127.0.0.1, with TLS 1.2 at least', async () => {
  const { ready } = await start();
  const handshake = async (options: object) => {
    const socket = connect({ host: '127.0.0.1', port: ready.port, ca: ready.ca, ...options });
    await once(socket, 'secureConnect');
    const protocol = socket.getProtocol();
    socket.destroy();
    return protocol;
  };
  for (const servername of [ready.serviceHost, ready.deviceHost, 'localhost']) {
    expect(await handshake({ servername, maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
  }
  expect(await handshake({})).toBe('TLSv1.3');
  await expect(handshake({ servername: 'elsewhere.example' })).rejects.toThrow('altnames');
  const old = { servername: 'localhost', minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  await expect(handshake(old)).rejects.toThrow(/alert|version|EPROTO/i);
});
