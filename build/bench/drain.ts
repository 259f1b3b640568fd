import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScaledClock } from '../../test/suites/scaled-clock.ts';
import { queueUnits, type Reached, type Uploading, uploading } from '../../test/suites/uploading.ts';
import type { Bench } from './bench.ts';

const rows = 100_000;
const perMinute = 200;
/** So many seconds are one: 50 minutes of draining are 100 s. */
const factor = 30;
const batch = 10;

/**
 * What was queued in weeks without a network goes to the emulator, over TLS, at the service's own pace, while time is compressed for
 * both: how much of the budget is used, how often the service says 429, and whether memory grows.
 */
export const drain: Bench = {
  about: `${rows} rows queued offline, ${perMinute} operations a minute, time ${factor} times as fast`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    const epoch = Date.now();
    const { child, at } = await emulatorOf(folder, epoch);
    mkdirSync(join(folder, 'station'));
    const line = uploading(join(folder, 'station'), at, new ScaledClock(factor, epoch), perMinute);
    try {
      const ids = Array.from({ length: rows }, (_, index) => `unit-${index}`);
      const queued = performance.now();
      for (let from = 0; from < rows; from += 1_000) await queueUnits(line.records, ids.slice(from, from + 1_000));
      const queueSeconds = (performance.now() - queued) / 1_000;
      return { rows, queueSeconds: Math.round(queueSeconds * 10) / 10, ...(await drained(line, child)) };
    } finally {
      await line.close();
      child.disconnect();
      child.stdin?.end();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function emulatorOf(folder: string, epoch: number): Promise<{ child: ChildProcess; at: Reached }> {
  const program = join(import.meta.dirname, '..', '..', 'test', 'suites', 'scaled-emulator.main.ts');
  const args = ['--folder', join(folder, 'dps'), '--factor', `${factor}`, '--epoch', `${epoch}`];
  const child = fork(program, [...args, '--per-minute', `${perMinute}`], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  if (!child.stdout) throw new Error('the emulator has no standard output');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, at: JSON.parse(line.toString('utf8')) as Reached };
}

type Sample = { readonly rss: number; readonly heap: number };

/** Samples of the process's memory, and what a steady drain reaches of the budget. */
async function drained({ pump, records }: Uploading, child: ChildProcess): Promise<Record<string, number>> {
  const samples: Sample[] = [];
  const sample = setInterval(() => {
    const { rss, heapUsed, external } = process.memoryUsage();
    samples.push({ rss: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 });
  }, 500);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const backlog = await pump.run();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sample);
  child.send('figures');
  const [{ refused }] = (await once(child, 'message')) as [{ refused: number }];
  const minutes = (seconds * factor) / 60;
  return {
    sent: backlog.done,
    operations: records.billed.total(),
    minutes: Math.round(minutes * 100) / 100,
    budgetPercent: Math.round((records.billed.total() / minutes / perMinute) * 1_000) / 10,
    refused429: refused,
    cpuMsPerCall: Math.round((user + system) / (rows / batch)) / 1_000,
    ...memory(samples),
  };
}

/** In each fifth of the drain: the most that the process had, SQLite's cache of 64 MiB included, and the least that was in use. */
function memory(samples: readonly Sample[]): Record<string, number> {
  const fifth = Math.ceil(samples.length / 5);
  const figures = [0, 1, 2, 3, 4].flatMap((part) => {
    const mine = samples.slice(part * fifth, (part + 1) * fifth);
    return [
      [`rssMiB${part + 1}`, Math.round(Math.max(...mine.map(({ rss }) => rss)))],
      [`heapMiB${part + 1}`, Math.round(Math.min(...mine.map(({ heap }) => heap)))],
    ] as const;
  });
  return Object.fromEntries(figures);
}
