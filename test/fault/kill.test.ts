import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openStore } from '../../station-core/store/open.ts';
import { openRecords } from '../../station-core/store/records.ts';
import { top } from '../rules/sources.ts';
import { long, seed, seeded } from '../suites/random.ts';
import { temporaryFolder } from '../suites/temporary.ts';

type Heard = { readonly events: readonly StationEvent[]; readonly result: Record<string, unknown> | undefined };

/**
 * Starts a batch and kills it after `killMs` beyond its being ready: the station alone, or station, units and emulator
 * together. Answers what it had acknowledged until then.
 */
async function batch(
  folder: string,
  options: { units: number; recipe?: string; killMs?: number; all?: boolean; mutant?: boolean },
): Promise<Heard> {
  const { units, recipe = 'symmetric-individual', killMs, all = false, mutant = false } = options;
  const program = join(top, 'test', 'suites', 'acknowledging.main.ts');
  const args = [
    program,
    '--station',
    folder,
    '--units',
    String(units),
    '--recipe',
    recipe,
    ...(mutant ? ['--mutant'] : []),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const events: StationEvent[] = [];
  let result: Heard['result'];
  for await (const line of createInterface({ input: child.stdout })) {
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
function lost(folder: string, told: readonly StationEvent[]): StationEvent[] {
  const db = openStore(folder, 'reader');
  try {
    const { journal } = openRecords(db);
    return told.filter((event) => JSON.stringify(journal.since(event.n - 1, 1)[0]) !== JSON.stringify(event));
  } finally {
    db.close();
  }
}

/** Serials of units that hold a credential in force which no release entry speaks of, or which is not whole. */
function unreleased(folder: string): string[] {
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
