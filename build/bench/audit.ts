import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealEvery } from '../../station-core/audit/sealing.ts';
import { lineEntries, SignedLog } from '../../test/suites/signed-log.ts';
import type { Bench } from './bench.ts';

const top = join(import.meta.dirname, '..', '..');

/** A log as a line writes it, exported, verified, and its lines hashed and parsed alone: each in a process of its own. */
export const audit: Bench = {
  about:
    'exports of an audit trail of 1,000,000 entries and their verification (goals: 60 s, 30 s, twice hashing and parsing)',
  async run({ entries = 1_000_000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    try {
      const key = join(folder, 'key');
      writeFileSync(key, await makeLog(folder, entries));
      const out = (format: string) => join(folder, format);
      const reading = (...args: string[]) => measured([join(import.meta.dirname, 'audit-reading.main.ts'), ...args]);
      const figures: Record<string, number | string> = { entries, heads: Math.ceil(entries / sealEvery.entries) };
      for (const format of ['jsonl', 'tiles', 'csv']) {
        Object.assign(figures, named(format, await reading('export', folder, format, out(format))));
      }
      figures.entriesMb = Math.round(statSync(join(out('jsonl'), 'entries.jsonl')).size / 1e6);
      const alone = await reading('hash-and-parse', join(out('jsonl'), 'entries.jsonl'));
      const verifier = join(top, 'station-core', 'verifier', 'verify.main.ts');
      const verified = await measured([verifier, '--key', key, '--json', out('jsonl')]);
      Object.assign(figures, named('hashAndParse', alone), named('verify', verified));
      return { ...figures, verifyToHashAndParse: Math.round((verified.seconds / alone.seconds) * 100) / 100 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Writes the log, and answers its verifier keys. */
async function makeLog(folder: string, entries: number): Promise<string> {
  const log = await SignedLog.found(folder);
  for (let done = 3; done < entries; done += sealEvery.entries) {
    await log.append(lineEntries(done, Math.min(done + sealEvery.entries, entries)));
    await log.seal();
  }
  const keys = log.verifierKeys;
  log.db.close();
  return keys;
}

type Measure = { readonly seconds: number; readonly rss: readonly number[] };

const named = (what: string, { seconds, rss }: Measure): Record<string, number | string> => ({
  [`${what}Seconds`]: seconds,
  [`${what}RssMbInFifths`]: rss.join(' '),
});

const sampleMs = 100;

/** Runs a program of ours; answers how long it took, and the most memory that it held in each fifth of that time. */
async function measured(args: readonly string[]): Promise<Measure> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(rssMb(child.pid ?? 0)), sampleMs);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(sampling);
  if (code !== 0) throw new TypeError(`${args.join(' ')} ended with ${String(code)}`);
  const fifth = Math.ceil(samples.length / 5);
  const rss = [0, 1, 2, 3, 4].map((n) => Math.max(0, ...samples.slice(n * fifth, (n + 1) * fifth)));
  return { seconds: Math.round((performance.now() - began) / 10) / 100, rss };
}

/** Linux (proc(5), statm): the second figure counts pages of 4 KiB. */
function rssMb(pid: number): number {
  try {
    return Math.round((Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4_096) / 1e6);
  } catch {
    return 0; // it has just ended
  }
}
