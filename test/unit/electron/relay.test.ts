import { EventEmitter, once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type PagePort, Relay } from '../../../electron/relay.ts';
import { type StationState, Supervisor } from '../../../electron/supervisor.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

// The supervisor and the relay over a program that stands for the station: it answers, dies when it is told to, and
// cannot start while a file says so.

const program = (broken: string) => `
  import { existsSync } from 'node:fs';
  if (existsSync(${JSON.stringify(broken)})) {
    process.send({ problem: { code: 'station.held', details: { holder: 'a test' } } });
    process.exitCode = 2;
    process.disconnect();
  } else {
    process.on('message', ({ channel, message, closed }) => {
      if (message === 'die') process.exit(3);
      process.send({ channel, message: closed ? 'closed' : [process.pid, message] });
    });
    process.on('disconnect', () => process.exit(0));
    setTimeout(() => process.send({ ready: true }), 100);
  }
`;

/** A page's end as Electron has it: what is sent before it starts waits. */
class Page extends EventEmitter implements PagePort {
  readonly got: unknown[] = [];
  isClosed = false;
  #isStarted = false;
  readonly #waiting: unknown[] = [];

  say(message: unknown): void {
    if (this.#isStarted) this.emit('message', { data: message });
    else this.#waiting.push(message);
  }

  start(): void {
    this.#isStarted = true;
    for (const message of this.#waiting.splice(0)) this.say(message);
  }

  postMessage(message: unknown): void {
    this.got.push(message);
    this.emit('got');
  }

  close(): void {
    this.isClosed = true;
    this.emit('close');
  }
}

function shell(isBroken = false) {
  const folder = temporaryFolder();
  const [main, broken] = [join(folder, 'station.mjs'), join(folder, 'broken')];
  writeFileSync(main, program(broken));
  if (isBroken) writeFileSync(broken, '');
  const notes: string[] = [];
  const station = new Supervisor({ node: process.execPath, program: main, args: [], note: (text) => notes.push(text) });
  onTestFinished(() => station.stop());
  const states: StationState['is'][] = [];
  station.onState(({ is }) => states.push(is));
  const relay = new Relay(station);
  const mend = () => rmSync(broken);
  const page = () => {
    const made = new Page();
    relay.connect(made);
    return made;
  };
  return { station, states, notes, page, mend };
}

const answer = async (page: Page) => {
  if (page.got.length === 0) await once(page, 'got');
  return page.got.shift();
};

test('what a page says while the station starts is answered once it is up, and each page hears its own', async () => {
  const { station, page } = shell();
  station.start();
  const [one, two] = [page(), page()];
  one.say('first');
  two.say('second');
  expect(await answer(one)).toEqual([expect.any(Number), 'first']);
  expect(await answer(two)).toEqual([expect.any(Number), 'second']);
  expect([one.got, two.got]).toEqual([[], []]);
});

test('a station that dies closes its pages, is started again, and answers the page that comes back', async () => {
  const { station, states, page } = shell();
  station.start();
  const before = page();
  before.say('who');
  const [pid] = (await answer(before)) as [number];
  before.say('die');
  if (!before.isClosed) await once(before, 'close');
  const after = page();
  after.say('who');
  const [next] = (await answer(after)) as [number];
  expect(next).not.toBe(pid);
  expect(states).toEqual(['starting', 'up', 'pausing', 'starting', 'up']);
});

test('a page that goes is told to the station, and hears nothing more', async () => {
  const { station, page } = shell();
  station.start();
  const gone = page();
  gone.say('who');
  await answer(gone);
  gone.emit('close');
  const stays = page();
  stays.say('who');
  await answer(stays);
  expect(gone.got).toEqual([]);
});

test('a station that cannot start answers with its reason, is not tried in a loop, and is tried for the next page', async () => {
  const { station, states, page, mend } = shell(true);
  station.start();
  const told = page();
  told.say({ id: 7, call: 'station.describe', params: {} });
  const error = { code: 'station.held', details: { holder: 'a test' } };
  expect(await answer(told)).toEqual({ id: 7, error });
  told.say('no request');
  expect(await answer(told)).toEqual({ id: 0, error });
  expect(states).toEqual(['starting', 'failed']);
  mend();
  const again = page();
  expect(told.isClosed).toBe(true);
  again.say('who');
  expect(await answer(again)).toEqual([expect.any(Number), 'who']);
});

test('a stop ends the station in order and for good', async () => {
  const { station, states, notes, page } = shell();
  station.start();
  const open = page();
  open.say('who');
  await answer(open);
  await station.stop();
  expect(open.isClosed).toBe(true);
  expect(states).toEqual(['starting', 'up', 'stopped']);
  expect(notes).toEqual([]);
});

test('a program that is not there is told and tried again after a pause, never thrown', async () => {
  const notes: string[] = [];
  const nowhere = join(temporaryFolder(), 'no-node');
  const station = new Supervisor({ node: nowhere, program: 'x', args: [], note: (text) => notes.push(text) });
  onTestFinished(() => station.stop());
  const pausing = new Promise<void>((resolve) => station.onState(({ is }) => is === 'pausing' && resolve()));
  station.start();
  await pausing;
  expect(notes[0]).toContain('ENOENT');
});
