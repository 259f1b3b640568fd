import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStation } from '../../station-core/open-station.ts';
import { makeOrder, prepareFolder, recipeOf } from '../../station-core/practice.ts';
import type { Station } from '../../station-core/station.ts';

const million = 1_000_000;
const seededOrder = 'a-million';

/**
 * A practice folder whose database holds a million finished units, each with its run, and an order of so many more to make. The
 * million is written straight into the database, once, and found again by the next benchmark: made by runs it would take a day.
 * Answers the labels to scan.
 */
export async function millionUnits(folder: string, lanes: number, more: number): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  prepareFolder(folder, lanes);
  const opened = await openStation(folder, {}, 'bench');
  try {
    const { station } = opened;
    const recipe = await recipeOf(station, 'symmetric-group');
    if (!station.records.units.orders().some(({ name }) => name === seededOrder)) {
      await makeOrder(station, recipe, 1);
      seed(station);
    }
    return (await makeOrder(station, recipe, more)).labels;
  } finally {
    await opened.close();
  }
}

/** Rows as a finished unit leaves them, with commitments that nobody will ever open. */
function seed({ records: { db } }: Station): void {
  const at = '2026-01-01T06:00:00.000Z';
  const numbers = `WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < ${million})`;
  const disclosed = (label: string, value: string) =>
    `INSERT INTO disclosure (label, value, salt, commitment) ${numbers}
     SELECT '${label}', printf('${value}', i), randomblob(16), 'hmac-sha256:' || hex(randomblob(32)) FROM k`;
  const write = db.transaction(() => {
    const before = db.prepare<[], number>('SELECT max(id) FROM disclosure').pluck().get() ?? 0;
    db.exec(disclosed('serial', 'M-%07d'));
    db.exec(disclosed('registrationId', 'sn-m-%07d'));
    db.exec(`INSERT INTO work_order (name, recipe, state, armed, quantity, finished, made_at)
      SELECT '${seededOrder}', recipe, 'closed', 'proven', ${million}, ${million}, '${at}' FROM work_order LIMIT 1`);
    const order = db.prepare<[string], number>('SELECT id FROM work_order WHERE name = ?').pluck().get(seededOrder);
    const unit = db.prepare<[], number>('SELECT max(id) FROM unit').pluck().get() ?? 0;
    db.exec(`INSERT INTO unit (work_order, serial, registration, facts, state, finished_at) ${numbers}
      SELECT ${order}, ${before} + i, ${before + million} + i, '{}', 'finished', '${at}' FROM k`);
    db.exec(`INSERT INTO run (unit, lane, opened_at, closed_at, outcome) ${numbers}
      SELECT ${unit} + i, 1 + i % 16, '${at}', '${at}', 'passed' FROM k`);
  });
  write();
}

/** Where benchmarks keep such a folder. */
export const millionFolder = (temporary: string): string => join(temporary, 'birthmark-bench-million');
