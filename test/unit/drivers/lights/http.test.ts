import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { lightsOf } from '../../../../drivers/lights/registry.ts';
import { type LightState, lightStates } from '../../../../station-core/contract/lights.ts';
import { type LightDevice, lightSuite } from '../../../suites/light.suite.ts';

// A device with a URL for each state: a server of the test.

const methods = ['GET', 'PUT', 'POST'] as const;
const requestsAt = (port: number) =>
  Object.fromEntries(
    lightStates.map((state, index) => [
      state,
      { method: methods[index % 3] ?? 'GET', url: `http://127.0.0.1:${port}/light?is=${state}` },
    ]),
  ) as Record<LightState, { method: 'GET' | 'PUT' | 'POST'; url: string }>;

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  if (server.listening) await once(server, 'close');
}

lightSuite('http', async (): Promise<LightDevice> => {
  const shown: LightState[] = [];
  const serve = () =>
    createServer(({ url = '', method }, response) => {
      const state = new URL(url, 'http://light').searchParams.get('is') as LightState;
      expect(method).toBe(methods[lightStates.indexOf(state) % 3]);
      shown.push(state);
      response.writeHead(204).end();
    });
  let server = serve();
  const port = await listen(server);
  const setting = { kind: 'http', timeoutMs: 2_000, states: requestsAt(port) } as const;
  const [, , light] = lightsOf([setting, setting, setting]);
  if (!light) throw new TypeError('no light');
  return {
    light,
    shown,
    unplug: () => end(server),
    plug: async () => {
      server = serve();
      await listen(server, port);
    },
    close: () => end(server),
  };
});

test.each([
  ['an error', 500, undefined, 'status 500'],
  ['a redirection, which is not followed', 302, 'http://127.0.0.1:1/', 'status 302'],
  ['nothing in time', undefined, undefined, 'no answer in time'],
] as const)('an answer that is %s is a failure, with its reason', async (_, status, location, reason) => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (status !== undefined) response.writeHead(status, location ? { location } : {}).end('no');
  });
  const [light] = lightsOf([{ kind: 'http', timeoutMs: 200, states: requestsAt(await listen(server)) }]);
  const error = { code: 'light.unreachable', details: { light: 1, reason } };
  await expect(light?.show('busy', new AbortController().signal)).rejects.toMatchObject(error);
  expect(asked).toEqual(['/light?is=busy']);
  await end(server);
});
