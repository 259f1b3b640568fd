// Runs that have ended, without the lanes that make them; and what tells a receiver of them.

import type { Clock } from '../../station-core/clock.ts';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { Outcome } from '../../station-core/contract/run.ts';
import { Post } from '../../station-core/mes/post.ts';
import { Reading } from '../../station-core/mes/reading.ts';
import { Telling } from '../../station-core/mes/telling.ts';
import { recipeBytes } from '../../station-core/orders/orders.ts';
import { openStore } from '../../station-core/store/open.ts';
import { openRecords, type Records } from '../../station-core/store/records.ts';
import { UnitList } from '../../station-core/store/unit-list.ts';
import { callParams } from './call-params.ts';

const { recipe } = callParams['recipes.save'] as { recipe: Parameters<typeof recipeBytes>[0] };
const order = 'an order';
export const secret = Buffer.from('a secret of webhooks');

export const recordsIn = (folder: string): Records => openRecords(openStore(folder, 'owner'));

/** Ends a run of each of these units, one after the other; units are made when they are new. */
export function endRuns(records: Records, serials: readonly string[], outcome: Outcome = 'passed'): Promise<void> {
  const at = new Date().toISOString();
  return records.commits.commit(() => {
    for (const serial of serials) {
      const run = records.runs.open(unitOf(records, serial, at), 1, at);
      records.journal.append(run, { type: 'closed', at, outcome });
      records.runs.close(run, outcome, at);
    }
  });
}

function unitOf({ units, disclosures }: Records, serial: string, at: string): number {
  const [known] = units.bySerial(serial);
  if (known) return known.id;
  const { bytes, hash } = recipeBytes(recipe);
  units.putRecipe(hash, recipe, bytes);
  const id = units.hasOrder(order) ? units.order(order).id : units.insertOrder(order, hash, 1_000, 'proven', at);
  units.insertUnit(id, disclosures.put('serial', serial).id, null, null, {});
  return units.bySerial(serial)[0]?.id ?? 0;
}

/** Tells the receiver at a port of loopback; a new webhook is told of everything. */
export async function tellingOf(
  records: Records,
  port: number,
  clock: Clock,
): Promise<{ telling: Telling; parked: ErrorData[] }> {
  const reading = new Reading(records, new UnitList(records.db));
  const post = new Post('hook', `http://127.0.0.1:${port}/told`, undefined);
  const parked: ErrorData[] = [];
  await records.commits.commit(() => records.webhooks.register('hook'));
  const telling = new Telling(
    { name: 'hook', send: post.send.bind(post), secret: async () => Buffer.from(secret) },
    {
      records,
      clock,
      random: () => 0,
      result: (n) => reading.result(n),
      parked: (_, __, error) => parked.push(error),
      incident: (thrown) => {
        process.stderr.write(`${String((thrown as Error).stack)}\n`);
        return 'test';
      },
    },
  );
  return { telling, parked };
}
