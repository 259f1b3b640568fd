import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { endRuns, recordsIn, secret } from '../suites/ended-runs.ts';
import { Receiver, type Told } from '../suites/receiver.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const kills = long ? 100 : 8;
const perRound = 40;

/** A process that tells; answers when it has ended: by itself, with nothing left, or killed after `killMs`. */
async function telling(folder: string, port: number, killMs?: number): Promise<'empty' | 'killed'> {
  const program = join(import.meta.dirname, '..', 'suites', 'telling.main.ts');
  const child = spawn(process.execPath, [program, folder, String(port)]);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => process.stderr.write(bytes));
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs);
  await once(child, 'close');
  clearTimeout(timer);
  return said.includes('empty') ? 'empty' : 'killed';
}

/** What a receiver has that drops whatever came before under the same token. */
function firstOf(told: readonly Told[]): Map<string, number> {
  return new Map(told.toReversed().map(({ token, body }) => [token, body.data.n]));
}

test(`results are told at least once and in order of each unit, whatever ${kills} kills and a failing receiver do`, {
  timeout: kills * 30_000,
}, async () => {
  const from = testSeed('webhooks-kill');
  const random = seeded(from);
  const folder = temporaryFolder();
  const receiver = await Receiver.open(secret);
  const taken: Told[] = [];
  receiver.answering = (told) => {
    const dice = random();
    if (dice < 0.05) return 503;
    if (dice < 0.08) return 422;
    taken.push(told);
    return dice < 0.15 ? 'break' : 204; // taken, and the answer is lost
  };
  // The webhook is there before the first result.
  expect(await telling(folder, receiver.port)).toBe('empty');
  let struck = 0;
  let ended = 0;
  try {
    while (struck < kills) {
      const records = recordsIn(folder);
      await endRuns(
        records,
        Array.from({ length: perRound }, (_, index) => `unit-${index % 10}`),
      );
      records.db.close();
      ended += perRound;
      if ((await telling(folder, receiver.port, 400 + random() * 500)) === 'killed') struck++;
    }
    expect({ from, end: await telling(folder, receiver.port) }).toEqual({ from, end: 'empty' });
  } finally {
    await receiver.close();
  }
  const seen = firstOf(taken);
  expect({ from, told: [...seen.values()].sort((a, b) => a - b) }).toEqual({
    from,
    told: Array.from({ length: ended }, (_, index) => index + 1),
  });
  expect(receiver.told.every(({ signed }) => signed)).toBe(true);
  const first = new Map<string, number>();
  for (const { body } of taken) {
    const { serial, n } = body.data;
    // Sent again is a result that was the newest; never does one come after a later one of its unit.
    expect({ from, n, ordered: n >= (first.get(serial) ?? 0) }).toEqual({ from, n, ordered: true });
    first.set(serial, n);
  }
  const again = taken.length - seen.size;
  process.stderr.write(`webhooks-kill: seed ${from}, ${struck} kills, ${ended} results, ${again} told again\n`);
});
