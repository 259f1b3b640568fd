import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { long, testSeed } from '../suites/seed.ts';
import { batch, lost, unreleased } from '../suites/struck-batch.ts';
import { temporaryFolder } from '../suites/temporary.ts';

/** Each round has a station of its own, so that looking at everything after each kill stays quick. */
const rounds = long ? 10 : 1;
const kills = 20;
const units = 60;
const recipes = ['symmetric-individual', 'symmetric-group'];

test(`killed ${rounds * kills} times at random moments, nothing acknowledged is lost and every batch is finished`, {
  timeout: rounds * 400_000,
}, async () => {
  const from = testSeed('kill');
  const random = seeded(from);
  for (let round = 1; round <= rounds; round++) {
    const { batches, acknowledged } = await killAgainAndAgain(random, { from, round });
    process.stderr.write(
      `kill: seed ${from}, round ${round}: ${kills} kills, ${batches} batches finished, ${acknowledged} events acknowledged\n`,
    );
  }
});

async function killAgainAndAgain(random: () => number, where: { from: number; round: number }) {
  const folder = temporaryFolder();
  const told: StationEvent[] = [];
  let done = 0;
  let batches = 0;
  while (done < kills) {
    // A batch that was finished before its kill is followed by the next one, of the other recipe.
    const recipe = recipes[batches % 2] ?? '';
    const killMs = Math.floor(random() * 900);
    const { events, result } = await batch(folder, { units, recipe, killMs, all: random() < 0.5 });
    told.push(...events);
    if (result) batches++;
    else done++;
    const damage = (await fsck(folder)).filter(({ kind }) => kind === 'damage');
    const found = { lost: lost(folder, events), unreleased: unreleased(folder), damage };
    expect({ ...where, done, ...found }).toEqual({ ...where, done, lost: [], unreleased: [], damage: [] });
  }
  for (const recipe of recipes) {
    const { events, result } = await batch(folder, { units, recipe });
    told.push(...events);
    expect({ ...where, result }).toMatchObject({ ...where, result: { failed: 0, parked: 0, auditOk: true } });
    expect(result?.enrolled).toBe(result?.units);
  }
  const findings = await fsck(folder);
  expect({ ...where, lost: lost(folder, told), findings }).toEqual({ ...where, lost: [], findings: [] });
  return { batches: batches + recipes.length, acknowledged: told.length };
}

test('a station that acknowledges before it commits is caught', { timeout: 300_000 }, async () => {
  const from = testSeed('kill');
  const random = seeded(from);
  for (let attempt = 1; attempt <= 20; attempt++) {
    const folder = temporaryFolder();
    const { events } = await batch(folder, { units: 40, killMs: 300 + Math.floor(random() * 500), mutant: true });
    if (lost(folder, events).length > 0) return;
  }
  expect.unreachable(`seed ${from}: 20 kills of the mutant lost nothing`);
});
