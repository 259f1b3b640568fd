// `node build/agent-size.ts`: how much of a microcontroller the agent in C takes (drivers/protocols/agent), into the table of its
// README. Debian's gcc-arm-none-eabi makes it; the port and whatever it calls are not in it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deepest } from './agent-stack.ts';

const agent = join(import.meta.dirname, '../drivers/protocols/agent');
const readme = join(agent, 'README.md');
const compiler = '/usr/bin/arm-none-eabi-gcc';
const cores = { 'Cortex-M0+': 'cortex-m0plus', 'Cortex-M4': 'cortex-m4' } as const;
const configurations = ['symmetric', 'certificate', 'everything'] as const;
const options = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-ffreestanding', '-mthumb'];
const small = ['-Os', '-ffunction-sections', '-fdata-sections', '-fcallgraph-info=su'];
/** Functions that the firmware calls, which nothing in the agent does. */
const entries = ['bm_start', 'bm_receive'];

export const hasArmCompiler = existsSync(compiler);

/** The compiler's own name and version, as the table gives it. */
export const armCompiler = (): string => execFileSync(compiler, ['-dumpfullversion'], { encoding: 'utf8' }).trim();

type Size = { readonly text: number; readonly data: number; readonly bss: number; readonly stack: number };

type Compiled = { readonly folder: string; readonly names: readonly string[] };

/** Compiles the core for a processor into a folder that goes afterwards. Throws what the compiler says. */
function compiled<T>(configuration: string, cpu: string, look: (made: Compiled) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-size-'));
  try {
    const sources = readdirSync(join(agent, 'core')).filter((name) => name.endsWith('.c'));
    const paths = sources.map((name) => join(agent, 'core', name));
    const include = `-I${join(agent, 'config', configuration)}`;
    execFileSync(compiler, [...options, ...small, `-mcpu=${cpu}`, include, '-c', ...paths], { cwd: folder });
    return look({ folder, names: sources.map((name) => name.replace(/\.c$/, '')) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ofObjects = (tool: string, { folder, names }: Compiled, options: readonly string[]): string =>
  execFileSync(`arm-none-eabi-${tool}`, [...options, ...names.map((name) => `${name}.o`)], {
    cwd: folder,
    encoding: 'utf8',
  });

/** What the core takes in this configuration on this processor, in bytes. Throws what the compiler says. */
const sizeOf = (configuration: string, cpu: string): Size =>
  compiled(configuration, cpu, (made) => {
    const sum = ofObjects('size', made, ['-t']).trim().split('\n').at(-1) ?? '';
    const [text = 0, data = 0, bss = 0] = sum.trim().split(/\s+/).map(Number);
    const graphs = made.names.map((name) => readFileSync(join(made.folder, `${name}.ci`), 'utf8'));
    return { text, data, bss, stack: deepest(graphs, entries) };
  });

/** The functions that the core calls and does not have, but for those of the compiler's own library. */
export const neededSymbols = (configuration: string): string[] =>
  compiled(configuration, cores['Cortex-M0+'], (made) => {
    const listed = (kind: string) =>
      [...ofObjects('nm', made, [kind]).matchAll(/ [A-Z] (\w+)$/gm)].map(([, name = '']) => name);
    const own = new Set(listed('--defined-only'));
    const needed = new Set(listed('--undefined-only'));
    return [...needed].filter((name) => !own.has(name) && !name.startsWith('__')).sort();
  });

/** The table of the README. */
export function sizeTable(): string {
  const rows = configurations.flatMap((configuration) =>
    Object.entries(cores).map(([name, cpu]) => {
      const { text, data, bss, stack } = sizeOf(configuration, cpu);
      const numbers = [text, data, bss, stack].map((bytes) => bytes.toLocaleString('en'));
      return `| \`${configuration}\` | ${name} | ${numbers.join(' | ')} |`;
    }),
  );
  const head = ['| configuration | processor | text | data | bss | stack |', '| --- | --- | --- | --- | --- | --- |'];
  return [...head, ...rows].join('\n');
}

const place = /(<!-- generated: sizes -->\n)[\s\S]*?(<!-- end of sizes -->)/;

/** The README with its table made anew. Throws when there is no place for it. */
export function renewedReadme(text: string): string {
  if (!place.test(text)) throw new Error('the README of the agent has no place for its sizes');
  return text.replace(place, (_, head: string, tail: string) => `${head}\n${sizeTable()}\n\n${tail}`);
}

if (import.meta.main) {
  writeFileSync(readme, renewedReadme(readFileSync(readme, 'utf8')));
  process.stdout.write(`${sizeTable()}\nby gcc ${armCompiler()}\n`);
}
