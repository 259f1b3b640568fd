// `birthmark-verify`: checks an export of the audit trail, with the log's public key and nothing else.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Wrong } from './findings.ts';
import { type Pin, readPins } from './note.ts';
import { verify } from './verify.ts';
import { inWords } from './words.ts';

const help = `Usage: birthmark-verify [--key FILE] [--json] FOLDER

Checks an export of a station's audit trail: every byte of every file.

  --key FILE  the log's public key, from a source that you trust: what \`birthmark audit key\` printed, or PEM as in the
              record of the key ceremony. Without it you learn that the export is consistent with itself, and under
              which key.
  --json      the answer as one line of JSON on standard output
  --help      this

Ends with 0 when everything holds, 1 when something does not, 2 when it could not look.
`;

const keyLimit = 1 << 16;

function pinsOf(file: string | undefined): readonly Pin[] {
  if (file === undefined) return [];
  const text = readFileSync(file, 'utf8');
  if (text.length > keyLimit) throw new Wrong('it is too long for a key');
  return readPins(text);
}

/** Progress for people who watch; a line that the next one overwrites. */
function progress(entries: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${entries.toLocaleString('en-US')} entries …`);
}

function run(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    options: { key: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new TypeError('give one folder: the export');
  let pins: readonly Pin[];
  try {
    pins = pinsOf(values.key);
  } catch (thrown) {
    throw new Error(`the key file ${values.key}: ${thrown instanceof Error ? thrown.message : 'unreadable'}`);
  }
  const answer = verify(folder, pins, progress);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : inWords(answer));
  return answer.ok ? 0 : 1;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (thrown) {
  const error = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`birthmark-verify: could not look: ${error}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ schema: 1, ok: false, error })}\n`);
  process.exitCode = 2;
}
