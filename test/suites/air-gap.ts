import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../../drivers/simulated/dps/emulator.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor, makeOrder, type RecipeName, recipeOf } from '../../station-core/practice.ts';
import { openStore } from '../../station-core/store/open.ts';
import { top } from '../rules/sources.ts';
import type { SoftHsmToken } from './softhsm.ts';

// Both ends of the air gap as a person has them: folders, files between them, and the command as processes.

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs `birthmark` in `cwd` with `input` on standard input; `kill` ends it in the middle, after so many milliseconds. */
export function birthmark(
  cwd: string,
  args: readonly string[],
  { input = '', env = {}, killMs }: { input?: string; env?: Readonly<Record<string, string>>; killMs?: number } = {},
): Promise<Ended> {
  const program = join(top, 'station-core', 'cli.main.ts');
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, ...env } });
  const ran = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (ran.out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (ran.err += String(bytes)));
  // A child that is killed may be gone before it read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...ran });
    });
  });
}

/** What a command printed as JSON. */
export const said = ({ out }: Ended): Record<string, unknown> =>
  JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

/** A folder of a practice station that has no way to any DPS; with a token, its HSM is that. */
export function gappedFolder(folder: string, token?: SoftHsmToken): string {
  mkdirSync(join(folder, 'practice'), { recursive: true, mode: 0o700 });
  const hsm = token ? { kind: 'pkcs11', module: token.module, tokenLabel: token.tokenLabel } : { kind: 'soft' };
  const lanes = [1, 2, 3, 4].map((lane) => ({ lane, kind: 'simulated' }));
  const config = { schema: 1, hsm, lanes, dps: { kind: 'azure', idScope: '0ne000956C5' }, budgetPerMinute: 200 };
  writeFileSync(join(folder, 'station.json'), JSON.stringify(config));
  return folder;
}

/** Makes units on a station without a network, through the same calls as a person at a line. */
export async function makeUnits(
  folder: string,
  count: number,
  recipe: RecipeName = 'symmetric-individual',
  token?: SoftHsmToken,
): Promise<void> {
  const { station, close } = await openStation(folder, token ? { pin: token.pin() } : {}, 'test');
  try {
    const { order, labels } = await makeOrder(station, await recipeOf(station, recipe), count);
    const queue = labels.values();
    const work = async (lane: number) => {
      for (const serial of queue) {
        await station.call('run.start', { lane, serial, order: order.name }, { actor: actor(station, 'technician') });
        await station.lanes.ended(lane);
      }
    };
    await Promise.all([1, 2, 3, 4].map(work));
  } finally {
    await close();
  }
}

export type OutboxState = {
  readonly registrationId: string;
  readonly state: string;
  readonly receipt: string | null;
  readonly credential: string | null;
  readonly sealed: Buffer | null;
};

/** The outbox of a station as it lies on disk. */
export function outboxOf(folder: string): OutboxState[] {
  const db = openStore(folder, 'reader');
  try {
    return db
      .prepare<[], OutboxState>(
        `SELECT d.value AS registrationId, o.state, o.receipt, c.state AS credential, c.sealed FROM outbox o
         JOIN disclosure d ON d.id = o.registration LEFT JOIN credential c ON c.id = o.credential ORDER BY o.id`,
      )
      .all();
  } finally {
    db.close();
  }
}

/** Lets an applier's folder find the emulator. */
export function pointAt(folder: string, emulator: Pick<Emulator, 'port' | 'caFile'>): void {
  const path = join(folder, 'applier.json');
  const settings = JSON.parse(readFileSync(path, 'utf8')) as object;
  const service = { host: '127.0.0.1', port: emulator.port, caFile: emulator.caFile };
  writeFileSync(path, JSON.stringify({ ...settings, budgetPerMinute: 100_000, service }));
}
