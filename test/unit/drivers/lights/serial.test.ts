import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lightsOf } from '../../../../drivers/lights/registry.ts';
import { type LightState, lightStates } from '../../../../station-core/contract/lights.ts';
import { type LightDevice, lightSuite } from '../../../suites/light.suite.ts';
import { openPty, type Pty } from '../../../suites/pty.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

// A board at a pseudo-terminal, whose other end is the test.

/** Two bytes a state, so that a torn one would be none. */
const bytesOf = (channel: number) =>
  Object.fromEntries(lightStates.map((state, index) => [state, `a${channel}0${index}`])) as Record<LightState, string>;

type Board = {
  readonly path: string;
  said(): Buffer;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
};

async function openBoard(): Promise<Board> {
  const folder = temporaryFolder();
  const path = join(folder, 'board');
  const server = createServer();
  server.listen(join(folder, 'socket'));
  await once(server, 'listening');
  const said: Buffer[] = [];
  let cable: { pty: Pty; socket: Socket } | undefined;
  const plug = async () => {
    const joined = once(server, 'connection') as Promise<[Socket]>;
    const pty = await openPty(join(folder, 'socket'));
    const [socket] = await joined;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => said.push(bytes));
    symlinkSync(pty.path, path);
    cable = { pty, socket };
  };
  const unplug = async () => {
    rmSync(path, { force: true });
    await cable?.pty.cut();
    cable?.socket.destroy();
    cable = undefined;
  };
  await plug();
  const close = async () => {
    await unplug();
    server.close();
  };
  return { path, said: () => Buffer.concat(said), plug, unplug, close };
}

const lightOn = (path: string, channel: number) =>
  ({ kind: 'serial', path, baud: 9_600, states: bytesOf(channel) }) as const;

lightSuite('serial', async (): Promise<LightDevice> => {
  const board = await openBoard();
  const [, , light] = lightsOf([1, 2, 3].map((channel) => lightOn(board.path, channel)));
  if (!light) throw new TypeError('no light');
  return {
    light,
    get shown() {
      const said = board.said();
      return Array.from({ length: Math.floor(said.length / 2) }, (_, at): LightState => {
        expect(said[2 * at]).toBe(0xa3);
        return lightStates[said[2 * at + 1] ?? 99] ?? 'off';
      });
    },
    unplug: board.unplug,
    plug: board.plug,
    close: async () => {
      await light.close();
      await board.close();
    },
  };
});

test('lights of one board share its port, and none writes into the bytes of another', async () => {
  const board = await openBoard();
  const lights = lightsOf([1, 2, 3, 4].map((channel) => lightOn(board.path, channel)));
  const never = new AbortController().signal;
  await Promise.all(lights.map((light) => light.show('failed', never)));
  await expect
    .poll(() => board.said().toString('hex').match(/.{4}/g)?.toSorted(), { timeout: 20_000 })
    .toEqual(['a103', 'a203', 'a303', 'a403']);
  await Promise.all(lights.map((light) => light.close()));
  await board.close();
});
