import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalProgrammer } from '../../../../drivers/programmers/external.ts';
import type { Programmer } from '../../../../drivers/programmers/programmer.ts';
import type { ImagePlan } from '../../../../station-core/contract/image.ts';
import { type Recipe, recipeSchema } from '../../../../station-core/contract/recipe.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { openLog } from '../../../../station-core/log.ts';
import { recipeOf, unitOf } from '../../../../station-core/practice.ts';
import { flashedBy, flasher } from '../../../suites/flashing.ts';
import { heldCertificate } from '../../../suites/held-key.ts';
import { TestStation } from '../../../suites/station.ts';

// Units whose key and certificate a program writes, as the image of a partition: the chip's firmware finds them there at its next start.

let line: TestStation;
let units: string;
/** What happens between the program's start and its end, beside what it does. */
let meanwhile: (job: Parameters<Programmer['run']>[0]) => Promise<void> = async () => undefined;
/** The unit that lies on the fixture in place of the one that was scanned. */
let lying: string | undefined;

beforeAll(async () => {
  const node = externalProgrammer({ path: process.execPath });
  const programmers: Record<string, Programmer> = {
    esptool: {
      ...node,
      run: async (job, told, signal) => {
        await meanwhile(job);
        return node.run(job, told, signal);
      },
    },
    sh: externalProgrammer({ path: '/bin/sh' }),
  };
  line = await TestStation.open({
    lanes: 1,
    log: openLog,
    parts: { programmers },
    openLane: (simulated, lane) => async (label, signal) => {
      await simulated.place(lane, unitOf(lying ?? label));
      return simulated.link(lane, signal);
    },
  });
  units = join(line.folder, 'practice', 'units');
});
afterAll(async () => {
  const findings = await fsck(line.folder);
  expect(findings.filter(({ kind }) => kind === 'damage')).toEqual([]);
  expect(images()).toEqual([]);
  await line.close();
});

const images = (): string[] =>
  ['/dev/shm', tmpdir()]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => name.startsWith('birthmark-image-'));

const flashed = (image: Partial<ImagePlan> = {}, source: 'station' | 'unit' = 'station'): Promise<Recipe> => {
  const args = [flasher, '{imageFile}', `${units}/{serial}.mem`];
  return flashedBy(line.station, { programmer: { name: 'esptool', args, deadlineSeconds: 30 }, ...image }, source);
};

let orders = 0;
async function ordered(recipe: Recipe): Promise<string> {
  const serial = `ESP-${++orders}`;
  const unit = { serial, mac: unitOf(serial).mac };
  await line.as('lead', 'orders.create', { name: serial, recipe, units: [unit] });
  return serial;
}

const story = async (serial: string) => (await line.as('lead', 'unit.story', { serial }))[0];
const releases = (run: number) =>
  line.entries().filter((entry) => entry.action === 'credential.released' && entry.run === run);

describe('a key of the station', () => {
  test('is written with its certificate by the program, and proven by the unit that started anew', async () => {
    const serial = await ordered(await flashed({ bytes: 0x4000 }));
    const run = await line.scan(1, serial);
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    expect(run.steps.map(({ name }) => name)).toEqual([
      'greet',
      'identify',
      'provision',
      'request',
      'issue',
      'flash',
      'prove',
    ]);
    expect(run.facts).toMatchObject({ delivery: 'image', imageProgrammer: 'esptool', imageProgramEnded: 'exit 0' });
    expect(releases(run.id)).toMatchObject([{ details: { delivery: 'image', kind: 'x509' } }]);
    expect((await story(serial))?.credentials).toMatchObject([{ state: 'proven' }]);
    expect(heldCertificate(join(line.folder, 'practice'), serial).chain).toContain('BEGIN CERTIFICATE');
  });

  test('is in no record, though the program printed it', async () => {
    const serial = await ordered(await flashed());
    const run = await line.scan(1, serial);
    const shown = await line.as('technician', 'run.output', { run: run.id });
    expect([run.outcome, shown.output]).toEqual(['passed', null]);
  });

  test('lies in a file of its owner’s alone for as long as the program runs', async () => {
    const seen: string[][] = [];
    meanwhile = async ({ args }) => {
      seen.push(images());
      expect(images().some((name) => args[1]?.includes(name))).toBe(true);
    };
    await line.scan(1, await ordered(await flashed()));
    meanwhile = async () => undefined;
    expect(seen.map(({ length }) => length)).toEqual([1]);
    expect(images()).toEqual([]);
  });

  test('is brought again, and no other, to a unit whose program broke', async () => {
    const recipe = await flashed({
      programmer: { name: 'sh', args: ['-c', 'exit 3', 'x', '{imageFile}'], deadlineSeconds: 5, failed: [3] },
    });
    const serial = await ordered(recipe);
    const broke = await line.scan(1, serial);
    // The release entry is durable, and part of the image may have been written: nobody says that the unit has no key.
    expect(broke).toMatchObject({ outcome: 'indeterminate', error: { code: 'unit.not-programmed' } });
    expect(broke.error?.details.said).toBe('what it printed is not kept, since it had the key');
    const before = (await story(serial))?.credentials[0];
    const again = await line.scan(1, serial);
    expect(again.facts.again).toBe(true);
    expect((await story(serial))?.credentials).toMatchObject([{ operation: before?.operation }]);
  });

  test('is not written over the credential of another', async () => {
    const serial = await ordered(await flashed());
    const before = await ordered(await recipeOf(line.station, 'symmetric-individual'));
    expect(await line.scan(1, before)).toMatchObject({ outcome: 'passed' });
    copyFileSync(join(units, `${before}.mem`), join(units, `${serial}.mem`));
    const run = await line.scan(1, serial);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.other-credential' } });
    expect(releases(run.id)).toEqual([]);
  });

  test('is refused before its release where the image has no room for its chain', async () => {
    const roots = `-----BEGIN CERTIFICATE-----\n${`${'A'.repeat(64)}\n`.repeat(60)}-----END CERTIFICATE-----\n`;
    const run = await line.scan(1, await ordered(await flashed({ bytes: 0x1000, roots })));
    expect(run).toMatchObject({ outcome: 'errored', error: { code: 'input.invalid' } });
    expect(releases(run.id)).toEqual([]);
  });

  test('that another unit got while the program ran is told as what nobody knows', async () => {
    const serial = await ordered(await flashed());
    const other = await ordered(await flashed());
    meanwhile = async () => {
      lying = other;
    };
    const run = await line.scan(1, serial);
    meanwhile = async () => undefined;
    lying = undefined;
    expect(run).toMatchObject({ outcome: 'indeterminate', error: { code: 'unit.serial-mismatch' } });
  });
});

test('a key that the unit made stays in the block of its eFuses, and the image says which', async () => {
  const serial = await ordered(await flashed({ keyBlock: 2 }, 'unit'));
  const run = await line.scan(1, serial);
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  expect(run.facts).toMatchObject({ source: 'unit', delivery: 'image' });
});

test('whoever orders units whose key lies in their flash is told so', async () => {
  const told = async (recipe: Recipe) =>
    (
      await line.as('lead', 'orders.create', { name: `told ${++orders}`, recipe, units: [{ serial: `T-${orders}` }] })
    ).warnings.filter((one) => one.includes('flash'));
  expect(await told(await flashed())).toHaveLength(1);
  expect(await told(await flashed({ keyBlock: 0 }, 'unit'))).toEqual([]);
});

test('recipes that do not fit a unit of images are refused', async () => {
  const good = await flashed();
  const wrong = (more: object) => recipeSchema.safeParse({ ...good, ...more }).success;
  expect(wrong({})).toBe(true);
  expect(wrong({ delivery: 'channel' })).toBe(false);
  expect(wrong({ protocol: 'linux-console' })).toBe(false);
  expect(wrong({ image: { ...good.image, keyBlock: 1 } })).toBe(false);
  expect(wrong({ image: { ...good.image, bytes: 5_000 } })).toBe(false);
  const programmer = { name: 'esptool', args: ['write_flash'], deadlineSeconds: 30 };
  expect(wrong({ image: { ...good.image, programmer } })).toBe(false);
  expect(wrong({ programmer: { ...programmer, args: ['{imageFile}'] } })).toBe(false);
});
