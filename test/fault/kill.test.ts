import { expect, test } from 'vitest';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { long, seed, seeded } from '../suites/random.ts';
import { batch, lost, unreleased } from '../suites/struck-batch.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const kills = long ? 200 : 20;
const units = long ? 400 : 60;
const recipes = ['symmetric-individual', 'symmetric-group'];

test(`killed ${kills} times at random moments, nothing acknowledged is lost and the batch is finished`, {
  timeout: 1_800_000,
}, async () => {
  const from = seed();
  const random = seeded(from);
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
    expect({ from, done, lost: lost(folder, events), unreleased: unreleased(folder) }).toEqual({
      from,
      done,
      lost: [],
      unreleased: [],
    });
    const damage = (await fsck(folder)).filter(({ kind }) => kind === 'damage');
    expect({ from, done, damage }).toEqual({ from, done, damage: [] });
  }
  for (const recipe of recipes) {
    const { events, result } = await batch(folder, { units, recipe });
    told.push(...events);
    expect({ from, result }).toMatchObject({ from, result: { failed: 0, parked: 0, auditOk: true } });
    expect(result?.enrolled).toBe(result?.units);
  }
  expect({ from, lost: lost(folder, told), findings: await fsck(folder) }).toEqual({ from, lost: [], findings: [] });
  process.stderr.write(
    `kill: seed ${from}, ${kills} kills, ${batches + 2} batches finished, ${told.length} events acknowledged\n`,
  );
});

test('a station that acknowledges before it commits is caught', { timeout: 300_000 }, async () => {
  const from = seed();
  const random = seeded(from);
  for (let attempt = 1; attempt <= 20; attempt++) {
    const folder = temporaryFolder();
    const { events } = await batch(folder, { units: 40, killMs: 300 + Math.floor(random() * 500), mutant: true });
    if (lost(folder, events).length > 0) return;
  }
  expect.unreachable(`seed ${from}: 20 kills of the mutant lost nothing`);
});
