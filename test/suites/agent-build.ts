// The agent in C, compiled for this computer: under test/out, named after what it was made from, so that it is made once.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const top = join(import.meta.dirname, '..', '..');
export const agentFolder = join(top, 'drivers/protocols/agent');

/** What the tests of the agent need of this machine: Debian's gcc and libssl-dev. */
export const canBuildAgent =
  existsSync('/usr/include/openssl/evp.h') && ['/usr/bin/gcc', '/usr/local/bin/gcc'].some((path) => existsSync(path));
/** Longer than a busy machine compiles. */
export const compiling = 600_000;
/** Said in the names of tests that cannot run. */
export const needsCompiler = canBuildAgent ? '' : ' (apt-get install gcc libc6-dev libssl-dev)';

/** C99, every warning an error. */
export const strict = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
/** What the first wrong access or undefined step ends the program with. */
const sanitized = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

/** The C files of folders of the agent. */
export const sourcesOf = (...folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(agentFolder, folder))
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => join(folder, name)),
  );

/** A digest over every source file of the agent and the options, in the order of their names. */
function fingerprint(options: readonly string[]): string {
  const names = readdirSync(agentFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[ch]$/.test(name));
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(agentFolder, name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The program of these sources, with sanitizers; its path. `include` is the folder of its birthmark_config.h. Rejects with what the
 * compiler says.
 */
export async function buildAgent(
  name: string,
  sources: readonly string[],
  include: string,
  defines: readonly string[] = [],
): Promise<string> {
  const options = [...strict, ...sanitized, ...defines, `-I${include}`, ...sources, '-lcrypto'];
  const folder = join(top, 'test/out/agent');
  const program = join(folder, `${name}-${fingerprint(options)}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // Several test files may make it at the same time: each its own, and the last one stays.
  const made = `${program}.${process.pid}`;
  await run('gcc', [...options, '-o', made], { cwd: agentFolder });
  renameSync(made, program);
  return program;
}

/** The unit on a socket, with or without a TPM. */
export const buildHostAgent = (withTpm: boolean): Promise<string> =>
  buildAgent(withTpm ? 'unit-with-tpm' : 'unit', sourcesOf('core', 'host'), 'host', [
    `-DBM_WITH_TPM=${withTpm ? 1 : 0}`,
  ]);

/** A program of the agent's own tests: the agent on a memory that is an array, with these sources of its folder `test`. */
export const buildAgentTest = (tests: readonly string[], defines: readonly string[] = []): Promise<string> => {
  const own = tests.map((name) => join('test', `${name}.c`));
  const sources = [...sourcesOf('core'), join('host', 'crypto.c'), join('test', 'ram.c'), ...own];
  return buildAgent(tests.join('-'), sources, 'host', defines);
};

/** What a program writes to standard output; rejects with all that it said when it fails. */
export async function runAgentTest(program: string, options: readonly string[], input = ''): Promise<string> {
  const child = execFile(program, [...options], { maxBuffer: 1 << 26 });
  const said: string[] = [];
  let output = '';
  child.stdout?.on('data', (text: string) => {
    output += text;
  });
  child.stderr?.on('data', (text: string) => said.push(text));
  child.stdin?.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}${said.join('')}`);
  return output;
}

/** The units that the suites run: made while a test file is read, since compiling takes longer than a hook may. */
export async function hostAgentsAreBuilt(): Promise<void> {
  if (!canBuildAgent) return;
  await buildHostAgent(false);
  await buildHostAgent(true);
}
