import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Client, type Port } from '../../../station-core/contract/rpc.ts';
import type { SetupPlan } from '../../../station-core/contract/setup.ts';
import { top } from '../../rules/sources.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]): ChildProcess {
  const child = fork(join(top, 'station-core', 'host.main.ts'), args, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

type Said = { ready?: true; problem?: { code: string }; channel?: number; message?: unknown };

/** The first thing that a station process says of itself. */
const first = (child: ChildProcess) => once(child, 'message').then(([said]) => said as Said);

function portOf(child: ChildProcess, channel: number): Port {
  return {
    send: (message) => void child.send({ channel, message }),
    onMessage: (listener) =>
      void child.on('message', (said: Said) => {
        if (said.channel === channel) listener(said.message);
      }),
    onClose: (listener) => void child.on('disconnect', listener),
  };
}

test('two windows talk to one station, each over a channel of its own, and a unit passes', async () => {
  const child = start('--practice', '--station', join(temporaryFolder(), 's'), '--lanes', '2');
  expect(await first(child)).toEqual({ ready: true });
  const [one, two] = [new Client(portOf(child, 1)), new Client(portOf(child, 2))];
  const { practice, labels } = await one.call('station.describe', {});
  const technician = practice.find(({ role }) => role === 'technician');
  const { session } = await one.call('operators.signIn', { name: technician?.name ?? '', pin: technician?.pin ?? '' });
  const { n } = await two.call('station.view', {}, { session });
  const closed = new Promise<string>((resolve) => {
    two.onEvent(({ event }) => {
      if (event.type === 'closed') resolve(event.outcome);
    });
  });
  await two.call('events.follow', { since: n }, { session });
  await one.call('run.start', { lane: 1, serial: labels[0] ?? '' }, { session });
  expect(await closed).toBe('passed');
});

test('a station process ends in order when its parent goes', async () => {
  const child = start('--practice', '--station', join(temporaryFolder(), 's'));
  await first(child);
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});

test('what keeps a station from starting is told as data, for the window to show', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a-file'), 'no station');
  const child = start('--station', folder);
  const exit = once(child, 'exit');
  expect(await first(child)).toMatchObject({ problem: { code: 'station.no-folder' } });
  expect(await exit).toEqual([2, null]);
});

test('what is no envelope is dropped, and the station goes on', async () => {
  const child = start('--practice', '--station', join(temporaryFolder(), 's'));
  await first(child);
  for (const odd of [null, 7, 'x', {}, { channel: 0, message: {} }, { channel: 'a' }, { channel: 1, closed: false }])
    child.send(odd as object);
  expect(await new Client(portOf(child, 3)).call('station.describe', {})).toMatchObject({ mode: 'practice' });
});

test('a folder without a station is set up, and the window goes on with the station', async () => {
  const child = start('--station', join(temporaryFolder(), 'new'));
  expect(await first(child)).toEqual({ ready: true });
  const client = new Client(portOf(child, 1));
  expect(await client.call('station.describe', {})).toMatchObject({ toSetUp: true });
  const plan: SetupPlan = { mode: 'practice', name: 'bench', lanes: [{ lane: 1, kind: 'simulated' }] };
  await client.call('setup.create', plan, { deadlineMs: 120_000 });
  expect(await client.call('station.describe', {})).toMatchObject({ station: 'bench' });
  expect(await new Client(portOf(child, 2)).call('station.describe', {})).toMatchObject({ station: 'bench' });
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
}, 180_000);

test('a station that is to start again ends in order, so that the desktop program starts it', async () => {
  const child = start('--practice', '--station', join(temporaryFolder(), 's'));
  await first(child);
  const client = new Client(portOf(child, 1));
  const { session } = await client.call('operators.signIn', { name: 'Lee Lead', pin: '2222' });
  expect(await client.call('settings.show', {}, { session })).toMatchObject({ restarts: true, waiting: false });
  const exit = once(child, 'exit');
  await client.call('settings.restart', {}, { session });
  expect(await exit).toEqual([0, null]);
});
