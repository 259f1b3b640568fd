import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { externalProgrammer } from '../../drivers/programmers/external.ts';
import { openSerial } from '../../drivers/serial.ts';
import type { StationError } from '../../station-core/contract/errors.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor } from '../../station-core/practice.ts';
import { top } from '../rules/sources.ts';
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

/** A line whose lane 1 is a port of this machine, at a path that stays while what is behind it comes and goes. */
async function lineWithPort(programmer: string) {
  const folder = temporaryFolder();
  const device = join(folder, 'port');
  const line = await TestStation.open({
    lanes: 1,
    parts: { programmers: { writer: externalProgrammer({ path: programmer }) } },
  });
  let pty: Pty | undefined;
  const plug = async () => {
    pty = await openPty(line.line.port(1));
    rmSync(device, { force: true });
    symlinkSync(pty.path, device);
  };
  const unplug = async () => {
    rmSync(device, { force: true });
    await pty?.cut();
  };
  onTestFinished(async () => {
    await line.close();
    await unplug();
  });
  const open = (_: string, signal: AbortSignal) => openSerial({ path: device, baud: 115_200, lane: 1, signal });
  const lane = { lane: 1, port: device, simulated: false, attached: true, device, open };
  await line.stop();
  await line.start({ lanes: [lane] });
  return { line, folder, device, plug, unplug };
}

const recipe: Recipe = programmedBy('', { args: ['{port}', '{serial}'] });

test('the programmer has the lane’s port for itself; then its link is opened anew, as soon as the unit is back', {
  timeout: 60_000,
}, async () => {
  // As esptool does: open, lock, talk, close. The unit starts anew afterwards, and its port with it.
  const folder = temporaryFolder();
  const writes = script(
    folder,
    'writes',
    `import fcntl, os, sys, termios, tty
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
fcntl.ioctl(port, termios.TIOCEXCL)
tty.setraw(port)
os.write(port, b"\\xc0\\x00\\x08\\x24\\x00" + b"\\x55" * 32)
print("wrote", sys.argv[2])`,
    '/usr/bin/python3',
  );
  const { line, plug } = await lineWithPort(writes);
  await line.as('lead', 'orders.create', { name: 'o', recipe, units: [{ serial: 'SN-1' }] });
  await line.line.place(1, { label: 'SN-1', serial: 'SN-1', mac: '02:00:00:00:00:01' });
  await plug();
  const programmed = Promise.withResolvers<void>();
  line.station.onProgress((progress) => {
    if (progress.type === 'step' && progress.step === 'greet') programmed.resolve();
  });
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial: 'SN-1' });
  await programmed.promise;
  // socat ended with the port that the programmer closed: for a second there is no port.
  await sleep(1_000);
  await plug();
  await line.station.lanes.ended(1);
  const shown = await line.as('technician', 'run.output', { run });
  expect([shown.run.outcome, shown.run.error, shown.output?.text]).toEqual(['passed', undefined, 'wrote SN-1']);
});

test('a port that is not there blames the station before the programmer can blame the unit', async () => {
  const { line } = await lineWithPort('/bin/false');
  const blaming = { ...recipe, programmer: { name: 'writer', args: ['{port}'], deadlineSeconds: 5, failed: [1] } };
  await line.as('lead', 'orders.create', { name: 'o', recipe: blaming, units: [{ serial: 'SN-1' }] });
  expect(await line.scan(1, 'SN-1')).toMatchObject({ outcome: 'errored', error: { code: 'link.missing' } });
});

test('a person may stop a run whose unit does not come back', { timeout: 60_000 }, async () => {
  const { line } = await lineWithPort('/bin/true');
  const absent = { ...recipe, programmer: { name: 'writer', args: [], deadlineSeconds: 5 } };
  await line.as('lead', 'orders.create', { name: 'o', recipe: absent, units: [{ serial: 'SN-1' }] });
  const greeting = Promise.withResolvers<void>();
  line.station.onProgress((progress) => {
    if (progress.type === 'step' && progress.step === 'greet') greeting.resolve();
  });
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial: 'SN-1' });
  await greeting.promise;
  await sleep(600);
  await line.as('technician', 'run.abort', { run });
  await line.station.lanes.ended(1);
  expect(await line.as('technician', 'run.show', { run })).toMatchObject({ outcome: 'aborted' });
});

test('a lane without a port refuses a recipe whose programmer wants one', async () => {
  const line = await TestStation.open({
    lanes: 1,
    parts: { programmers: { writer: externalProgrammer({ path: '/bin/true' }) } },
  });
  try {
    await line.as('lead', 'orders.create', { name: 'o', recipe, units: [{ serial: 'SN-1' }] });
    const run = await line.scan(1, 'SN-1');
    expect(run).toMatchObject({ outcome: 'errored', error: { code: 'input.invalid' } });
    expect((run.error as StationError | undefined)?.details).toMatchObject({ expected: 'a lane with a port' });
  } finally {
    await line.close();
  }
});
