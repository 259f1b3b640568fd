// Units that bring certificates and units that draw them, with the station killed at random moments: no certificate is drawn
// twice or lost, and every batch is finished.
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStore } from '../../station-core/store/open.ts';
import { long, testSeed } from '../suites/seed.ts';
import { batch, lost } from '../suites/struck-batch.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const kills = long ? 100 : 2;
const units = 24;

test.each(['x509-own', 'x509-stored'])(
  `killed ${kills} times, units of %s have one certificate each and nothing acknowledged is lost`,
  { timeout: kills * 60_000 },
  async (recipe) => {
    const from = testSeed(recipe);
    const random = seeded(from);
    const folder = temporaryFolder();
    for (let done = 0; done < kills; ) {
      const killMs = Math.floor(random() * 1_500);
      const { events, result } = await batch(folder, { units, recipe, killMs, all: random() < 0.5 });
      if (!result) done += 1;
      const damage = (await fsck(folder)).filter(({ kind }) => kind === 'damage');
      expect({ from, done, lost: lost(folder, events), damage }).toEqual({ from, done, lost: [], damage: [] });
    }
    const { result } = await batch(folder, { units, recipe });
    expect(result).toMatchObject({ failed: 0, parked: 0, auditOk: true });
    expect(await fsck(folder)).toEqual([]);
    expect(onceEach(folder)).toEqual({ entries: 0, keys: 0 });
  },
);

/** Draws and adoptions beyond one a unit, and keys that are still here after their units proved them. */
function onceEach(folder: string): unknown {
  const db = openStore(folder, 'reader');
  try {
    const row = db.prepare(
      `SELECT (SELECT count(*) - count(DISTINCT bytes ->> '$.unit.serial') FROM audit_entry
          WHERE bytes ->> '$.action' IN ('stored.drawn', 'credential.adopted')) AS entries,
        (SELECT count(*) FROM stored_certificate s JOIN unit ON unit.id = s.unit
          WHERE unit.state = 'finished' AND sealed IS NOT NULL) AS keys`,
    );
    return row.get();
  } finally {
    db.close();
  }
}
