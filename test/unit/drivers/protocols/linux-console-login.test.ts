// What a console may show when a station opens it, and how the station gets from there to a shell, or says why not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Link } from '../../../../drivers/link.ts';
import { createLinuxConsole } from '../../../../drivers/protocols/linux-console.ts';
import type { ConsoleAccess } from '../../../../drivers/protocols/protocol.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { accessTo, account, hurriedConsole, hurriedPatience } from '../../../suites/linux-console-bench.ts';
import { type LinuxUnit, type LinuxUnitOptions, shells, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const impatient = createLinuxConsole({ ...hurriedPatience, quiet: 20, wake: 50, answer: 100, boot: 1_000 });

async function unitWith(options: LinuxUnitOptions): Promise<LinuxUnit> {
  const unit = await startLinuxUnit(options);
  onTestFinished(() => unit.end());
  return unit;
}

const openOn = async (unit: LinuxUnit, more: Partial<ConsoleAccess> = {}) =>
  hurriedConsole.open(await unit.plug(), never, { console: accessTo(unit, more) });
const serialOf = async (unit: LinuxUnit, more: Partial<ConsoleAccess> = {}) =>
  (await (await openOn(unit, more)).identity(never)).serial;
const typedBy = (unit: LinuxUnit) => Buffer.concat(unit.typed).toString('latin1');
const shownBy = (unit: LinuxUnit) => Buffer.concat(unit.shown).toString('latin1');

describe.each(shells)('a unit with %s', (shell) => {
  test('a login with its password leads to a shell', async () => {
    expect(await serialOf(await unitWith({ shell, account }))).toBe('SN-LINUX-1');
  });

  test('a console that asks nobody has its shell at once, and is sent no login', async () => {
    const unit = await unitWith({ shell });
    expect(await serialOf(unit)).toBe('SN-LINUX-1');
    expect(typedBy(unit)).not.toContain(account.password);
  });

  test('a console whose tools do not switch its echo off is read all the same', async () => {
    expect(await serialOf(await unitWith({ shell, account, without: ['stty'] }))).toBe('SN-LINUX-1');
  });

  test.each(['\\[\\e]0;root@unit\\a\\e[1;31m\\]root@unit\\[\\e[0m\\] # ', '$ ', '> ', 'login-server:~# '])(
    'the prompt %s is one',
    async (prompt) => {
      // Escape sequences as bash writes them; the other shells print them as they are.
      const written = shell === 'bash' ? prompt : prompt.replaceAll(/\\[[\]ea]/g, '');
      expect(await serialOf(await unitWith({ shell, account, prompt: written }))).toBe('SN-LINUX-1');
    },
  );

  test('after each call the terminal is as it was, at the prompt, with its echo', async () => {
    const unit = await unitWith({ shell, account });
    await (await openOn(unit)).identity(never);
    await promptsAgain(unit, await unit.plug());
  });

  test('a logout leads back to the login, and a later login is a new one', async () => {
    const unit = await unitWith({ shell, account });
    const session = await openOn(unit);
    await session.identity(never);
    await session.leave();
    expect(await serialOf(unit)).toBe('SN-LINUX-1');
    expect(shownBy(unit).match(/Last login/g)).toHaveLength(2);
    // What the station typed is in no history, where a shell keeps one.
    for (const file of readdirSync(unit.folder).filter((name) => name.endsWith('history'))) {
      expect(readFileSync(join(unit.folder, file), 'utf8')).not.toContain('birthmark');
    }
  });
});

/** Resolves when a person who types something has seen it, its output and the prompt. */
async function promptsAgain(unit: LinuxUnit, link: Link): Promise<void> {
  const from = unit.shown.length;
  const seen = Promise.withResolvers<void>();
  link.listen(() => {
    const since = Buffer.concat(unit.shown.slice(from)).toString('latin1');
    if (/echo per''son[\s\S]*person\r\n[\s\S]*~# /.test(since)) seen.resolve();
  });
  await link.write(Buffer.from("echo per''son\n"), never);
  return seen.promise;
}

test('a unit that still boots is waited for, and nothing is typed into its boot', async () => {
  const lines = [
    'U-Boot 2024.01',
    'Hit any key to stop autoboot:  2',
    '[    0.000000] Booting Linux on physical CPU 0x0',
  ];
  const unit = await unitWith({ shell: 'bash', account, boot: { lines, held: true } });
  const link = await unit.plug();
  const opened = hurriedConsole.open(link, never, { console: accessTo(unit) });
  await unit.finishBoot();
  expect((await (await opened).identity(never)).serial).toBe('SN-LINUX-1');
});

test('an account without a password takes none', async () => {
  const unit = await unitWith({ shell: 'bash', account: { login: 'factory' } });
  expect(await serialOf(unit, { login: 'factory' })).toBe('SN-LINUX-1');
  expect(typedBy(unit)).not.toContain(account.password);
});

test('a kernel message in the middle of a question makes nothing be typed as an account but the account', async () => {
  for (const question of ['unit login: ', 'Password: ']) {
    const cut = (bytes: Buffer) => {
      const at = bytes.indexOf(question);
      if (at < 0 || done) return [bytes];
      done = true;
      const middle = at + question.length - 4;
      return [bytes.subarray(0, middle), Buffer.from('[   12.34] usb 1-1: new device\r\n'), bytes.subarray(middle)];
    };
    let done = false;
    const unit = await unitWith({ shell: 'dash', account, onWay: cut });
    const link = await unit.plug();
    await link.write(Buffer.from('\n'), never);
    const session = await hurriedConsole.open(link, never, { console: accessTo(unit) });
    expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
    expect(done).toBe(true);
    const first = typedBy(unit)
      .split('\n')
      .find((line) => line !== '');
    expect(first).toBe(account.login);
    expect(typedBy(unit).match(/correct horse/g)).toHaveLength(1);
  }
});

test('a login that somebody left half way is ended first', async () => {
  const unit = await unitWith({ shell: 'bash', account });
  const link = await unit.plug();
  const asked = Promise.withResolvers<void>();
  link.listen(() => shownBy(unit).includes('Password:') && asked.resolve());
  await link.write(Buffer.from('somebody\n'), never);
  await asked.promise;
  expect((await (await openOn(unit)).identity(never)).serial).toBe('SN-LINUX-1');
});

test.each(shells)('a command that somebody left half way in %s is dropped', async (shell) => {
  const unit = await unitWith({ shell });
  const link = await unit.plug();
  const asked = Promise.withResolvers<void>();
  link.listen(() => /> \S*$/.test(shownBy(unit)) && asked.resolve());
  await link.write(Buffer.from("echo 'half\n"), never);
  await asked.promise;
  expect((await (await openOn(unit)).identity(never)).serial).toBe('SN-LINUX-1');
});

describe('a login that is refused', () => {
  const wrong = Buffer.from('wrong battery');

  test.each([
    ['a wrong password', account, { password: wrong }],
    ['an unknown account', account, { login: 'nobody' }],
    ['a password that is asked for where the recipe has none', account, { password: undefined }],
    ['a password that the login shows as it is typed', account, { password: wrong }],
  ] as const)('%s is said, once, with the login alone', async (what, known, access) => {
    const unit = await unitWith({ shell: 'bash', account: known, echoesPassword: what.includes('shows') });
    const { password, ...rest } = { ...accessTo(unit), ...access } as ConsoleAccess;
    const console = password === undefined ? rest : { ...rest, password };
    const error = await refusal(hurriedConsole.open(await unit.plug(), never, { console }), 'console.login-refused');
    expect(error.details).toEqual({ login: console.login });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('battery');
    expect(typedBy(unit).match(/wrong battery/g) ?? []).toHaveLength(password === wrong ? 1 : 0);
  });

  test.each(['two words', 'line\nfeed', '', '-f root'])('%j is no account and is not typed', async (login) => {
    const link = new ScriptedLink(() => []);
    const console = { login, serialFile: '/serial', files: [] };
    await refusal(impatient.open(link, never, { console }), 'console.login-refused');
    expect(link.written).toEqual([]);
  });

  test('a password that a terminal would take for keys is not typed', async () => {
    const link = new ScriptedLink(() => []);
    const console = { login: 'root', password: Buffer.from('a\x03b'), serialFile: '/serial', files: [] };
    await refusal(impatient.open(link, never, { console }), 'console.login-refused');
    expect(link.written).toEqual([]);
  });
});

test('a password goes onto the line as the bytes that were given, and no copy is made', async () => {
  const password = Buffer.from('correct horse');
  const link = new ScriptedLink((written) => {
    if (written.equals(Buffer.from('root\n'))) return [Buffer.from('root\r\nPassword: ')];
    if (written.equals(password)) return [];
    return [Buffer.from('\r\nunit login: ')];
  });
  const console = { login: 'root', password, serialFile: '/serial', files: [] };
  await refusal(impatient.open(link, never, { console }), 'console.login-refused');
  const holding = link.written.filter(({ bytes }) => bytes.includes('horse'));
  expect(holding.map(({ buffer }) => buffer === password)).toEqual([true]);
});

describe('a console that shows no prompt', () => {
  const console = { login: 'root', serialFile: '/serial', files: [] };

  test.each([
    ['nothing', '', 'login prompt'],
    ['noise of another speed', '\xff\x00\xfe\x80', 'shell prompt'],
    ['a boot loader', 'U-Boot> ', 'shell prompt'],
    ['a menu that answers nothing', 'Press a key> ', 'shell prompt'],
    ['a question that is no login', 'Press a key: ', 'login prompt'],
  ])('%s is said as no prompt, and the unit is blamed', async (_, shown, what) => {
    const link = new ScriptedLink(() => (shown === '' ? [] : [Buffer.from(shown, 'latin1')]));
    const error = await refusal(impatient.open(link, never, { console }), 'console.no-prompt');
    expect(error.details).toEqual({ what, seconds: 1 });
    expect(error.blame).toBe('unit');
  });

  test('an endless flood is no prompt either, and is not kept', async () => {
    const flood = Buffer.alloc(65_536, 'y');
    const link = new ScriptedLink(() => [flood]);
    const timer = setInterval(() => link.say(flood), 5);
    onTestFinished(() => clearInterval(timer));
    await refusal(impatient.open(link, never, { console }), 'console.no-prompt');
  });

  test('a call ends with its signal, and with its reason', async () => {
    const stop = new AbortController();
    const opened = hurriedConsole.open(new ScriptedLink(() => []), stop.signal, { console });
    stop.abort(new StationError('run.aborted', { who: 'a test' }));
    await refusal(opened, 'run.aborted');
  });

  test('a lost link is said at once', async () => {
    const link = new ScriptedLink(() => []);
    const opened = hurriedConsole.open(link, never, { console });
    await link.close();
    await refusal(opened, 'link.lost');
  });
});

test('a recipe that says nothing of a console cannot use this protocol', async () => {
  await refusal(hurriedConsole.open(new ScriptedLink(() => []), never), 'recipe.unsupported');
});

test.each([9_600, 115_200, 921_600, 3_000_000])('a port is opened at %d baud', async (baud) => {
  expect(await serialOf(await unitWith({ shell: 'bash', account, baud }))).toBe('SN-LINUX-1');
});
