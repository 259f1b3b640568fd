import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { Announcement } from '../../../../drivers/simulated/dps/announcement.ts';
import { top } from '../../../rules/sources.ts';
import { registerDevice, registerDeviceByMqtt, serviceClient } from '../../../suites/azure-sdk.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

function birthmark(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(top, 'station-core', 'cli.main.ts'), 'emulator', ...args]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function refusal(...args: string[]): Promise<{ code: unknown; err: string }> {
  const child = birthmark(...args);
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, err };
}

async function ready(child: ChildProcessWithoutNullStreams): Promise<Announcement> {
  for await (const line of createInterface(child.stdout)) return JSON.parse(line) as Announcement;
  throw new Error('it ended before it was ready');
}

test('birthmark emulator says where it is; SDKs enrol and register there, and Ctrl-C ends it', async () => {
  const folder = temporaryFolder();
  const child = birthmark('--json', '--folder', folder, '--switches', '{"retryAfterSeconds":0}');
  const announced = await ready(child);
  const ca = readFileSync(announced.caFile, 'utf8');
  const connectionString = readFileSync(announced.connectionStringFile, 'utf8');
  const client = serviceClient({ ...announced, ca, connectionString });
  const key = Buffer.alloc(32, 'p').toString('base64');
  const attestation = { type: 'symmetricKey', symmetricKey: { primaryKey: key, secondaryKey: key } };
  const enrollment = { registrationId: 'alone', attestation };
  await client.createOrUpdateIndividualEnrollment(
    enrollment as Parameters<typeof client.createOrUpdateIndividualEnrollment>[0],
  );
  const device = { registrationId: 'alone', key, idScope: announced.idScope };
  expect(await registerDevice({ ...announced, ca }, device)).toMatchObject({ status: 'assigned' });
  expect(await registerDeviceByMqtt({ ...announced, ca }, 'TLS', device)).toMatchObject({ status: 'assigned' });
  const again = await refusal('--port', String(announced.port));
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('a free port') });
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});

test('without --json it tells a person hosts, ports, files and how to point an SDK at it', async () => {
  const folder = temporaryFolder();
  const child = birthmark('--folder', folder);
  let told = '';
  child.stdout.on('data', (bytes: Buffer) => {
    told += String(bytes);
  });
  for await (const line of createInterface(child.stderr)) if (line.includes('Ctrl-C')) break;
  child.kill('SIGTERM');
  await once(child, 'close');
  for (const word of [folder, 'global.azure-devices-provisioning.net', '127.0.0.1:', 'localhost:', 'ID scope']) {
    expect(told).toContain(word);
  }
  const secret = readFileSync(join(folder, 'connection-string.txt'), 'utf8').split('SharedAccessKey=').at(-1) ?? '';
  expect(told).not.toContain(secret);
});

test.each([
  ['{"offline":1}', 'offline: expected boolean'],
  ['{"nothing":1}', 'nothing: unknown'],
  ['{', 'not valid JSON'],
])('the switches %s are refused with the place', async (switches, message) => {
  expect(await refusal('--switches', switches)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});
