import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { IssuingStation, tapOf, withAttestation } from '../suites/issuing-station.ts';
import {
  certificatesOf,
  counting,
  type Fault,
  holdsKnown,
  inspectStruck,
  issue,
  nothingUnaccounted,
  type Point,
  pointsOf,
  striking,
  struck,
  unaccounted,
} from '../suites/issuing-struck.ts';
import { noted } from '../suites/issuing-tap.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// One certificate on the line, and every system call by which the station makes its intent, its signature, its outcome and
// its installation durable: there the disk breaks, the disk is full, or the process dies.

const phases = ['intent', 'sign', 'store', 'install', 'after'];
const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace) process.stderr.write('issuing: strace is not installed, no faults are injected\n');

type Founded = { folder: string; label: string; since: number; points: readonly Point[] };

/** A folder with an armed order of one unit, and the calls that issuing its certificate takes. */
async function found(home: string, source: 'unit' | 'station' = 'unit'): Promise<Founded> {
  const folder = join(home, 'founded');
  const station = await IssuingStation.open(folder);
  const { labels } = await station.order(1, withAttestation({ key: { source, algorithm: 'p256' } }));
  await station.close();
  const [label = ''] = labels;
  const log = join(home, 'calls');
  const trial = fresh(folder, join(home, 'station'));
  const told = await issue(trial, ['--labels', label], counting(trial, log));
  expect(told).toEqual([{ label, outcome: 'passed' }]);
  const points = pointsOf(log);
  for (const phase of phases) expect(points.some((point) => point.phase === phase)).toBe(true);
  return { folder, label, since: noted(tapOf(folder)).length, points };
}

function fresh(from: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  cpSync(from, folder, { recursive: true });
  return folder;
}

/** Every point with every fault, or in the short form some of each kind of point. What notes signatures is no disk: it only dies. */
function strikes({ points }: Founded, random: () => number, some: number): { point: Point; fault: Fault }[] {
  const faults: readonly Fault[] = ['signal=SIGKILL', 'error=EIO', 'error=ENOSPC'];
  const fits = (point: Point, fault: Fault) => point.call !== 'write' || fault === 'signal=SIGKILL';
  if (long)
    return points.flatMap((point) => faults.filter((fault) => fits(point, fault)).map((fault) => ({ point, fault })));
  return phases.flatMap((phase) => {
    const of = points.filter((point) => point.phase === phase);
    const chosen = phase === 'sign' ? of : [of.at(-1), of[whole(random, of.length)]];
    return chosen.slice(0, some).flatMap((point, index) => {
      const fault = faults[phase === 'sign' || index === 0 ? 0 : 1 + whole(random, 2)];
      return point && fault ? [{ point, fault }] : [];
    });
  });
}

test.skipIf(!hasStrace).each([
  ['unit', 2],
  ['station', 1],
] as const)(
  'the disk refuses or the station dies at a write of issuing for a key of the %s: nothing is signed that it does not know, and the unit is finished',
  { timeout: 3_600_000 },
  async (source, some) => {
    const from = testSeed('issuing');
    const home = temporaryFolder();
    const founded = await found(home, source);
    const seen = { struck: 0, possible: 0, again: 0 };
    const all = strikes(founded, seeded(from), some);
    for (const { point, fault } of all) {
      const folder = fresh(founded.folder, join(home, 'station'));
      const log = join(home, 'calls');
      const told = await issue(folder, ['--labels', founded.label], striking(folder, log, point, fault));
      const where = { from, ...point, fault };
      expect({ ...where, struck: struck(log) }).toEqual({ ...where, struck: true });
      seen.struck++;
      await outlived(folder, founded, { where, told, seen });
    }
    process.stderr.write(
      `issuing: seed ${from}, key of the ${source}, ${seen.struck} faults at ${founded.points.length} calls, ${seen.possible} possibly issued, ${seen.again} certificates used again\n`,
    );
  },
);

type Struck = {
  readonly where: object;
  readonly told: readonly { readonly [field: string]: unknown }[];
  readonly seen: { possible: number; again: number };
};

/** What is there after the fault, after the next start, and once the unit is scanned again. */
async function outlived(folder: string, { label, since }: Founded, { where, told, seen }: Struck): Promise<void> {
  const open = await inspectStruck(folder, since, where);
  const before = certificatesOf(folder).filter(({ unit }) => unit !== null);
  const passed = told.some(({ outcome }) => outcome === 'passed');
  const station = await IssuingStation.open(folder);
  const { certificates, credentials, units } = station.station.records;
  expect({ ...where, intents: certificates.intents() }).toEqual({ ...where, intents: [] });
  const [unit] = units.bySerial(label);
  const key = credentials.ofUnit(unit?.id ?? 0)?.fingerprint;
  if (open > 0) expect({ ...where, state: unit?.state }).toEqual({ ...where, state: 'quarantined' });
  if (!passed && unit?.state !== 'finished') {
    const { outcome, error } = await station.scan(1, label);
    expect({ ...where, outcome, error }).toEqual({ ...where, outcome: 'passed', error: undefined });
  }
  expect({ ...where, state: units.bySerial(label)[0]?.state }).toEqual({ ...where, state: 'finished' });
  await station.close();

  const after = certificatesOf(folder).filter(({ unit: of }) => of !== null);
  const issued = after.filter(({ state }) => state === 'issued');
  expect({ ...where, issued: issued.length }).toEqual({ ...where, issued: 1 });
  if (key) expect(issued[0]?.keyHash).toEqual(key);
  const had = before.find(({ state }) => state === 'issued');
  if (had) {
    seen.again++;
    expect({ ...where, ids: after.map(({ id }) => id) }).toEqual({ ...where, ids: before.map(({ id }) => id) });
  }
  seen.possible += open;
  expect(after.filter(({ state }) => state === 'possible').length).toBeGreaterThanOrEqual(open);
  expect({ ...where, holds: holdsKnown(folder, label) }).toEqual({ ...where, holds: true });
  await inspectStruck(folder, since, where);
  expect({ ...where, findings: await fsck(folder) }).toEqual({ ...where, findings: [] });
}

test.skipIf(!hasStrace)(
  'a station that signs before its intent is durable is caught',
  { timeout: 300_000 },
  async () => {
    const home = temporaryFolder();
    const { folder: founded, label, since, points } = await found(home);
    const last = points.findLast(({ phase }) => phase === 'sign');
    expect(last).toBeDefined();
    const log = join(home, 'calls');
    const strike = async (...mutant: string[]) => {
      const folder = fresh(founded, join(home, 'station'));
      const under = last ? striking(folder, log, last, 'signal=SIGKILL') : [];
      await issue(folder, ['--labels', label, ...mutant], under);
      expect(existsSync(join(folder, 'station.db')) && struck(log)).toBe(true);
      return unaccounted(folder, since);
    };
    expect(await strike()).toEqual(nothingUnaccounted);
    expect((await strike('--mutant')).unknown).toHaveLength(1);
  },
);
