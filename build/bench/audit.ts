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
      return {
        ...figures,
        verifyToHashAndParse: ratio(verified.seconds, alone.seconds),
        verifyToHashAndParseCpu: ratio(verified.cpu, alone.cpu),
      };
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

/** `cpu`: seconds of all of its threads, which a machine that others use at the same time does not lengthen as much. */
type Measure = { readonly seconds: number; readonly cpu: number; readonly rss: readonly number[] };

const named = (what: string, { seconds, cpu, rss }: Measure): Record<string, number | string> => ({
  [`${what}Seconds`]: seconds,
  [`${what}CpuSeconds`]: cpu,
  [`${what}RssMbInFifths`]: rss.join(' '),
});

const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

const sampleMs = 50;

/** Runs a program of ours; answers how long it took, and the most memory that it held in each fifth of that time. */
async function measured(args: readonly string[]): Promise<Measure> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const samples: Sample[] = [];
  const sampling = setInterval(() => samples.push(...sampleOf(child.pid)), sampleMs);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(sampling);
  if (code !== 0) throw new TypeError(`${args.join(' ')} ended with ${String(code)}`);
  const fifth = Math.ceil(samples.length / 5);
  const most = (some: readonly Sample[]) => Math.max(0, ...some.map(({ rssMb }) => rssMb));
  const rss = [0, 1, 2, 3, 4].map((n) => most(samples.slice(n * fifth, (n + 1) * fifth)));
  return { seconds: Math.round((performance.now() - began) / 10) / 100, cpu: samples.at(-1)?.cpuSeconds ?? 0, rss };
}

type Sample = { readonly rssMb: number; readonly cpuSeconds: number };

/** Linux (proc(5)): pages of 4 KiB in statm; clock ticks, 100 a second, at 14 and 15 in stat, whose second field ends with a bracket. */
function sampleOf(pid: number | undefined): Sample[] {
  try {
    const [, pages = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number);
    const [, stat = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
    const [user = 0, system = 0] = stat.split(' ').slice(11, 13).map(Number);
    return pages === 0 ? [] : [{ rssMb: Math.round((pages * 4_096) / 1e6), cpuSeconds: (user + system) / 100 }];
  } catch {
    return []; // it has just ended
  }
}
