// What a Linux unit says of itself and what is written to it, over a real console.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { provisioningFile } from '../../../../drivers/protocols/linux-console-files.ts';
import type { ConsoleAccess, ConsoleFile } from '../../../../drivers/protocols/protocol.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { accessTo, type Conversation, converse, hurriedConsole } from '../../../suites/linux-console-bench.ts';
import { appears, type LinuxUnitOptions, programAt, shells, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { info, refusal } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A conversation about files in the unit's folder, by their names there. */
async function about(
  options: LinuxUnitOptions,
  files: Readonly<Record<string, string | Buffer>>,
  access: (folder: string) => Partial<ConsoleAccess>,
): Promise<Conversation> {
  const unit = await startLinuxUnit(options);
  ends.push(() => unit.end());
  for (const [name, content] of Object.entries(files)) writeFileSync(join(unit.folder, name), content);
  const console = accessTo(unit, access(unit.folder));
  const session = await hurriedConsole.open(await unit.plug(), never, { console });
  return { unit, session, end: () => unit.end() };
}

const whole =
  (name: string, more: Partial<ConsoleFile> = {}) =>
  (folder: string) => ({
    files: [{ path: join(folder, name), mode: 0o600, content: 'provisioning' as const, ...more }],
  });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(shells)('a unit with %s', (shell) => {
  test('says its serial, MAC, model and firmware from its files', async () => {
    const files = { mac: 'aa:bb:cc:00:11:22\n', model: 'Widget 9\0' };
    const { session } = await about({ shell }, files, (folder) => ({
      macFile: join(folder, 'mac'),
      modelFile: join(folder, 'model'),
    }));
    const firmware = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    const identity = { serial: 'SN-LINUX-1', mac: 'AA:BB:CC:00:11:22', model: 'Widget 9', firmware };
    expect(await session.identity(never)).toEqual(identity);
  });

  test('gets its files with their mode, and the same values again change nothing', async () => {
    const { unit, session } = await about({ shell }, {}, whole('provisioning.json', { mode: 0o640 }));
    const path = join(unit.folder, 'provisioning.json');
    await session.provision(info, never);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(info);
    const before = statSync(path);
    expect(before.mode & 0o777).toBe(0o640);
    await session.provision(info, never);
    const { ino, mtimeMs } = statSync(path);
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
    await session.provision({ ...info, registrationId: 'sn-000002' }, never);
    expect(JSON.parse(readFileSync(path, 'utf8')).registrationId).toBe('sn-000002');
    expect(readdirSync(unit.folder).filter((name) => name.startsWith('.birthmark'))).toEqual([]);
  });

  test.each([
    "it's a file",
    '$(touch pwned)',
    '`touch pwned`',
    '-rf',
    'a;touch pwned',
    '*',
    'naïve ключ',
    '"',
    '\\',
    '!!',
  ])('takes the path %s as a name and nothing else', async (name) => {
    const { unit, session } = await about({ shell }, {}, whole(name));
    const before = readdirSync(unit.folder).sort();
    await session.provision(info, never);
    expect(readdirSync(unit.folder).sort()).toEqual([...before, name].sort());
    expect(readFileSync(join(unit.folder, name))).toEqual(provisioningFile(info));
  });

  test('takes any text in its files', async () => {
    const registrationId = `%s%d \\n'"$(touch pwned)\`\u0000\u0007\u001b[2Jключ\u{1f511} ${'x'.repeat(900)}`;
    const { unit, session } = await about({ shell }, {}, whole('file'));
    await session.provision({ ...info, registrationId }, never);
    expect(JSON.parse(readFileSync(join(unit.folder, 'file'), 'utf8')).registrationId).toBe(registrationId);
    expect(existsSync(join(unit.folder, 'pwned'))).toBe(false);
  });

  test('is read without base64 too', async () => {
    const { session } = await about({ shell, without: ['base64'] }, { serial: `${'9'.repeat(64)}\n` }, () => ({}));
    expect((await session.identity(never)).serial).toBe('9'.repeat(64));
  });
});

test.each([
  ['00-1a-2b-3C-4d-5e', '00:1A:2B:3C:4D:5E'],
  ['001a2b3c4d5e\n', '00:1A:2B:3C:4D:5E'],
  [Buffer.from('001a2b3c4d0a', 'hex'), '00:1A:2B:3C:4D:0A'],
])('a MAC is read from the form %j', async (content, mac) => {
  const { session } = await about({ shell: 'dash' }, { mac: content }, (folder) => ({ macFile: join(folder, 'mac') }));
  expect((await session.identity(never)).mac).toBe(mac);
});

test('a kernel’s own files are read, whose length is not what they say', async () => {
  const { session } = await about({ shell: 'bash' }, {}, () => ({
    serialFile: '/proc/sys/kernel/ostype',
    macFile: '/sys/class/net/lo/address',
  }));
  expect(await session.identity(never)).toMatchObject({ serial: 'Linux', mac: '00:00:00:00:00:00' });
});

test.each([
  ['an empty one', ''],
  ['control characters', 'SN\x1b[2J1'],
  ['other letters', 'SN-ÄÖ'],
  ['too long a one', 'S'.repeat(65)],
  ['a file of many kilobytes', 'S'.repeat(100_000)],
])('%s is no serial, and is not quoted', async (_, serial) => {
  const { session } = await about({ shell: 'dash' }, { serial }, () => ({}));
  const error = await refusal(session.identity(never), 'console.garbled');
  expect(error.message).not.toContain('SS');
  expect(Object.keys(error.details)).toEqual(['what']);
});

test.each(['00:11:22:33:44', '00:11:22:33:44:55:66', '00:11-22:33:44:55', 'zz:11:22:33:44:55'])(
  '%s is no MAC',
  async (mac) => {
    const { session } = await about({ shell: 'dash' }, { mac }, (folder) => ({ macFile: join(folder, 'mac') }));
    await refusal(session.identity(never), 'console.garbled');
  },
);

test('a file that is not there is said by its path, and so is a folder', async () => {
  const { session, unit } = await about({ shell: 'bash' }, {}, () => ({ serialFile: '/nowhere/serial' }));
  const error = await refusal(session.identity(never), 'console.failed');
  expect(error.details).toEqual({ what: 'reading /nowhere/serial', code: 66 });
  await unit.end();
  const other = await about({ shell: 'bash' }, {}, (folder) => ({ serialFile: folder }));
  await refusal(other.session.identity(never), 'console.failed');
});

test('a file is replaced whole, also where a link was, and what a cut-off writing left is removed', async () => {
  const { unit, session } = await about(
    { shell: 'dash' },
    { elsewhere: 'kept', '.birthmark.Ab3xY9': 'half' },
    whole('f'),
  );
  symlinkSync(join(unit.folder, 'elsewhere'), join(unit.folder, 'f'));
  await session.provision(info, never);
  expect(readFileSync(join(unit.folder, 'elsewhere'), 'utf8')).toBe('kept');
  expect(sha256(readFileSync(join(unit.folder, 'f')))).toBe(sha256(provisioningFile(info)));
  expect(existsSync(join(unit.folder, '.birthmark.Ab3xY9'))).toBe(false);
});

test('a path where a folder is, or in a folder that is not, is not written', async () => {
  const { unit, session } = await about({ shell: 'bash' }, {}, whole('taken'));
  mkdirSync(join(unit.folder, 'taken'));
  await refusal(session.provision(info, never), 'console.failed');
  expect(readdirSync(join(unit.folder, 'taken'))).toEqual([]);
  const other = await about({ shell: 'bash' }, {}, whole('nowhere/file'));
  await refusal(other.session.provision(info, never), 'console.failed');
});

test('a unit that keeps other bytes than those that were written is found out', async () => {
  const { unit, session } = await about({ shell: 'bash' }, {}, whole('file'));
  const mv = join(unit.folder, 'bin', 'mv');
  rmSync(mv);
  writeFileSync(mv, `#!${programAt('sh')}\necho other >"$3"\n`, { mode: 0o755 });
  const error = await refusal(session.provision(info, never), 'console.file-differs');
  expect(error.details).toEqual({ path: join(unit.folder, 'file') });
});

test.each([
  { path: 'relative', mode: 0o600 },
  { path: '/with\nline feed', mode: 0o600 },
  { path: '/etc/', mode: 0o600 },
  { path: '/etc/../shadow', mode: 0o600 },
  { path: `/${'long/'.repeat(1_000)}x`, mode: 0o600 },
  { path: '/etc/x', mode: 0o4755 },
  { path: '/etc/x', mode: 1.5 },
])('the file $path with mode $mode is no file that is written, and nothing is typed', async (file) => {
  const link = new ScriptedLink(() => []);
  const console = { login: 'root', serialFile: '/s', files: [{ ...file, content: 'provisioning' as const }] };
  await refusal(hurriedConsole.open(link, never, { console }), 'input.invalid');
  expect(link.written).toEqual([]);
});

test.each(['relative', '/with\rreturn', '/with\x03interrupt', '/folder/'])(
  'the path %j is none that a unit is asked for, and nothing is typed',
  async (path) => {
    const link = new ScriptedLink(() => []);
    for (const paths of [
      { serialFile: path },
      { serialFile: '/s', macFile: path },
      { serialFile: '/s', modelFile: path },
    ]) {
      const opened = hurriedConsole.open(link, never, { console: { login: 'root', files: [], ...paths } });
      await refusal(opened, 'input.invalid');
    }
    expect(link.written).toEqual([]);
  },
);

test('a unit without an agent holds no credential, and says so', async () => {
  const { session } = await converse({ shell: 'bash' }).then((conversation) => {
    ends.push(conversation.end);
    return conversation;
  });
  expect(session.hello).toEqual({
    version: 1,
    capabilities: ['provisioning', 'tpm', 'file'],
    storage: 'secure-element',
    simulated: false,
  });
  expect(await session.status(never)).toEqual({ state: 'none', locked: false });
  const operation = Buffer.alloc(16);
  const calls = [
    session.stage({ operation, kind: 'symmetric-key', delivery: 'clear', bytes: Buffer.alloc(32) }, never),
    session.commit(operation, never),
    session.prove(operation, 'sn-1', Buffer.alloc(32), never),
    session.lock(operation, never),
    session.makeKey({ operation, algorithm: 'p256' }, never),
    session.readChain(operation, never),
    session.ownCertificate(never),
  ];
  for (const call of calls) await refusal(call, 'unit.cannot');
});

test.each([
  ['sha256sum', 'sha256sum', (session: Conversation['session']): Promise<unknown> => session.identity(never)],
  ['tpm2_createek', 'tpm2_createek', (session: Conversation['session']) => session.tpm(never)],
  ['tpm2_flushcontext', 'tpm2_flushcontext', (session: Conversation['session']) => session.tpm(never)],
])('a unit without %s is told by its name', async (missing, tool, call) => {
  const asked = about({ shell: 'bash', without: [missing] }, {}, () => ({})).then(({ session }) => call(session));
  expect((await refusal(asked, 'console.tool-missing')).details).toEqual({ tool });
});

test('a unit with neither base64 nor od cannot be read', async () => {
  const { session } = await about({ shell: 'dash', without: ['base64', 'od'] }, {}, () => ({}));
  expect((await refusal(session.identity(never), 'console.tool-missing')).details).toEqual({ tool: 'base64 or od' });
});

test.each(shells)(
  'a call that is given up is interrupted on a unit with %s, and the next one finds its shell',
  async (shell) => {
    const { unit, session } = await about({ shell }, {}, () => ({}));
    const tool = join(unit.folder, 'bin', 'tpm2_getcap');
    rmSync(tool);
    const script = `#!${programAt('sh')}\n>"$HOME/asking"\nexec ${programAt('sleep')} 1000\n`;
    writeFileSync(tool, script, { mode: 0o755 });
    const asking = appears(unit.folder, 'asking');
    const stop = new AbortController();
    const asked = refusal(session.tpm(stop.signal), 'run.aborted');
    await asking;
    stop.abort(new StationError('run.aborted', { who: 'a test' }));
    await asked;
    expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
  },
);

test('a slow line takes longer and says the same', async () => {
  const { session } = await about({ shell: 'bash', msPerByte: 0.5 }, {}, () => ({}));
  expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
});
