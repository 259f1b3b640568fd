import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalProgrammer } from '../../drivers/programmers/external.ts';
import { openSerial } from '../../drivers/serial.ts';
import type { ProgrammerPlan } from '../../station-core/contract/programmer.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor } from '../../station-core/practice.ts';
import type { Lane } from '../../station-core/run/lanes.ts';
import { top } from '../rules/sources.ts';
import { flasher } from '../suites/flashing.ts';
import { pidIn, programmedBy, runs, script } from '../suites/programmers.ts';
import { openPty, type Pty } from '../suites/pty.ts';
import { TestStation } from '../suites/station.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// What happens to station, cable and programmer while a unit is programmed.

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

test('a station that is killed takes the programmer with it, and the next start closes the run', {
  timeout: 120_000,
}, async () => {
  const [folder, notes, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const line = `trap '' TERM; setsid sh -c 'echo $$ > ${notes}/far; exec sleep 1000' & sh -c 'echo $$ > ${notes}/near; exec sleep 1000' & echo $PPID > ${notes}/keeper; echo $$ > ${notes}/self; wait`;
  const child = spawn(process.execPath, [join(top, 'test/suites/programming.main.ts'), folder, line], {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: temporary },
  });
  const gone = once(child, 'exit');
  const names = ['self', 'near', 'far', 'keeper'];
  await until(() => names.every((name) => existsSync(join(notes, name)) && pidIn(notes, name) > 0));
  const pids = names.map((name) => pidIn(notes, name));
  expect(pids.map(runs)).toEqual([true, true, true, true]);
  child.kill('SIGKILL');
  await gone;
  // Each of them ends by itself; a test that waits for ever has found one that does not.
  await until(() => pids.every((pid) => !runs(pid)));
  expect(readdirSync(temporary).filter((name) => name.startsWith('birthmark-programming-'))).toEqual([]);

  const opened = await openStation(folder, {}, 'a test');
  try {
    const { station } = opened;
    const shown = await station.call('run.output', { run: 1 }, { actor: actor(station, 'technician') });
    expect(shown).toMatchObject({ run: { outcome: 'errored', error: { code: 'run.interrupted' } }, output: null });
    expect(await fsck(folder)).toEqual([]);
    // Nothing was released: the unit waits, and may be scanned again.
    const [unit] = await station.call('unit.story', { serial: 'SN-1' }, { actor: actor(station, 'lead') });
    expect(unit).toMatchObject({ state: 'waiting', credentials: [] });
  } finally {
    await opened.close();
  }
});

test('a station that is killed while an image is written leaves no key behind its next start, and brings the same one again', {
  timeout: 120_000,
}, async () => {
  const [folder, notes] = [temporaryFolder(), temporaryFolder()];
  // Hangs until the station was killed; then it does what it should.
  const writer = script(
    notes,
    'writer',
    `[ -e ${notes}/go ] && exec ${process.execPath} ${flasher} "$@"; ls "$1" > ${notes}/image; exec sleep 1000`,
  );
  const child = spawn(process.execPath, [join(top, 'test/suites/flashing.main.ts'), folder, writer], {
    stdio: 'inherit',
  });
  const gone = once(child, 'exit');
  const image = () => (existsSync(join(notes, 'image')) ? readFileSync(join(notes, 'image'), 'utf8').trim() : '');
  await until(() => image() !== '' || child.exitCode !== null);
  child.kill('SIGKILL');
  await gone;
  expect(existsSync(image())).toBe(true);

  const opened = await openStation(folder, {}, 'a test');
  try {
    const { station } = opened;
    expect(existsSync(dirname(image()))).toBe(false);
    const technician = { actor: actor(station, 'technician') };
    // The release entry was durable: the unit may have its key, or half of it.
    expect(await station.call('run.show', { run: 1 }, technician)).toMatchObject({ outcome: 'indeterminate' });
    expect((await fsck(folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
    const credentials = async () =>
      (await station.call('unit.story', { serial: 'SN-1' }, { actor: actor(station, 'lead') }))[0]?.credentials;
    const [before] = (await credentials()) ?? [];
    writeFileSync(join(notes, 'go'), '');
    const { run } = await station.call('run.start', { lane: 1, serial: 'SN-1' }, technician);
    await station.lanes.ended(1);
    expect(await station.call('run.show', { run }, technician)).toMatchObject({ outcome: 'passed' });
    expect(await credentials()).toMatchObject([{ operation: before?.operation, state: 'proven' }]);
  } finally {
    await opened.close();
  }
});

/** As esptool does: open, lock, talk, close. The unit starts anew afterwards, and its port with it. */
const writes = `import fcntl, os, sys, termios, tty
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
fcntl.ioctl(port, termios.TIOCEXCL)
tty.setraw(port)
os.write(port, b"\\xc0\\x00\\x08\\x24\\x00" + b"\\x55" * 32)
print("wrote", sys.argv[2])`;

describe('a lane that is a port of this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  /** Stays while what is behind it comes and goes. */
  const device = join(folder, 'port');
  let line: TestStation;
  let pty: Pty | undefined;

  beforeAll(async () => {
    const open = (_: string, signal: AbortSignal) => openSerial({ path: device, baud: 115_200, lane: 1, signal });
    const port: Lane = { lane: 1, port: device, simulated: false, attached: true, device, open };
    const { device: _, ...bare } = port;
    const programmers = {
      writes: externalProgrammer({ path: script(folder, 'writes', writes, '/usr/bin/python3') }),
      false: externalProgrammer({ path: '/bin/false' }),
      true: externalProgrammer({ path: '/bin/true' }),
    };
    line = await TestStation.open({ lanes: 1, parts: { programmers, lanes: [port, { ...bare, lane: 2 }] } });
  });
  afterAll(async () => {
    await line.close();
    await pty?.cut();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Joins the port to the unit, as whoever plugs it in. */
  async function plug(): Promise<void> {
    pty = await openPty(line.line.port(1));
    rmSync(device, { force: true });
    symlinkSync(pty.path, device);
  }
  async function ordered(serial: string, plan: Partial<ProgrammerPlan>): Promise<void> {
    await line.as('lead', 'orders.create', { name: serial, recipe: programmedBy('', plan), units: [{ serial }] });
  }
  /** Starts a run of lane 1 and waits until its programmer has ended. */
  async function programmed(serial: string): Promise<number> {
    const greeting = Promise.withResolvers<void>();
    const stop = line.station.onProgress((progress) => {
      if (progress.type === 'step' && progress.step === 'greet') greeting.resolve();
    });
    const { run } = await line.as('technician', 'run.start', { lane: 1, serial });
    await greeting.promise;
    stop();
    return run;
  }

  test('blames the station for a port that is not there, before the programmer can blame the unit', async () => {
    await ordered('SN-1', { name: 'false', args: ['{port}'], failed: [1] });
    expect(await line.scan(1, 'SN-1')).toMatchObject({ outcome: 'errored', error: { code: 'link.missing' } });
  });

  test('lets a person stop a run whose unit does not come back', async () => {
    await ordered('SN-2', { name: 'true', args: [] });
    const run = await programmed('SN-2');
    await sleep(600);
    await line.as('technician', 'run.abort', { run });
    await line.station.lanes.ended(1);
    expect(await line.as('technician', 'run.show', { run })).toMatchObject({ outcome: 'aborted' });
  });

  test('gives the programmer its port; then its link is opened anew, as soon as the unit is back', async () => {
    await ordered('SN-3', { name: 'writes', args: ['{port}', '{serial}'] });
    await line.line.place(1, { label: 'SN-3', serial: 'SN-3', mac: '02:00:00:00:00:01' });
    await plug();
    const run = await programmed('SN-3');
    // socat ended with the port that the programmer closed: for a second there is no port.
    await sleep(1_000);
    await plug();
    await line.station.lanes.ended(1);
    const shown = await line.as('technician', 'run.output', { run });
    expect([shown.run.outcome, shown.run.error, shown.output?.text]).toEqual(['passed', undefined, 'wrote SN-3']);
  });

  test('is not what a lane without a port has: there a recipe whose programmer wants one is refused', async () => {
    await ordered('SN-4', { name: 'true', args: ['{port}'] });
    const run = await line.scan(2, 'SN-4');
    expect(run).toMatchObject({ outcome: 'errored', error: { code: 'input.invalid' } });
    expect(run.error?.details).toMatchObject({ expected: 'a lane with a port' });
  });
});
