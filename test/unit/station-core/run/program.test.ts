import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalProgrammer } from '../../../../drivers/programmers/external.ts';
import type { StationEvent } from '../../../../station-core/contract/events.ts';
import type { ProgrammerPlan } from '../../../../station-core/contract/programmer.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { openLog } from '../../../../station-core/log.ts';
import { pidIn, programmedBy, runs, script, shell } from '../../../suites/programmers.ts';
import { TestStation } from '../../../suites/station.ts';

// A unit's firmware and its identity in one run, with one verdict; programs that end in every way that they may.

let line: TestStation;
let folder: string;
let events: StationEvent[];
const told: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  const tool = script(folder, 'tool', 'exit 0');
  const sha256 = createHash('sha256').update(readFileSync(tool)).digest('hex');
  const programmers = {
    ...shell,
    pinned: externalProgrammer({ path: tool, sha256 }),
    gone: externalProgrammer({ path: join(folder, 'gone') }),
    plain: externalProgrammer({ path: join(folder, 'plain') }),
  };
  writeFileSync(join(folder, 'plain'), 'x');
  line = await TestStation.open({ lanes: 2, log: openLog, parts: { programmers } });
  events = [];
  line.station.records.journal.onEvent((event) => events.push(event));
  line.station.onProgress((progress) => told.push(JSON.stringify(progress)));
});
afterAll(async () => {
  const findings = await fsck(line.folder);
  expect(findings.filter(({ kind }) => kind === 'damage')).toEqual([]);
  await line.close();
  rmSync(folder, { recursive: true, force: true });
});

let serials = 0;
/** A unit of an order of its own, made by a recipe whose programmer does this. */
async function made(
  shellLine: string,
  more: Partial<ProgrammerPlan> = {},
  unit: { facts?: Record<string, string> } = {},
) {
  const serial = `SN-${++serials}`;
  await line.as('lead', 'orders.create', {
    name: serial,
    recipe: programmedBy(shellLine, more),
    units: [{ serial, ...unit }],
  });
  return line.scan(1, serial);
}
const output = async (run: { id: number }) => (await line.as('technician', 'run.output', { run: run.id })).output;
const closing = (run: { id: number }) =>
  line.entries().find(({ action, run: of }) => action === 'run.closed' && of === run.id);

test('a unit is programmed, then gets its identity and proves it: one verdict', async () => {
  const run = await made(
    'echo "for $1 on board $2"; exit 0',
    { args: ['-c', 'echo "for $1 on board $2"', 'x', '{serial}', '{board}'] },
    { facts: { board: 'C' } },
  );
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  expect(run.steps.map(({ name, state }) => [name, state])).toEqual(
    ['program', 'greet', 'identify', 'provision', 'prepare', 'release', 'prove'].map((name) => [name, 'ended']),
  );
  expect(run.facts).toMatchObject({ programmer: 'writer', programEnded: 'exit 0', proven: true });
  const printed = await output(run);
  expect(printed).toMatchObject({
    run: run.id,
    text: `for ${run.serial} on board C`,
    ended: 'exit 0',
    programmer: 'writer',
  });
  expect(printed?.program).toBe(createHash('sha256').update(readFileSync('/bin/sh')).digest('hex'));
  expect(closing(run)).toMatchObject({ details: { outcome: 'passed', output: printed?.sha256 } });
});

test('every lane programs its own unit, and none waits for another one', { timeout: 120_000 }, async () => {
  const both = `$(ls '${folder}' | grep -c '^met-') -eq 2`;
  const meet = `touch '${folder}/met-'$0; until [ ${both} ]; do sleep 0.1; done`;
  const recipe = programmedBy('', { args: ['-c', meet, '{serial}'], deadlineSeconds: 100 });
  const units = ['MEET-1', 'MEET-2'].map((serial) => ({ serial }));
  await line.as('lead', 'orders.create', { name: 'meeting', recipe, units });
  const runs = await Promise.all([line.scan(1, 'MEET-1'), line.scan(2, 'MEET-2')]);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
});

test('people are told how far it is, and nothing of that is journalled', async () => {
  const run = await made('for n in 0 100; do printf "\\rat (%s %%)" $n; sleep 0.3; done', {
    progress: '({percent} %)',
  });
  const percents = told.filter((text) => text.includes('"percent"')).map((text) => JSON.parse(text) as object);
  expect(percents).toEqual(
    [0, 100].map((percent) => ({
      type: 'percent',
      run: run.id,
      lane: 1,
      step: 'program',
      at: expect.any(String) as string,
      percent,
    })),
  );
  expect(JSON.stringify(events)).not.toContain('percent');
});

describe('who is blamed', () => {
  test('the unit, for an exit code that the recipe lays to it; it is programmed again with the next scan', async () => {
    const flag = join(folder, 'good now');
    const failing = `[ -e '${flag}' ] || (echo 'A fatal error occurred: no sync reply'; exit 2)`;
    const run = await made(failing, { failed: [2] });
    expect(run).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'unit.not-programmed',
        details: { name: 'writer', code: 2, said: 'A fatal error occurred: no sync reply' },
      },
    });
    expect(run.steps.map(({ state }) => state)).toEqual(['broke', ...Array.from({ length: 6 }, () => 'waiting')]);
    expect(closing(run)).toMatchObject({
      reason: 'unit.not-programmed',
      details: { output: (await output(run))?.sha256 },
    });
    writeFileSync(flag, '');
    expect((await line.scan(1, run.serial)).outcome).toBe('passed');
  });

  test('the station, for every other', async () => {
    expect(await made('echo no port >&2; exit 1', { failed: [2] })).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'exit 1', said: 'no port' } },
    });
    expect(await made('exit 0', { passed: [7] })).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'exit 0', said: 'it said nothing' } },
    });
    expect((await made('exit 7', { passed: [7] })).outcome).toBe('passed');
  });

  test('the station, for a program that dies by a signal', async () => {
    expect(await made('kill -ABRT $$')).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'SIGABRT' } },
    });
  });

  test.each([
    ['is not there', 'gone', 'programmer.not-started'],
    ['may not be run', 'plain', 'programmer.not-started'],
  ])('the station, for a program that %s', async (_, name, code) => {
    const run = await made('', { name });
    expect(run).toMatchObject({ outcome: 'errored', error: { code, details: { name } } });
    expect(await output(run)).toBeNull();
  });

  test('the station, for a program that hangs: the child of its child ends as well', async () => {
    const hangs = `sh -c 'echo $$ > ${folder}/child; exec sleep 1000' & sh -c 'sh -c "echo \\$\\$ > ${folder}/deep; exec sleep 1000" & wait' & echo hanging; wait`;
    const run = await made(hangs, { deadlineSeconds: 4 });
    expect(run).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.late', details: { seconds: 4, said: 'hanging' } },
    });
    expect(['child', 'deep'].map((name) => runs(pidIn(folder, name)))).toEqual([false, false]);
    expect(await output(run)).toMatchObject({ ended: 'deadline', text: 'hanging' });
  });

  test('nobody, for a run that a person stops: the program ends at once', async () => {
    const serial = `SN-${++serials}`;
    const recipe = programmedBy(`echo $$ > ${folder}/stopped; echo begun; exec sleep 1000`);
    await line.as('lead', 'orders.create', { name: serial, recipe, units: [{ serial }] });
    const { run } = await line.as('technician', 'run.start', { lane: 2, serial });
    while (!existsSync(join(folder, 'stopped'))) await new Promise((resolve) => setTimeout(resolve, 20));
    await line.as('technician', 'run.abort', { run });
    await line.station.lanes.ended(2);
    expect(await line.as('technician', 'run.show', { run })).toMatchObject({ outcome: 'aborted' });
    expect(runs(pidIn(folder, 'stopped'))).toBe(false);
    expect(await output({ id: run })).toMatchObject({ ended: 'stopped', text: 'begun' });
  });
});

test('a program that is another one than was pinned is not started', async () => {
  expect((await made('', { name: 'pinned' })).outcome).toBe('passed');
  script(folder, 'tool', `touch ${folder}/ran; exit 0`);
  const run = await made('', { name: 'pinned' });
  const found = createHash('sha256')
    .update(readFileSync(join(folder, 'tool')))
    .digest('hex');
  expect(run).toMatchObject({
    outcome: 'errored',
    error: { code: 'programmer.changed', details: { name: 'pinned', found } },
  });
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('an order is refused whose programmer the station has not', async () => {
  const recipe = programmedBy('', { name: 'nrfutil' });
  await expect(line.as('lead', 'orders.create', { name: 'o', recipe, units: [{ serial: 'X' }] })).rejects.toMatchObject(
    {
      code: 'programmer.unknown',
      details: { name: 'nrfutil' },
    },
  );
});

test('a run whose programmer went from station.json since is the station’s fault', async () => {
  const serial = `SN-${++serials}`;
  await line.as('lead', 'orders.create', { name: serial, recipe: programmedBy('exit 0'), units: [{ serial }] });
  await line.stop();
  await line.start({ programmers: {} });
  expect(await line.scan(1, serial)).toMatchObject({ outcome: 'errored', error: { code: 'programmer.unknown' } });
  await line.stop();
  await line.start();
});

test('a fact that would be an option, or is a secret, starts nothing', async () => {
  const more = { args: ['-c', 'exit 0', '{odd}'] };
  for (const odd of ['--erase-all', 'SharedAccessKey=c2VjcmV0']) {
    const run = await made('', more, { facts: { odd } });
    expect(run).toMatchObject({ outcome: 'errored', error: { code: 'input.invalid' } });
    expect(JSON.stringify(run)).not.toContain(odd);
  }
});

test('a program whose last word is a secret leaks it nowhere: not to files, logs, events, calls or exports', async () => {
  const secret = createHash('sha256').update('a device key').digest('base64');
  const file = join(folder, 'secret');
  writeFileSync(file, secret);
  const says = `cat ${file}; echo; echo "AccountKey=$(cat ${file})" >&2; printf 'half '; cat ${file}; echo; exit $1`;
  const tells = script(folder, 'tells', says);
  const ends = (code: string) => made('', { args: [tells, code], failed: [2] });
  const ran = [await ends('0'), await ends('2'), await ends('1')];
  expect(ran.map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'errored']);
  const exported = await line.as('security-officer', 'audit.export', { format: 'jsonl' });
  expect(exported.problems).toEqual([]);
  const shown = await Promise.all(ran.map((run) => line.as('technician', 'run.output', { run: run.id })));
  expect(shown[0]?.output?.text.split('\n')).toEqual(
    Array.from({ length: 3 }, () => '[a line that looks like a secret was left out]'),
  );
  const looked = JSON.stringify([
    ran,
    shown,
    events,
    told,
    await line.as('lead', 'unit.story', { serial: ran[1]?.serial }),
  ]);
  const pieces = Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12));
  expect(pieces.filter((piece) => looked.includes(piece))).toEqual([]);
  const files = readdirSync(line.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.some((path) => path.endsWith('entries.jsonl'))).toBe(true);
  expect(files.filter((path) => pieces.some((piece) => readFileSync(path).includes(piece)))).toEqual([]);
});
