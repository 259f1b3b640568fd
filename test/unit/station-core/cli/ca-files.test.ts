import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { caCommand } from '../../../../station-core/cli/ca-commands.ts';
import { clockCommand, unitsCommand } from '../../../../station-core/cli/ca-commands-after.ts';
import { cConstant, javaConstant, singles } from '../../../../station-core/cli/ca-constants.ts';
import { writeNew, writeText } from '../../../../station-core/cli/ca-files.ts';
import { callAgreed } from '../../../../station-core/cli/ca-people.ts';
import { parseSubject } from '../../../../station-core/cli/ca-subject.ts';
import { certificatesText, certificateText, issuersText, shell } from '../../../../station-core/cli/ca-text.ts';
import type { People } from '../../../../station-core/cli/people.ts';
import type { OpenStation } from '../../../../station-core/open-station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk, Owner } from './ca-parts.ts';

/** A chain of three. */
function chain(): string {
  const desk = new Desk(temporaryFolder());
  const owner = new Owner(desk);
  owner.authority('root');
  owner.authority('middle', 'root');
  owner.authority('own', 'middle');
  return ['own', 'middle', 'root'].map((name) => readFileSync(desk.file(`${name}.pem`), 'utf8')).join('');
}

test('a C constant compiles without a warning and prints the same PEM', () => {
  const folder = temporaryFolder();
  const pem = chain();
  const main = '#include <stdio.h>\nint main(void) { return fputs(ca_3_line_b_chain, stdout) < 0; }\n';
  writeFileSync(join(folder, 'main.c'), `${cConstant('3-line.b', pem)}${main}`);
  execFileSync('cc', ['-std=c11', '-Wall', '-Wextra', '-Werror', '-o', join(folder, 'main'), join(folder, 'main.c')]);
  expect(execFileSync(join(folder, 'main')).toString()).toBe(pem);
});

test('a Java constant is one expression of literals whose value is the same PEM', () => {
  const pem = chain();
  const [, name, expression = ''] = /^static final String (\w+) =\n([^;]+);\n$/.exec(javaConstant('line-3', pem)) ?? [];
  expect(name).toBe('LINE_3_CHAIN');
  const literals = expression.trim().split(/\n {4}\+ /);
  expect(literals.every((literal) => /^"[\w+/= -]+\\n"$/.test(literal))).toBe(true);
  expect(literals.map((literal) => JSON.parse(literal) as string).join('')).toBe(pem);
  expect(singles(pem)).toHaveLength(3);
  expect(singles(pem).join('')).toBe(pem);
});

test('a new file is there whole, or nothing is', async () => {
  const folder = temporaryFolder();
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await writeNew(
    [first, second],
    async () => 'made',
    (made) => [made, Buffer.from([1, 2])],
  );
  expect([readFileSync(first, 'utf8'), readFileSync(second)]).toEqual(['made', Buffer.from([1, 2])]);
  let made = false;
  const make = async () => {
    made = true;
    return '';
  };
  await expect(writeNew([join(folder, 'third'), second], make, () => ['', ''])).rejects.toThrow(
    /expected a name that no file has yet/,
  );
  await expect(writeNew([join(folder, 'no', 'x')], make, () => [''])).rejects.toThrow(/can be written, found ENOENT/);
  expect(made).toBe(false);
  const failing = async () => Promise.reject(new Error('refused'));
  await expect(writeNew([join(folder, 'fourth')], failing, () => [''])).rejects.toThrow('refused');
  expect(readdirSync(folder).sort()).toEqual(['first', 'second']);
});

test('a file that appears meanwhile is not overwritten, and none of the others is left', async () => {
  const folder = temporaryFolder();
  const [mine, theirs] = [join(folder, 'mine'), join(folder, 'theirs')];
  const make = async () => writeFileSync(theirs, 'theirs');
  await expect(writeNew([mine, theirs], make, () => ['mine', 'mine'])).rejects.toThrow(
    /theirs: expected a file that can be written, found EEXIST/,
  );
  expect([existsSync(mine), readFileSync(theirs, 'utf8'), readdirSync(folder)]).toEqual([false, 'theirs', ['theirs']]);
  await writeText(mine, 'x');
});

test('in production both people are named before either types a PIN', async () => {
  const opened = { station: { row: { mode: 'production' } } } as unknown as OpenStation;
  const retire = (people: People) => callAgreed(opened, people, 'ca.retire', { name: 'line-3' });
  await expect(retire({ second: 'B' })).rejects.toThrow(/^--as: expected the name/);
  await expect(retire({ as: 'A' })).rejects.toThrow(/^--second: expected the name/);
});

test('subjects are read as people write them', () => {
  expect(parseSubject('CN=Line 3\\, hall 2, O=Contoso,ou=Factory,C=DE')).toEqual({
    CN: 'Line 3, hall 2',
    O: 'Contoso',
    OU: 'Factory',
    C: 'DE',
  });
  for (const wrong of ['', 'CN=', 'O=x', 'CN=a,CN=b', 'CN=a,L=b', 'a'])
    expect(() => parseSubject(wrong)).toThrow(/--subject: expected CN=name/);
});

const issuer = {
  name: 'a'.repeat(64),
  kind: 'intermediate',
  state: 'destroyed',
  algorithm: 'rsa4096',
  subject: 'CN=\u001b[2J evil '.repeat(9),
  publicKey: '00'.repeat(32),
  notAfter: '2036-11-17T21:43:33.000Z',
  quota: 100_000_000,
  issued: 100_000_000,
  witnessed: true,
  csr: '',
  chain: '',
  warnings: [],
} as const;

const certificate = {
  id: 9_999_999,
  issuer: 'line-3',
  serialNumber: 'ab'.repeat(20),
  purpose: 'leaf',
  state: 'possible',
  registrationId: 'r'.repeat(128),
  intendedAt: '2026-11-20T21:43:33.000Z',
  notAfter: '2036-11-17T21:43:33.000Z',
} as const;

test('tables fit 100 columns, and no name of others steers the terminal', () => {
  for (const text of [issuersText([issuer]), certificatesText([certificate, certificate])]) {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
  expect(certificateText(certificate)).toContain(certificate.serialNumber);
});

test('a file name is quoted in a command to paste when it must be', () => {
  expect([shell('a/b-1.pem'), shell("it's")]).toEqual(['a/b-1.pem', `'it'\\''s'`]);
});

test('every command has help that names its station, its person and its JSON', async () => {
  const ended = async () => undefined;
  const commands = [caCommand(ended), unitsCommand(ended), clockCommand(ended)].flatMap((command) => [
    ...command.commands,
  ]);
  expect(commands.map((command) => command.name())).toHaveLength(31);
  for (const command of commands) {
    const help = command.helpInformation();
    for (const word of ['--station <folder>', '--as <name>', '--json', command.description().slice(0, 30)]) {
      expect(help).toContain(word);
    }
  }
  const { code, out } = await new Desk(temporaryFolder()).run('ca', '--help');
  expect([code, out]).toEqual([0, expect.stringContaining('In the order of a ceremony')]);
});
