import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openLog } from '../../station-core/log.ts';
import type { RecipeName } from '../../station-core/practice.ts';
import { unitOf } from '../../station-core/privacy/subject.ts';
import { TestStation } from '../suites/station.ts';
import { tracesOf } from '../suites/traces.ts';

// Units and people are erased from a station with history, and their names are looked for in every byte of its folder.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ log: openLog });
});
afterAll(() => line.close());

/** Makes units of a recipe, one of them with the wrong label, and answers what names the first one. */
async function made(recipe: RecipeName, units: number): Promise<{ serial: string; values: string[] }> {
  const { labels } = await line.order(recipe, units, (index) => index === 1);
  for (const [index, label] of labels.entries()) await line.scan(1 + (index % 2), label);
  await line.as('technician', 'sync.run', {});
  const [serial = ''] = labels;
  const values = unitOf(line.station.records.db, serial).values.map(({ value }) => value);
  return { serial, values };
}

async function content(): Promise<void> {
  expect(await fsck(line.folder)).toEqual([]);
  expect(await verifyLog(line.station.records.db)).toMatchObject({ ok: true });
}

test.each(['symmetric-group', 'symmetric-individual', 'tpm', 'symmetric-sealed', 'symmetric-channel'] as const)(
  'no byte of a unit that was made by %s is left after it was erased',
  async (recipe) => {
    const { serial, values } = await made(recipe, 4);
    expect(values.length).toBeGreaterThan(1);
    expect(tracesOf(line.folder, [serial]).length).toBeGreaterThan(0);
    await line.agreed('security-officer', 'privacy.erase', { subject: { unit: serial }, reason: 'asked by its owner' });
    expect(tracesOf(line.folder, values)).toEqual([]);
    await content();
  },
);
