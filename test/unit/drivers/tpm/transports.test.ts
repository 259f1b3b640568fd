import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDevice } from '../../../../drivers/tpm/device.ts';
import { openTcp } from '../../../../drivers/tpm/tcp.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import { openPtyTo } from '../../../suites/pty.ts';
import { simulatorInFrontOf } from '../../../suites/simulator-framing.ts';
import { makeSwtpm, type Swtpm } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { refusedAs, unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;

unitTpmSuite("raw commands in the Microsoft simulator's framing", async () => {
  const swtpm = await makeSwtpm({ certificates: true });
  const simulator = await simulatorInFrontOf(swtpm.port);
  return {
    open: async () => openTpm(await openTcp({ host: '127.0.0.1', port: simulator.port, framing: 'simulator' }, never)),
    loaded: async () => loadedIn(await toPort(swtpm.port)),
    hasCertificate: true,
    end: async () => {
      await simulator.close();
      await swtpm.stop();
    },
  };
});

// There is no /dev/tpmrm0 on a machine without a TPM: a terminal takes its place, where too one write is one command.
unitTpmSuite('raw commands through a device node', async () => {
  const swtpm = await makeSwtpm({ certificates: true });
  let node: Awaited<ReturnType<typeof openPtyTo>> | undefined;
  return {
    open: async () => {
      await node?.cut();
      node = await openPtyTo(`TCP:127.0.0.1:${swtpm.port}`);
      return openTpm(await openDevice(node.path, never));
    },
    loaded: async () => {
      await node?.cut();
      return loadedIn(await toPort(swtpm.port));
    },
    hasCertificate: true,
    end: async () => {
      await node?.cut();
      await swtpm.stop();
    },
  };
});

let swtpm: Swtpm;
beforeAll(async () => {
  swtpm = await makeSwtpm();
});
afterAll(() => swtpm.stop());

test('a port where nobody listens, and a device node that is not there, are named', async () => {
  const port = await refusedAs(openTcp({ host: '127.0.0.1', port: 1, framing: 'raw' }, never), 'tpm.missing');
  expect(port.message).toContain('127.0.0.1:1');
  const node = await refusedAs(openDevice('/dev/no-such-tpm', never), 'tpm.missing');
  expect(node.message).toContain('/dev/no-such-tpm');
});

test('a TPM whose connection is lost in the middle is missing, at once', async () => {
  const own = await makeSwtpm();
  const tpm = openTpm(await toPort(own.port));
  await tpm.describe(never);
  await own.stop();
  await refusedAs(tpm.describe(never), 'tpm.missing');
  await tpm.close();
});

test('a wait for a TPM ends with its signal, and nothing of that answer reaches the next question', async () => {
  const silent = await answering(() => undefined);
  const transport = await openTcp({ host: '127.0.0.1', port: silent.port, framing: 'raw' }, never);
  const tpm = openTpm(transport);
  const stop = new AbortController();
  const asked = tpm.describe(stop.signal);
  stop.abort(new Error('a test'));
  await expect(asked).rejects.toThrow('a test');
  await refusedAs(tpm.describe(never), 'tpm.missing');
  await tpm.close();
  silent.close();
});

/** A port that answers every command with what `answer` says. */
async function answering(answer: (command: Buffer) => Buffer | undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (command) => {
      const said = answer(command);
      if (said) socket.write(said);
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

const refusal = (tag: number, code: number): Buffer => {
  const bytes = Buffer.alloc(10);
  bytes.writeUInt16BE(tag);
  bytes.writeUInt32BE(10, 2);
  bytes.writeUInt32BE(code, 6);
  return bytes;
};

test.each([
  ['of version 1.2', refusal(0x00c4, 0x1e), 'tpm.version'],
  ['in failure mode', refusal(0x8001, 0x101), 'tpm.failure-mode'],
  ['in lockout', refusal(0x8001, 0x921), 'tpm.lockout'],
  ['that was not started', refusal(0x8001, 0x100), 'tpm.refused'],
  ['that answers with an unknown tag', refusal(0x1234, 0), 'tpm.garbled'],
  [
    'that answers with a size that is wrong',
    Buffer.concat([refusal(0x8001, 0x101), Buffer.alloc(3)]),
    'tpm.failure-mode',
  ],
] as const)('a TPM %s has an error of its own', async (_, said, code) => {
  const port = await answering(() => said);
  const tpm = openTpm(await openTcp({ host: '127.0.0.1', port: port.port, framing: 'raw' }, never));
  await refusedAs(tpm.describe(never), code);
  await tpm.close();
  port.close();
});

test('a TPM that is busy is asked again until it answers', async () => {
  let asked = 0;
  const real = await toPort(swtpm.port);
  const tpm = openTpm({
    name: 'a busy TPM',
    longest: 4_096,
    transmit: (...command) => {
      asked += 1;
      return asked % 3 === 0 ? real.transmit(...command) : Promise.resolve(refusal(0x8001, 0x922));
    },
    close: () => real.close(),
  });
  expect((await tpm.describe(never)).manufacturer).toBe('IBM');
  expect(asked).toBeGreaterThan(3);
  await tpm.close();
});
