import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { percentiles } from '../../../../station-core/cli/practice.ts';
import { prepareFolder } from '../../../../station-core/practice.ts';
import { top } from '../../../rules/sources.ts';
import { makeSoftHsm } from '../../../suites/softhsm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

type Ran = { code: number | null; out: string; err: string };

/** Runs `birthmark` as a person would, with `input` on standard input. */
function birthmark(
  args: readonly string[],
  input = '',
  cwd = top,
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(top, 'build', 'birthmark.mjs'), ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  const ran = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (ran.out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (ran.err += String(bytes)));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...ran }));
  });
}

const groupKey = '8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==';
const derive = (id: string, input: string) =>
  birthmark(['key', 'derive', '--registration-id', id, '--group-key-stdin'], input);

// Up to six programs one after the other, each of which opens a station, on a machine that runs other tests, too.
vi.setConfig({ testTimeout: 120_000 });

test('key derive prints the published key and nothing else', async () => {
  const { code, out } = await derive('sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6', `${groupKey}\n`);
  expect([code, out]).toEqual([0, 'Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=\n']);
});

test('key derive folds the ID to lower case, and says so', async () => {
  const { out, err } = await derive('SN-007-888-ABC-mac-a1-b2-c3-d4-e5-f6', groupKey);
  expect(out).toBe('Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=\n');
  expect(err).toMatch(/folded to lower case/);
});

test.each([
  ['a key with a space', 'a', groupKey.replace('sG', 's G'), /group key/],
  ['a damaged key', 'a', groupKey.slice(0, -1), /group key/],
  ['no key', 'a', '', /standard input/],
  ['an ID that DPS does not take', 'a b', groupKey, /only letters/],
])('key derive refuses %s with a sentence, and quotes no key', async (_, id, input, message) => {
  const { code, out, err } = await derive(id, input);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(err).not.toContain(groupKey.slice(10, 30));
});

test.each(['symmetric-group', 'symmetric-individual'])(
  'practice makes and enrols every unit, and its last line is one JSON object: %s',
  async (recipe) => {
    const folder = temporaryFolder();
    const { code, out } = await birthmark([
      'practice',
      '--units',
      '20',
      '--lanes',
      '4',
      '--recipe',
      recipe,
      '--json',
      '--station',
      folder,
    ]);
    const result = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(code).toBe(0);
    expect(result).toMatchObject({ units: 20, passed: 20, failed: 0, enrolled: 20, parked: 0, auditOk: true });
    expect(Object.keys(result)).toEqual([
      'units',
      'passed',
      'failed',
      'enrolled',
      'parked',
      'auditEntries',
      'auditOk',
      'ownTimeMs',
      'taktMs',
    ]);
    const verified = await birthmark(['audit', 'verify', '--station', folder, '--json']);
    expect([verified.code, JSON.parse(verified.out)]).toMatchObject([
      0,
      { schema: 1, ok: true, entries: Number(result.auditEntries) + 1 },
    ]);
    const synced = await birthmark(['sync', 'run', '--station', folder, '--json']);
    expect([synced.code, JSON.parse(synced.out)]).toMatchObject([0, { queued: 0, parked: 0 }]);
  },
);

test('nothing that the station writes in practice holds a secret or a name in the wrong place', async () => {
  const folder = temporaryFolder();
  await birthmark([
    'practice',
    '--units',
    '3',
    '--lanes',
    '1',
    '--recipe',
    'symmetric-individual',
    '--station',
    folder,
  ]);
  const logs = readdirSync(join(folder, 'logs'))
    .map((name) => readFileSync(join(folder, 'logs', name), 'utf8'))
    .join('');
  for (const word of ['1111', 'SharedAccessKey', 'P1-0001']) expect(logs).not.toContain(word);
  expect(existsSync(join(folder, 'station.db'))).toBe(true);
});

test.each([
  [['audit', 'verify', '--station', '/nowhere'], /There is no station in \/nowhere/],
  [['run', '--station', '/nowhere', '--lane', '1', '--serial', 'x'], /There is no station in \/nowhere/],
  [['practice', '--units', '0'], /whole number from 1 to 100000/],
  [['practice', '--recipe', 'magic'], /Allowed choices are symmetric-group, symmetric-individual/],
  [['practise'], /Did you mean practice/],
])('birthmark %j is refused with what to do', async (args, message) => {
  const { code, out, err } = await birthmark(args as string[]);
  expect(code).not.toBe(0);
  expect(out).toBe('');
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a configuration that is wrong is refused with its place', async () => {
  const folder = temporaryFolder();
  prepareFolder(folder, 1);
  writeFileSync(join(folder, 'station.json'), '{"schema":1}');
  const { code, err } = await birthmark(['serve', '--station', folder]);
  expect([code, err]).toEqual([2, expect.stringMatching(/station\.json, hsm: expected/)]);
});

test('every command has help', async () => {
  for (const args of [[], ['practice'], ['serve'], ['audit', 'verify'], ['sync', 'run'], ['key', 'derive']]) {
    const { code, out } = await birthmark([...args, '--help']);
    expect([args, code, out.includes('Usage: birthmark')]).toEqual([args, 0, true]);
  }
});

const init = (folder: string, ...more: string[]) => birthmark(['init', '--station', folder, '--no-input', ...more]);

test('init makes a practice station that makes units from an imported order', async () => {
  const folder = join(temporaryFolder(), 'line 3');
  expect((await init(folder, '--mode', 'practice', '--name', 'line-3', '--lane', '1=simulated')).code).toBe(0);
  const file = join(temporaryFolder(), 'order.csv');
  writeFileSync(file, 'serial,mac\nA-1,02:11:11:11:11:11\nA-2,\n');
  const wrong = await birthmark(['orders', 'import', file, '--recipe', 'symmetric-group', '--station', folder]);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining(`${file}:3: mac: expected`)]);
  writeFileSync(file, 'serial,mac\nA-1,02:11:11:11:11:11\nA-2,02:22:22:22:22:22\n');
  const imported = await birthmark([
    'orders',
    'import',
    file,
    '--recipe',
    'symmetric-group',
    '--station',
    folder,
    '--json',
  ]);
  expect([imported.code, JSON.parse(imported.out)]).toMatchObject([0, { name: 'order', quantity: 2, armed: 'proven' }]);
  // The simulated unit's MAC follows from its label, so the order's is another one.
  const ran = await birthmark(['run', '--lane', '1', '--serial', 'A-1', '--station', folder, '--json']);
  expect([ran.code, JSON.parse(ran.out)]).toMatchObject([
    1,
    { outcome: 'failed', error: { code: 'unit.mac-mismatch' } },
  ]);
  const again = await birthmark(['orders', 'import', file, '--recipe', 'symmetric-group', '--station', folder]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('expected a new name')]);
});

test('init says which flag is missing, and leaves nothing behind when it fails', async () => {
  const folder = join(temporaryFolder(), 'station');
  const missing = await init(folder, '--mode', 'production', '--name', 'x');
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('--hsm-module: expected')]);
  const wrong = await init(folder, '--mode', 'practice', '--name', 'x', '--lane', 'one');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--lane: expected NUMBER=PORT')]);
  expect(readdirSync(join(folder, '..'))).toEqual([]);
});

test('init takes no folder that has something in it', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mine'), '');
  expect(await init(folder, '--mode', 'practice', '--name', 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('one with files') as string,
  });
});

test('production takes real parts only: neither a simulated lane nor a software token', async () => {
  const token = await makeSoftHsm();
  const folder = join(temporaryFolder(), 'station');
  const people = ['--lead', 'L', '--officer', 'O'];
  const real = [
    '--mode',
    'production',
    '--name',
    'x',
    '--hsm-module',
    token.module,
    '--hsm-token',
    token.tokenLabel,
    '--id-scope',
    '0ne000956C5',
    ...people,
  ];
  const lane = await init(folder, ...real, '--lane', '1=simulated');
  expect([lane.code, lane.err]).toEqual([
    2,
    expect.stringContaining('A simulated lane is not allowed in production mode'),
  ]);
  const pins = `${token.pin().toString()}\n9876\n5432\n`;
  const args = ['init', '--station', folder, '--no-input', ...real, '--lane', '1=/dev/ttyS0'];
  const soft = await birthmark(args, pins, top, token.environment);
  expect([soft.code, soft.err]).toEqual([2, expect.stringMatching(/SoftHSM.* is not allowed in production mode/)]);
  expect(existsSync(folder)).toBe(false);
  await token.dispose();
});

test('sync check tells the way to the cloud, the clock and what the station may do there', async () => {
  const folder = join(temporaryFolder(), 'station');
  await init(folder, '--mode', 'practice', '--name', 'x');
  const { code, out } = await birthmark(['sync', 'check', '--station', folder]);
  expect(code).toBe(0);
  expect(out).toMatch(/: uploads work \(this is the emulator\)\n/);
  for (const line of [
    /tls +TLSv1/,
    /caller +policy provisioningserviceowner/,
    /clock +within/,
    /may +write enrollments/,
  ]) {
    expect(out).toMatch(line);
  }
  expect(out).toMatch(/Warning: The policy provisioningserviceowner may do everything/);
  const json = await birthmark(['sync', 'check', '--station', folder, '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ schema: 1, ok: true, emulator: true });
});

test('percentiles are of the nearest rank', () => {
  expect(percentiles([])).toEqual({ p50: 0, p99: 0 });
  expect(percentiles([5])).toEqual({ p50: 5, p99: 5 });
  expect(percentiles(Array.from({ length: 100 }, (_, n) => 100 - n))).toEqual({ p50: 50, p99: 99 });
});
