import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { reach, whyOf } from '../../../../station-core/setup/reach.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ folder: join(mkdtempSync(join(tmpdir(), 'birthmark-reach-')), 'dps') });
});
afterAll(() => emulator.close());

test('a host that answers with a certificate for its name is reached', async () => {
  expect(await reach('localhost', { port: emulator.port, ca: emulator.ca })).toMatchObject({ reached: true });
});

test('a certificate of nobody whom the machine trusts is told as such', async () => {
  expect(await reach('localhost', { port: emulator.port })).toMatchObject({ reached: false, why: 'certificate' });
});

test('a name that nobody has, and a port where nobody listens, are told apart', async () => {
  expect(await reach('no-such-host.invalid')).toMatchObject({ reached: false, why: 'name' });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  expect(await reach('127.0.0.1', { port })).toMatchObject({ reached: false, why: 'refused' });
});

test.each([
  ['ENOTFOUND', 'name'],
  ['EAI_AGAIN', 'name'],
  ['ECONNRESET', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
  ['EPROTO', 'other'],
] as const)('%s means %s', (code, why) => expect(whyOf(code)).toBe(why));
