import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { recheckFolder } from '../suites/certificates.ts';
import { plainCsr } from '../suites/issuing-csrs.ts';
import { IssuingStation, tapOf } from '../suites/issuing-station.ts';
import {
  certificatesOf,
  counting,
  type Fault,
  inspectStruck,
  issue,
  type Point,
  pointsOf,
  striking,
  struck,
  type Told,
} from '../suites/issuing-struck.ts';
import { noted } from '../suites/issuing-tap.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Batches of certificate requests, several on their way at once: the disk refuses or the process dies at a write call in the
// middle. The same files are given again afterwards, and everybody has one certificate.

const strikes = long ? 150 : 3;
const units = 20;
const faults: readonly Fault[] = ['signal=SIGKILL', 'error=EIO', 'signal=SIGKILL', 'error=ENOSPC'];
const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace) process.stderr.write('issuing-batch: strace is not installed, no faults are injected\n');

type Csrs = { readonly name: string; readonly csr: string }[];
type Founded = { folder: string; order: string; csrs: Csrs; since: number; points: readonly Point[] };

async function found(home: string): Promise<Founded> {
  const folder = join(home, 'founded');
  const station = await IssuingStation.open(folder);
  const { name: order, labels } = await station.order(units);
  const csrs = labels.map((name) => ({ name, csr: plainCsr(station.registrationOf(name)).toString('base64') }));
  writeFileSync(join(folder, 'csrs.json'), JSON.stringify(csrs));
  await station.close();
  const log = join(home, 'calls');
  const trial = fresh(folder, join(home, 'station'));
  const told = await issue(trial, ['--order', order], counting(trial, log));
  expect(told.filter(({ state }) => state === 'issued')).toHaveLength(units);
  return { folder, order, csrs, since: noted(tapOf(folder)).length, points: pointsOf(log) };
}

function fresh(from: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  cpSync(from, folder, { recursive: true });
  return folder;
}

/** What was answered as issued is there. */
function lost(folder: string, told: readonly Told[]): unknown[] {
  const issued = new Set(certificatesOf(folder).map(({ der }) => der?.toString('base64')));
  return told.filter(({ certificate }) => certificate !== undefined && !issued.has(String(certificate)));
}

test.skipIf(!hasStrace)(
  `${strikes} faults in the middle of batches, serial numbers that collide among them: given again, everybody has one certificate`,
  { timeout: 3_600_000 },
  async () => {
    const from = testSeed('issuing-batch');
    const random = seeded(from);
    const home = temporaryFolder();
    const founded = await found(home);
    const points = founded.points.slice(founded.points.findIndex(({ phase }) => phase === 'intent'));
    const seen = { struck: 0, possible: 0, collided: 0 };
    for (let strike = 0; strike < strikes; strike++) {
      const folder = fresh(founded.folder, join(home, 'station'));
      const log = join(home, 'calls');
      const fault = faults[strike % faults.length] ?? 'signal=SIGKILL';
      const fit = points.filter(({ call }) => call !== 'write' || fault === 'signal=SIGKILL');
      const point = fit[whole(random, fit.length)];
      if (!point) throw new Error('there is no such call');
      const collide = strike % 3 === 2 ? ['--collide', String(whole(random, 1000))] : [];
      const told = await issue(folder, ['--order', founded.order, ...collide], striking(folder, log, point, fault));
      if (struck(log)) seen.struck++;
      const where = { from, strike, fault, collide, ...point };
      expect({ ...where, lost: lost(folder, told) }).toEqual({ ...where, lost: [] });
      seen.possible += await inspectStruck(folder, founded.since, where);
      seen.collided += told.filter(({ code }) => code === 'ca.serial-taken').length;
      await givenAgain(folder, founded, where);
    }
    expect(seen.struck).toBeGreaterThan(strikes / 2);
    process.stderr.write(
      `issuing-batch: seed ${from}, ${seen.struck} of ${strikes} struck at ${points.length} calls, ${seen.possible} possibly issued, ${seen.collided} collisions refused\n`,
    );
  },
);

/** Twice: the second time there is nothing to do. */
async function givenAgain(folder: string, { order, csrs, since }: Founded, where: object): Promise<void> {
  const station = await IssuingStation.open(folder);
  const fared = await station.as('lead', 'ca.issue', { order, csrs });
  const refused = fared.filter(({ state }) => state === 'refused');
  expect({ ...where, refused }).toEqual({ ...where, refused: [] });
  const again = await station.as('lead', 'ca.issue', { order, csrs });
  expect(again.map(({ state }) => state)).toEqual(csrs.map(() => 'again'));
  expect(again.map(({ certificate }) => certificate)).toEqual(fared.map(({ certificate }) => certificate));
  await station.close();

  const rows = certificatesOf(folder).filter(({ unit }) => unit !== null);
  const issued = rows.filter(({ state }) => state === 'issued');
  expect({ ...where, units: new Set(issued.map(({ unit }) => unit)).size }).toEqual({ ...where, units });
  expect(issued).toHaveLength(units);
  expect(new Set(issued.map(({ keyHash }) => keyHash.toString('hex'))).size).toBe(units);
  expect(new Set(rows.map(({ serial }) => serial.toString('hex'))).size).toBe(rows.length);
  await inspectStruck(folder, since, where);
  expect({ ...where, findings: await fsck(folder) }).toEqual({ ...where, findings: [] });
  expect(recheckFolder(folder)).toBe(units + 2);
}
