// A practice line that is served to a page, in a process of its own: FOLDER LANES. It says at which address, and each plan that its
// parent sends becomes that of every unit's cable. It ends with its parent.
import { join } from 'node:path';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import { hostOf, serveLoopback } from '../../station-core/loopback.ts';
import { openStation } from '../../station-core/open-station.ts';

const [folder, lanes] = process.argv.slice(2);
if (folder === undefined || process.send === undefined) throw new TypeError('line.main.ts is forked: FOLDER LANES');
const { station, standIns, close } = await openStation(folder, {}, 'bench');
const pages = join(import.meta.dirname, '..', 'out', 'renderer');
const served = await serveLoopback(hostOf(station), pages, 0);

async function lay(plan: FaultPlanJson): Promise<void> {
  const cables = Array.from({ length: Number(lanes) }, (_, at) => standIns?.line.faults(at + 1, plan));
  await Promise.all(cables);
  process.send?.('laid');
}

async function end(): Promise<void> {
  await served.close();
  await close();
}

process.on('message', (plan: FaultPlanJson) => void lay(plan));
process.on('disconnect', () => void end());
process.send(served.address);
