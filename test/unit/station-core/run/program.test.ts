import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { programmedBy, shell } from '../../../suites/programmers.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 2, parts: { programmers: shell } });
});
afterAll(async () => {
  expect(line.log.incidents).toEqual([]);
  expect(await fsck(line.folder)).toEqual([]);
  await line.close();
});

let serials = 0;
/** A unit of an order of its own, made by a recipe. */
async function made(recipe: ReturnType<typeof programmedBy>, lane = 1) {
  const serial = `SN-${++serials}`;
  await line.as('lead', 'orders.create', { name: serial, recipe, units: [{ serial }] });
  return line.scan(lane, serial);
}

test('a unit is programmed, then gets its identity and proves it: one verdict', async () => {
  const run = await made(programmedBy('echo Hello from $0; exit 0', {}));
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  expect(run.steps.map(({ name }) => name)).toEqual([
    'program',
    'greet',
    'identify',
    'provision',
    'prepare',
    'release',
    'prove',
  ]);
  expect(run.facts).toMatchObject({ programmer: 'writer', programEnded: 'exit 0', proven: true });
  const { output } = await line.as('technician', 'run.output', { run: run.id });
  expect(output).toMatchObject({ text: 'Hello from /bin/sh', ended: 'exit 0' });
  const entry = line.entries().find(({ action, run: of }) => action === 'run.closed' && of === run.id);
  expect(entry).toMatchObject({ details: { outcome: 'passed', output: output?.sha256 } });
});
