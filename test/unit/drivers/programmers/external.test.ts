import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalProgrammer } from '../../../../drivers/programmers/external.ts';
import type { Ended, ProgramJob } from '../../../../drivers/programmers/programmer.ts';
import { pidIn, runs, script } from '../../../suites/programmers.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

// External programmers, run as esptool and its kind are: real programs that do what a station may meet.

const { TMPDIR } = process.env;
const temporary = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
beforeAll(() => {
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  // No program left its folder.
  const left = readdirSync(temporary).filter((name) => name.startsWith('birthmark-programming-'));
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(temporary, { recursive: true, force: true });
  expect(left).toEqual([]);
});

const shell = externalProgrammer({ path: '/bin/sh' });
const never = new AbortController().signal;

type Run = Ended & { readonly percents: readonly number[] };

async function run(line: string, more: Partial<ProgramJob> = {}, signal = never, programmer = shell): Promise<Run> {
  const percents: number[] = [];
  const job = { args: ['-c', line], env: {}, deadlineMs: 20_000, ...more };
  return { ...(await programmer.run(job, (percent) => percents.push(percent), signal)), percents };
}

test('a program ends with its exit code, and what it printed on both ways is kept', async () => {
  const { ending, printed } = await run('echo one; echo two >&2; echo three; exit 7');
  expect(ending).toEqual({ how: 'exit', code: 7 });
  expect(printed.bytes).toBe(14);
  expect(printed.text.split('\n').sort()).toEqual(['one', 'three', 'two']);
});

test('it gets its arguments as they are, and no shell reads them', async () => {
  const python = externalProgrammer({ path: '/usr/bin/python3' });
  const odd = ['$(id)', 'a b', '"', "'", '*', '', '\\', 'ä工', '--x=y z'];
  const args = ['-c', 'import sys, json; print(json.dumps(sys.argv[1:]))', ...odd];
  const { printed } = await run('', { args }, never, python);
  expect(JSON.parse(printed.text)).toEqual(odd);
});

test('its environment is what it is given and no more, and its folder is its own and goes with it', async () => {
  process.env.OF_THE_STATION = 'inherited';
  try {
    const { printed } = await run('env | sort; pwd; ls -a | wc -l; echo x > left; mkdir deep', {
      env: { GIVEN: 'a b' },
    });
    const lines = printed.text.split('\n');
    const folder = lines.find((line) => line.startsWith(join(tmpdir(), 'birthmark-programming-'))) ?? '?';
    expect(lines.map((line) => line.replace(/^(BIRTHMARK_PROGRAMMING)=[0-9a-f]{32}$/, '$1'))).toEqual([
      'BIRTHMARK_PROGRAMMING',
      'GIVEN=a b',
      `HOME=${folder}`,
      'LANG=C.UTF-8',
      'PATH=/usr/local/bin:/usr/bin:/bin',
      `PWD=${folder}`,
      `TMPDIR=${folder}`,
      folder,
      '2',
    ]);
    expect(existsSync(folder)).toBe(false);
  } finally {
    delete process.env.OF_THE_STATION;
  }
});

test('a variable of the recipe stands above what every program gets', async () => {
  expect((await run('echo $HOME', { env: { HOME: '/opt/nrf' } })).printed.text).toBe('/opt/nrf');
});

test('percents are told as they come, whole and once, the first and the last for certain', async () => {
  const line =
    'for n in 0 0.4 10 10.9 55 100; do printf "\\rWriting at 0x0001000$n... (%s %%)" $n; sleep 0.25; done; echo; echo done';
  const { percents, printed } = await run(line, { progress: 'Writing*({percent} %)' });
  // On a busy machine some come together, and people need no more than a few a second.
  expect([percents[0], percents.at(-1)]).toEqual([0, 100]);
  expect(percents).toEqual([0, 10, 55, 100].filter((percent) => percents.includes(percent)));
  // The last of them is kept.
  expect(printed.text).toBe('Writing at 0x00010000100... (100 %)\ndone'.replace('00010000100', '0001000100'));
});

describe('a program that cannot be started', () => {
  const reasonOf = async (path: string) => (await run('', { args: [] }, never, externalProgrammer({ path }))).ending;

  test('since it is not there', async () => {
    expect(await reasonOf('/nonexistent/esptool')).toEqual({
      how: 'not-started',
      reason: 'there is no such file, or its first line names an interpreter that is not there',
    });
  });

  test('since it may not be run, is a folder, or is no program', async () => {
    const folder = temporaryFolder();
    const plain = join(folder, 'plain');
    writeFileSync(plain, '#!/bin/sh\nexit 0\n');
    expect(await reasonOf(plain)).toMatchObject({
      how: 'not-started',
      reason: expect.stringContaining('may not run') as string,
    });
    mkdirSync(join(folder, 'a folder'));
    expect(await reasonOf(join(folder, 'a folder'))).toMatchObject({ how: 'not-started' });
    writeFileSync(plain, Buffer.from([0, 1, 2, 3]));
    chmodSync(plain, 0o755);
    // The C library takes it for a script then, and the shell finds nothing in it (execvp(3)).
    expect(await reasonOf(plain)).toEqual({ how: 'exit', code: 127 });
  });

  test('since its interpreter is not there', async () => {
    expect(await reasonOf(script(temporaryFolder(), 'x', '', '/nonexistent/python'))).toMatchObject({
      how: 'not-started',
    });
  });
});

test('the hash is that of the file as it is now, and there is none where no file can be read', async () => {
  const path = script(temporaryFolder(), 'tool', 'exit 0');
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(await externalProgrammer({ path }).hash()).toBe(sha256);
  expect(await externalProgrammer({ path: '/nonexistent' }).hash()).toBeUndefined();
  expect(await externalProgrammer({ path: tmpdir() }).hash()).toBeUndefined();
});

describe('nothing outlives it', () => {
  test('at its deadline the program ends, with the child of its child', async () => {
    const folder = temporaryFolder();
    const line = `sh -c 'sh -c "echo \\$\\$ > ${folder}/deep; exec sleep 1000" & echo $$ > ${folder}/child; wait' & echo waiting; wait`;
    const { ending, printed } = await run(line, { deadlineMs: 4_000 });
    expect([ending, printed.text]).toEqual([{ how: 'late' }, 'waiting']);
    expect(['child', 'deep'].map((name) => runs(pidIn(folder, name)))).toEqual([false, false]);
  });

  /** Runs it until there is a file `ready`, and stops it then. */
  async function stopped(line: string): Promise<Run> {
    const [stop, folder] = [new AbortController(), temporaryFolder()];
    const running = run(line.replace('READY', `touch ${folder}/ready`), {}, stop.signal);
    while (!existsSync(join(folder, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    return running;
  }

  test('a program that ignores SIGTERM is killed', async () => {
    const { ending, printed } = await stopped("trap 'echo no' TERM; READY; while :; do sleep 0.1; done");
    expect(ending).toEqual({ how: 'stopped' });
    expect(printed.text).toContain('no');
  });

  test('one that tidies up when it is asked to is given the time', async () => {
    const tidies = "trap 'sleep 0.5; echo tidy; exit 0' TERM; READY; while :; do sleep 0.05; done";
    const { ending, printed } = await stopped(tidies);
    expect([ending, printed.said]).toEqual([{ how: 'stopped' }, 'tidy']);
  });

  test('what it leaves in the background ends with it, also out of its session', async () => {
    const folder = temporaryFolder();
    const line = `sleep 1000 & echo $! > ${folder}/near; setsid sh -c 'echo $$ > ${folder}/far; exec sleep 1000' & while ! [ -s ${folder}/far ]; do sleep 0.05; done; echo ok`;
    const { ending, printed } = await run(line);
    expect([ending, printed.text]).toEqual([{ how: 'exit', code: 0 }, 'ok']);
    expect(['near', 'far'].map((name) => runs(pidIn(folder, name)))).toEqual([false, false]);
  });

  test('one that closes its output and works on is waited for', async () => {
    const folder = temporaryFolder();
    const { ending, printed } = await run(`echo bye; exec >&- 2>&-; sleep 0.5; echo late > ${folder}/done; exit 4`);
    expect([ending, printed.text]).toEqual([{ how: 'exit', code: 4 }, 'bye']);
    expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('late\n');
  });

  test('one that is stopped says so, and so does one that was stopped before it began', async () => {
    const stop = new AbortController();
    const folder = temporaryFolder();
    const running = run(`echo $$ > ${folder}/pid; echo begun; sleep 1000`, {}, stop.signal);
    while (!existsSync(join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    expect(await running).toMatchObject({ ending: { how: 'stopped' }, printed: { text: 'begun' } });
    expect(runs(pidIn(folder, 'pid'))).toBe(false);
    expect((await run('echo never', {}, AbortSignal.abort())).ending).toEqual({ how: 'stopped' });
  });

  test('a program that dies by a signal says which', async () => {
    expect((await run('kill -SEGV $$')).ending).toEqual({ how: 'signal', signal: 'SIGSEGV' });
  });

  test('when the process that watches it is killed, it is killed as well', async () => {
    const folder = temporaryFolder();
    const running = run(`echo $PPID > ${folder}/keeper; echo $$ > ${folder}/pid; sleep 1000`);
    while (!existsSync(join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(pidIn(folder, 'keeper'), 'SIGKILL');
    expect((await running).ending).toEqual({ how: 'lost' });
    await gone(pidIn(folder, 'pid'));
  });
});

/** Waits until a process has ended. */
async function gone(pid: number): Promise<void> {
  while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('whatever it prints', () => {
  const python = externalProgrammer({ path: '/usr/bin/python3' });
  const prints = (code: string, progress?: string) =>
    run('', { args: ['-c', code], deadlineMs: 60_000, ...(progress ? { progress } : {}) }, never, python);

  test('of 100 MB in lines the head and the tail are kept', { timeout: 90_000 }, async () => {
    const code = `import sys
for n in range(1000000): sys.stdout.write("%08d " % n + "firmware " * 10 + "\\n")`;
    const { ending, printed } = await prints(code, '{percent} %');
    expect([ending, printed.bytes]).toEqual([{ how: 'exit', code: 0 }, 100_000_000]);
    const lines = printed.text.split('\n');
    expect([lines[0]?.slice(0, 8), lines.at(-1)?.slice(0, 8)]).toEqual(['00000000', '00999999']);
    expect(printed.text.length).toBeLessThan(17_000);
    const [dropped] = lines.filter((line) => line.startsWith('['));
    expect(dropped).toBe(`[${1_000_000 - lines.length + 1} lines were left out]`);
  });

  test('binary garbage without a line end is a line that can be printed', { timeout: 60_000 }, async () => {
    const code = `import sys, random
random.seed(1)
sys.stdout.buffer.write(bytes(b for b in random.randbytes(5000000) if b not in (10, 13)))`;
    const { printed } = await prints(code, '*a*b*c*d{percent}%');
    expect(printed.text.split('\n')).toHaveLength(1);
    expect(printed.text.length).toBeLessThan(510);
    expect(printed.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('a secret is not in what is kept, whatever it stands between', async () => {
    const secret = createHash('sha256').update('a').digest('base64');
    const code = `import sys, time
secret = "${secret}"
print("key " + secret); print("AccountKey=" + secret)
print("in the middle " + secret + " of a line", file=sys.stderr)
sys.stdout.write("in two "); sys.stdout.write(secret[:20]); sys.stdout.flush(); time.sleep(0.2); print(secret[20:])
print("\\0".join(secret)); print("x" * 400 + " " + secret); print("y" * 4080 + " " + secret)
print(secret + " (10 %)")
print("done")`;
    const { printed } = await prints(code, '({percent} %)');
    for (let at = 0; at + 8 <= secret.length; at++) expect(printed.text).not.toContain(secret.slice(at, at + 8));
    expect(printed.text.split('\n')).toHaveLength(9);
    expect(printed.said).toBe('done');
  });
});
