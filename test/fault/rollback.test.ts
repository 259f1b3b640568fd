import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hsms } from '../../drivers/hsm/registry.ts';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { Applier } from '../../station-core/bundle/applier.ts';
import { sendBundled } from '../../station-core/bundle/sending.ts';
import { systemClock } from '../../station-core/clock.ts';
import { Anchored, copyDatabase, noteIn, type Place, stopCode } from '../suites/anchored.ts';
import { applierFolder } from '../suites/bundles.ts';
import { long, testSeed } from '../suites/seed.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { clientOf } from '../suites/station.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Promise D: yesterday's database with yesterday's heads, put back. Everything else is put back with it but one anchor, which must
// be enough; then the newest database comes back, and nothing may be said against it.

/** Two rounds of each of five anchors in `npm test`, twenty in the long form: 10 and 100. */
const rounds = long ? 20 : 2;

let token: SoftHsmToken;
beforeAll(async () => {
  token = await makeSoftHsm('birthmark-rollback');
});
afterAll(() => token.dispose());

const softHsm = () => {
  const { module, tokenLabel, environment } = token;
  return hsms.pkcs11({ module, tokenLabel, pin: token.pin(), environment });
};

const cases: readonly { name: string; place: Place; soft: boolean }[] = [
  { name: 'the token of a soft HSM', place: 'token', soft: true },
  { name: 'the token of SoftHSM', place: 'token', soft: false },
  { name: 'a share', place: 'share', soft: true },
  { name: 'the cloud, at its first answer', place: 'cloud', soft: true },
];

test.for(cases)(
  'put back, it is found through $name alone',
  { timeout: rounds * 60_000 },
  async ({ name, place, soft }) => {
    const from = testSeed('rollback');
    const random = seeded(from);
    const station = await Anchored.open(soft ? {} : { hsm: softHsm });
    const { labels } = await station.line.order('symmetric-group', rounds * 3);
    const units = labels.values();
    let found = 0;
    for (let round = 1; round <= rounds; round++) {
      const how = whole(random, 2) === 0 ? 'older' : 'forked';
      const told = await rollBack(station, place, how, random, units);
      expect({ name, from, round, told }).toMatchObject({ told: { code: `audit.${how}` } });
      found++;
    }
    process.stderr.write(`rollback: ${name}: found ${found} of ${rounds}, seed ${from}\n`);
    expect(station.line.log.incidents).toEqual([]);
  },
);

/** One round; answers what the station stopped for, after the newest database was put back and found to be good. */
async function rollBack(
  station: Anchored,
  place: Place,
  how: 'older' | 'forked',
  random: Random,
  units: Iterator<string>,
) {
  const { line } = station;
  const [yesterday, newest] = [temporaryFolder(), temporaryFolder()];
  const before = await station.keep(yesterday);
  await line.start();
  for (let more = whole(random, 3); more >= 0; more--) {
    expect(await line.scan(1, units.next().value ?? '')).toMatchObject({ outcome: 'passed' });
    await station.anchor();
  }
  const last = await station.keep(newest);
  copyDatabase(yesterday, line.folder);
  const put = how === 'older' ? before : await goOnBlindly(station, random);
  await station.putBack(put, place);
  line.emulator.switches.offline = place !== 'cloud';
  await line.start();
  if (place === 'cloud') await expect.poll(() => station.stopped, { timeout: 20_000 }).toBeDefined();
  const told = station.stopped;
  await mustBeStopped(station);
  await line.stop();
  line.emulator.switches.offline = false;
  copyDatabase(newest, line.folder);
  await station.putBack(last, 'cloud');
  await line.start();
  await station.anchor();
  expect(station.stopped).toBeUndefined();
  return told;
}

/** The old database goes on without its anchors, and signs heads of its own past all that they know. */
async function goOnBlindly({ line }: Anchored, random: Random): Promise<string> {
  line.emulator.switches.offline = true;
  await line.start({ anchorFolders: [] });
  const size = () => line.station.heads.newest()?.size ?? 0;
  for (const until = size() + 100 + whole(random, 60); size() < until; ) {
    // A call that is refused is an entry.
    await expect(line.as('lead', 'audit.compare', { code: 'none' })).rejects.toMatchObject({ code: 'input.invalid' });
    await line.as('lead', 'audit.checkpoint', {});
  }
  const note = line.station.heads.newest()?.note ?? '';
  await line.stop();
  return note;
}

async function mustBeStopped({ line }: Anchored): Promise<void> {
  const refused = { code: stopCode };
  await expect(line.as('technician', 'run.start', { lane: 1, serial: 'P-1' })).rejects.toMatchObject(refused);
  await expect(line.as('lead', 'audit.checkpoint', {})).rejects.toMatchObject(refused);
  await expect(line.as('lead', 'bundle.make', { days: 1 })).rejects.toMatchObject(refused);
  expect(await line.station.sealing.sign('asked')).toBeUndefined();
  expect(line.entries().filter(({ action }) => action === 'audit.rollback-found')).toHaveLength(1);
}

test('put back, it is found through the receipts of a bundle that it knows nothing of', {
  timeout: rounds * 60_000,
}, async () => {
  const station = await Anchored.open();
  const { line } = station;
  line.emulator.switches.offline = true;
  const folder = temporaryFolder();
  const file = await applierFolder(folder);
  const applier = await Applier.open({ folder, mode: 'practice', clock: systemClock }, Buffer.alloc(0));
  await line.agreed('security-officer', 'bundle.pinApplier', file);
  await applier.trust((await line.as('lead', 'bundle.identity', {})).file);
  const { labels } = await line.order('symmetric-individual', rounds);
  try {
    for (const label of labels) {
      const [yesterday, newest] = [temporaryFolder(), temporaryFolder()];
      const before = await station.keep(yesterday);
      await line.start();
      expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
      await line.as('lead', 'audit.checkpoint', {});
      await expect.poll(() => line.station.pump.isBusy).toBe(false);
      const { text } = await line.as('lead', 'bundle.make', { days: 14 });
      const receipts = await apply(station, applier, text);
      const last = await station.keep(newest);
      copyDatabase(yesterday, line.folder);
      await station.putBack(before, 'cloud');
      await line.start();
      expect(station.stopped).toBeUndefined();
      await expect(line.as('lead', 'bundle.receipts', { text: receipts })).rejects.toMatchObject({
        code: stopCode,
      });
      await mustBeStopped(station);
      await line.stop();
      copyDatabase(newest, line.folder);
      await station.putBack(last, 'cloud');
      await line.start();
      expect(await line.as('lead', 'bundle.receipts', { text: receipts })).toMatchObject({ done: 1 });
      expect(station.stopped).toBeUndefined();
    }
  } finally {
    applier.close();
  }
  process.stderr.write(`rollback: receipts: found ${rounds} of ${rounds}\n`);
});

/** Applies a bundle where there is a network, and answers its receipts. */
async function apply({ line }: Anchored, applier: Applier, text: string): Promise<string> {
  line.emulator.switches.offline = false;
  const client = clientOf(line.emulator);
  const taken = await applier.take(text, { acceptGap: false });
  await sendBundled({ applier, client, clock: systemClock, settled: () => undefined, incident: String });
  client.close();
  line.emulator.switches.offline = true;
  return (await applier.receiptsOf(taken)).text;
}

test('an own folder that is put back with the database knows no more than it, and the others do', async () => {
  const station = await Anchored.open();
  const { line, own, share } = station;
  const before = await station.keep(temporaryFolder());
  expect(noteIn(share)).toBe(before);
  await line.start();
  const after = await station.anchor();
  expect(readFileSync(join(own, `${line.station.anchoring.label}.checkpoint`), 'utf8')).toBe(after);
});
