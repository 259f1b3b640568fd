import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { openStore } from '../../station-core/store/open.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const restarts = long ? 100 : 10;

/** Starts a station, lets it sign heads for a while and kills it; answers what it said of its start. */
async function startAndKill(folder: string, random: Random, mutant: boolean): Promise<string> {
  const program = join(import.meta.dirname, '..', 'suites', 'anchoring.main.ts');
  const child = spawn(process.execPath, [program, folder, ...(mutant ? ['--mutant'] : [])]);
  child.stderr.on('data', (bytes: Buffer) => process.stderr.write(bytes));
  const closed = once(child, 'close');
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += String(bytes);
    setTimeout(() => child.kill('SIGKILL'), whole(random, 300));
  });
  await closed;
  return said.trim();
}

function headsOf(folder: string): { signed: number; intended: number } {
  const db = openStore(folder, 'reader');
  try {
    const count = (where: string) =>
      Number(db.prepare(`SELECT count(*) FROM audit_head WHERE note IS ${where}`).pluck().get());
    return { signed: count('NOT NULL'), intended: count('NULL') };
  } finally {
    db.close();
  }
}

function freshFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'share'));
  return folder;
}

test(`killed ${restarts} times while it signs heads, a station is never said to be older than its anchors`, {
  timeout: restarts * 20_000,
}, async () => {
  const from = testSeed('anchors-kill');
  const random = seeded(from);
  const folder = freshFolder();
  let unsigned = 0;
  for (let n = 0; n < restarts; n++) {
    expect({ from, n, said: await startAndKill(folder, random, false) }).toMatchObject({
      said: expect.stringMatching(/^ready /) as string,
    });
    unsigned += headsOf(folder).intended;
  }
  const { signed } = headsOf(folder);
  process.stderr.write(`anchors-kill: ${restarts} kills, ${signed} heads, ${unsigned} kills between intent and note\n`);
  expect(signed).toBeGreaterThan(restarts);
});

test('a station whose anchors are written before the database is durable is caught', { timeout: 100_000 }, async () => {
  const random = seeded(testSeed('anchors-kill'));
  const folder = freshFolder();
  for (let attempt = 0; attempt < 10; attempt++) {
    const said = await startAndKill(folder, random, true);
    if (said.startsWith('audit.')) return;
  }
  expect.unreachable('10 kills of the mutant were no alarm');
});
