// A batch on the practice line that something happens to: killed, or its disk refuses. What it acknowledged is kept, and
// compared with what it left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { openStore } from '../../station-core/store/open.ts';
import { openRecords } from '../../station-core/store/records.ts';
import { top } from '../rules/sources.ts';

export type Heard = {
  readonly events: readonly StationEvent[];
  readonly result: Readonly<Record<string, unknown>> | undefined;
};

export type BatchOptions = {
  readonly units: number;
  readonly lanes?: number;
  readonly recipe?: string;
  /** Kills it so many milliseconds after it is ready: the station alone, or with `all` units and emulator too. */
  readonly killMs?: number;
  readonly all?: boolean;
  /** A station that acknowledges before it commits. */
  readonly mutant?: boolean;
  /** A program and its arguments that run the station's. */
  readonly under?: readonly string[];
};

/** Runs a batch, or what is left of one, and answers what it had acknowledged when it ended. */
export async function batch(folder: string, options: BatchOptions): Promise<Heard> {
  const {
    units,
    lanes = 4,
    recipe = 'symmetric-individual',
    killMs,
    all = false,
    mutant = false,
    under = [],
  } = options;
  const program = join(top, 'test', 'suites', 'acknowledging.main.ts');
  const asked = ['--station', folder, '--units', String(units), '--lanes', String(lanes), '--recipe', recipe];
  const [command = '', ...args] = [...under, process.execPath, program, ...asked, ...(mutant ? ['--mutant'] : [])];
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', under.length > 0 ? 'ignore' : 'inherit'],
  });
  const gone = once(child, 'exit');
  const events: StationEvent[] = [];
  let result: Heard['result'];
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const said = whole(line);
    if (said === 'ready' && killMs !== undefined) setTimeout(() => kill(child.pid ?? 0, all), killMs);
    else if (typeof said === 'object' && 'result' in said) result = said.result as Record<string, unknown>;
    else if (typeof said === 'object') events.push(said as StationEvent);
  }
  await gone;
  // What the killed station's children held is free only when they have noticed that it is gone.
  kill(child.pid ?? 0, true);
  return { events, result };
}

/** The last line may be cut by the kill. */
function whole(line: string): object | string | undefined {
  try {
    return JSON.parse(line) as object | string;
  } catch {
    return undefined;
  }
}

function kill(pid: number, group: boolean): void {
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown; // it was gone already
  }
}

/** Events that were told and are not in the journal, or are there as something else. */
export function lost(folder: string, told: readonly StationEvent[]): StationEvent[] {
  const db = openStore(folder, 'reader');
  try {
    const { journal } = openRecords(db);
    return told.filter((event) => JSON.stringify(journal.since(event.n - 1, 1)[0]) !== JSON.stringify(event));
  } finally {
    db.close();
  }
}

/** Serials of units that hold a credential in force which no release entry speaks of, or which is not whole. */
export function unreleased(folder: string): string[] {
  const units = join(folder, 'practice', 'units');
  const db = openStore(folder, 'reader');
  try {
    const said = db.prepare<[string], object>(
      `SELECT 1 FROM audit_entry WHERE bytes ->> '$.action' = 'credential.released' AND bytes ->> '$.details.operation' = ?`,
    );
    return readdirSync(units).filter((name) => {
      const flash = new FileFlash(join(units, name), flashSize);
      const memory = new Memory(flash);
      const { committed } = memory.load();
      const good =
        !committed ||
        (memory.readSlot(committed) !== undefined && said.get(committed.operation.toString('hex')) !== undefined);
      flash.close();
      return !good;
    });
  } finally {
    db.close();
  }
}
