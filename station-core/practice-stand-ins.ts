import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SimulatedLine } from '../drivers/simulated/line.ts';
import type { Config } from './config.ts';
import type { EmulatorReady, HubReady, StandIns } from './open-parts.ts';
import { unitOf } from './practice.ts';
import { PracticeTpmMaker, tpmLabel } from './practice-tpm.ts';
import { PracticeVendor } from './practice-vendor.ts';

// The processes that stand in for units, DPS and an IoT hub on the practice line.

export type PracticeStandIns = StandIns & { stop(): Promise<void> };

/** Starts the simulated units and the DPS emulator, each a process of its own that ends with this one. */
export async function startStandIns(folder: string, config: Config): Promise<PracticeStandIns> {
  const practice = join(folder, 'practice');
  const vendor = new PracticeVendor(practice);
  const tpmMaker = new PracticeTpmMaker(practice);
  const lanes = Math.max(...config.lanes.map(({ lane }) => lane));
  const [line, emulator, hub] = await Promise.all([
    SimulatedLine.start({ folder: practice, lanes }),
    startStandIn<EmulatorReady>(['dps', `dps.${main}`], join(practice, 'dps')),
    config.hub?.kind === 'emulator' ? startStandIn<HubReady>(['hub', `hub.${main}`], join(practice, 'hub')) : undefined,
  ]);
  return {
    line,
    unitOf: async (label) => {
      const unit = vendor.equip(unitOf(label));
      return label.startsWith(tpmLabel) ? { ...unit, tpm: await tpmMaker.make(unit.serial) } : unit;
    },
    vendor,
    tpmMaker,
    emulator: emulator.ready,
    ...(hub ? { hub: hub.ready } : {}),
    stop: async () => {
      await Promise.all([line.stop(), emulator.stop(), hub?.stop()]);
    },
  };
}

/** A stand-in's program: TypeScript here, JavaScript where the station is bundled. */
const main = import.meta.filename.endsWith('.ts') ? 'main.ts' : 'main.js';

/** Starts a stand-in for a service; it says on one line how it is reached. */
async function startStandIn<Ready>(
  where: readonly string[],
  folder: string,
): Promise<{ ready: Ready; stop: () => Promise<void> }> {
  const program = join(import.meta.dirname, '..', 'drivers', 'simulated', ...where);
  const args = [program, '--folder', folder, '--until-stdin-closes'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${where.join('/')} ended before it was ready`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
  });
  return { ready, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.stdin?.end();
    child.kill('SIGTERM');
  });
}
