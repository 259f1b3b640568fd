import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentence } from '../../station-core/contract/errors.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { type OpenStation, openStation } from '../../station-core/open-station.ts';
import { actor, makeOrder, prepareFolder, type RecipeName, recipeOf } from '../../station-core/practice.ts';
import { plan } from '../../station-core/run/plan.ts';
import type { Station } from '../../station-core/station.ts';
import { unreleased } from '../suites/struck-batch.ts';

// "No audit commit, no credential" where the disk is really full (a small file system of its own, filled to its last block) and where
// the database takes no writes, each from the beginning of every step of a run on, for every kind of credential.

const home = mkdtempSync(join(tmpdir(), 'birthmark-full-'));
const folder = join(home, 'station');
mkdirSync(folder);

const mount = () => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]).status === 0;
const unmount = () => spawnSync('umount', ['--lazy', folder]).status === 0;

/** A file system of its own needs root. Where that is not to be had, disk.test.ts alone fills the disk, by strace. */
const mayMount = process.getuid?.() === 0 && mount() && unmount();

/** What fills the disk. */
const ballast = join(folder, 'ballast');

let opened: OpenStation;

beforeAll(async () => {
  if (mayMount && !mount()) throw new Error(`${folder} could not be mounted`);
  // Units are no part of the station's disk.
  mkdirSync(join(home, 'practice'));
  symlinkSync(join(home, 'practice'), join(folder, 'practice'));
  prepareFolder(folder, 1);
  opened = await openStation(folder, {}, 'a test');
}, 60_000);

afterAll(async () => {
  try {
    // A test that failed may have left its disk full.
    rmSync(ballast, { force: true });
    await opened.close();
  } finally {
    if (mayMount) unmount();
    rmSync(home, { recursive: true, force: true });
  }
});

type Fault = { begin(station: Station): void; end(station: Station): void };

/** The log is written back and cut first, so that no commit finds room in what the file has already. */
const fullDisk: Fault = {
  begin({ records }) {
    records.db.pragma('wal_checkpoint(TRUNCATE)');
    const file = openSync(ballast, 'w');
    for (const size of [1_048_576, 4_096, 1]) while (hasRoom(file, size));
    closeSync(file);
  },
  end: () => rmSync(ballast),
};

function hasRoom(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size, 1)) > 0;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
    return false;
  }
}

const readOnly: Fault = {
  begin: ({ records }) => void records.db.pragma('query_only = ON'),
  end: ({ records }) => void records.db.pragma('query_only = OFF'),
};

/** A recipe of the practice line; `x509-station` has the key made by the station. */
async function recipe(name: RecipeName | 'x509-station'): Promise<Recipe> {
  if (name !== 'x509-station') return recipeOf(opened.station, name);
  const made = await recipeOf(opened.station, 'x509-individual');
  const key = { source: 'station', algorithm: 'p256' };
  return { ...made, name, attestation: { ...made.attestation, key } as Recipe['attestation'] };
}

const recipes = [
  'symmetric-group',
  'symmetric-individual',
  'x509-individual',
  'x509-station',
  'x509-stored',
  'tpm',
  'symmetric-sealed',
] as const;

/** Makes a unit whose record cannot be written from the beginning of a step on, and answers what people are told of its lane. */
async function struck(fault: Fault, serial: string, step: string) {
  const { station } = opened;
  const stop = station.onProgress((progress) => {
    if (progress.type === 'step' && progress.step === step) fault.begin(station);
  });
  const { run } = await station.call('run.start', { lane: 1, serial }, { actor: actor(station, 'technician') });
  await station.lanes.ended(1);
  stop();
  return { run, fault: station.lanes.view()[0]?.fault };
}

const scan = (serial: string) =>
  opened.station.call('run.start', { lane: 1, serial }, { actor: actor(opened.station, 'technician') });

const stateOf = (serial: string) => opened.station.records.units.bySerial(serial)[0]?.state;

describe.each([
  { about: 'a full disk', fault: fullDisk, isThere: mayMount },
  { about: 'a database that takes no writes', fault: readOnly, isThere: true },
])('with $about', ({ fault, isThere }) => {
  test.skipIf(!isThere).each(recipes)(
    '%s: no unit passes, none holds what no entry released, and the line goes on by itself',
    async (name) => {
      const { station } = opened;
      const technician = { actor: actor(station, 'technician') };
      const steps = plan(await recipe(name)).map((step) => step.name);
      const { labels } = await makeOrder(station, await recipe(name), steps.length);
      for (const [index, step] of steps.entries()) {
        const serial = labels[index] ?? '';
        const told = await struck(fault, serial, step);
        const seen = { name, step, code: told.fault?.code, state: stateOf(serial), unreleased: unreleased(folder) };
        expect(seen).toEqual({ name, step, code: 'store.failed', state: 'waiting', unreleased: [] });
        expect(told.fault && sentence(told.fault)).toMatch(
          /could not write its record.*free the disk or call the lead/,
        );
        await expect(scan(serial)).rejects.toMatchObject({ code: 'store.failed' });
        fault.end(station);
        await scan(serial);
        await station.lanes.ended(1);
        expect([step, stateOf(serial)]).toEqual([step, 'finished']);
        const { outcome } = await station.call('run.show', { run: told.run }, technician);
        expect([step, ['errored', 'indeterminate'].includes(outcome ?? '')]).toEqual([step, true]);
      }
      expect(await fsck(folder)).toEqual([]);
    },
    120_000,
  );

  test.skipIf(!isThere)(
    'a head that was signed and could not be stored is stored later, and lanes went on',
    async () => {
      const { station } = opened;
      const { hsm } = station.parts;
      const sign = hsm.sign.bind(hsm);
      hsm.sign = (...args) => {
        fault.begin(station);
        hsm.sign = sign;
        return sign(...args);
      };
      await expect(station.sealing.sign('asked')).rejects.toMatchObject({ code: 'store.failed' });
      const left = station.heads.intended();
      fault.end(station);
      const { labels } = await makeOrder(station, await recipe('symmetric-group'), 1);
      await scan(labels[0] ?? '');
      await station.lanes.ended(1);
      expect(stateOf(labels[0] ?? '')).toBe('finished');
      const entries = station.audit.head().entries;
      expect(await station.sealing.sign('asked')).toMatchObject({ size: entries });
      const sizes = station.records.db.prepare('SELECT size FROM audit_head WHERE note IS NOT NULL').pluck().all();
      expect(sizes).toContain(left?.size);
      expect(await fsck(folder)).toEqual([]);
    },
  );
});
