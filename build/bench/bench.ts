// `npm run bench -- [NAME …] [--json] [--entries N]`: figures, measured and never asserted. Without a name all of them run; with --json
// each prints one JSON object on one line.
import { parseArgs } from 'node:util';
import { audit } from './audit.ts';
import { caBatch } from './ca-batch.ts';
import { commits } from './commits.ts';
import { drain } from './drain.ts';
import { lock } from './lock.ts';
import { replug } from './replug.ts';
import { screen } from './screen.ts';
import { tpmRead } from './tpm-read.ts';
import { unit } from './unit.ts';

/** A benchmark: what it tells in one line, and its run. Figures are plain numbers, named with their unit. */
export type Bench = { readonly about: string; run(size: Size): Promise<Record<string, number | string>> };

/** Another size than the usual one, where a benchmark has one. */
export type Size = { readonly entries?: number };

const benches: Readonly<Record<string, Bench>> = {
  audit,
  'ca-batch': caBatch,
  commits,
  drain,
  lock,
  replug,
  screen,
  'tpm-read': tpmRead,
  unit,
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, entries: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are:\n`);
  for (const [name, { about }] of Object.entries(benches)) process.stderr.write(`  ${name}: ${about}\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name}: ${bench.about} …\n`);
  const figures = await bench.run(values.entries === undefined ? {} : { entries: Number(values.entries) });
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, ...figures })}\n`);
  else for (const [figure, value] of Object.entries(figures)) process.stdout.write(`  ${figure}: ${value}\n`);
}
