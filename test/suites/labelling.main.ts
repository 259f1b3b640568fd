// Makes units with labels, and asks for labels once more, in a process that a test kills: `labelling.main.ts FOLDER SEED [--mutant]`. It
// says what waits when it starts, and then everything that a person was told. With `--mutant` a label counts as printed when it is sent.
import { writeSync } from 'node:fs';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor, makeOrder, recipeOf } from '../../station-core/practice.ts';
import type { LabelActs } from './label-records.ts';

const [folder = '', seed = '0', mutant] = process.argv.slice(2);
const { station } = await openStation(folder, {}, 'a test');
const random = seeded(Number(seed));
const technician = { actor: actor(station, 'technician') };
const say = (said: LabelActs) => writeSync(1, `${JSON.stringify(said)}\n`);

if (mutant === '--mutant') countTooEarly();
const { waiting } = await station.call('labels.look', {}, technician);
say({ waiting: waiting.map(({ label }) => label), all: station.printing.view().waiting });
const recipe = {
  ...(await recipeOf(station, 'symmetric-group')),
  label: { template: 'plate', when: 'passed' } as const,
};
const passed: string[] = [];
for (;;) for (const serial of (await makeOrder(station, recipe, 20)).labels) await live(serial);

async function live(serial: string): Promise<void> {
  await station.call('run.start', { lane: 1, serial }, technician);
  await station.lanes.ended(1);
  passed.push(serial);
  say({ passed: serial });
  const some = passed[Math.floor(random() * passed.length)] ?? serial;
  if (random() < 0.4) {
    // Mostly a copy of one that came out; without the wait mostly the one that is on its way.
    if (random() < 0.7) await station.printing.idle();
    const { label, state } = await station.call('label.reprint', { serial: some }, technician);
    say({ label, state });
  }
  if (random() < 0.2) {
    const { label } = await station.call('label.file', { serial: some, format: 'zpl' }, technician);
    say({ label, state: 'printed' });
  }
}

/** Does not wait for what the printer says. */
function countTooEarly(): void {
  for (const { printer } of Object.values(station.printing.press.printers)) {
    const print = printer.print.bind(printer);
    printer.print = async (job, signal) => void print(job, signal).catch(() => undefined);
  }
}
