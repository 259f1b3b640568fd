import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { birthmark, gappedFolder, makeUnits, outboxOf, pointAt, said } from '../suites/air-gap.ts';
import { long, testSeed } from '../suites/seed.ts';
import { clientOf } from '../suites/station.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Promise A over the air gap: each of the three commands killed at random moments, and run again.

const units = 60;
/** Of the apply, which talks to DPS; the two commands at the station are killed less often. */
const kills = long ? 100 : 10;
const killsAtLine = long ? 50 : 4;
const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };

test(`apply killed ${kills} times, bundle and receipts ${killsAtLine} times each: every unit is enrolled once, and its key destroyed only then`, {
  timeout: kills * 60_000,
}, async () => {
  const from = testSeed('bundles-kill');
  const random = seeded(from);
  const folder = temporaryFolder();
  const emulator = await startEmulator({ folder: join(folder, 'dps'), switches: { throttle, latencyMs: 300 } });
  const station = gappedFolder(join(folder, 'line'));
  const damage = async () => (await fsck(station)).filter(({ kind }) => kind === 'damage');
  /** Without a connection string, and killed after a while. */
  const atLine = (killMs: number | undefined, ...args: string[]) =>
    birthmark(folder, [...args, '--station', 'line', '--json'], { input: '\n', ...(killMs ? { killMs } : {}) });
  const again = async (
    times: number,
    ms: number,
    act: (killMs: number | undefined, n: number) => Promise<{ code: number | null }>,
  ) => {
    for (let n = 0; n < times; n++) await act(300 + Math.floor(random() * ms), n);
    return act(undefined, times);
  };
  try {
    await makeUnits(station, units);
    const applier = said(
      await birthmark(folder, ['applier', 'init', 'office', '--name', 'office', '--mode', 'practice', '--json']),
    );
    pointAt(join(folder, 'office'), emulator);
    const pin = ['sync', 'pin-applier', 'office/public.json', '--fingerprint', String(applier.fingerprint)];
    expect(await atLine(undefined, ...pin)).toMatchObject({ code: 0 });
    const identity = said(await atLine(undefined, 'sync', 'identity', '--out', 'line.json'));
    const trust = [
      'applier',
      'trust',
      'line.json',
      '--applier',
      'office',
      '--fingerprint',
      String(identity.fingerprint),
    ];
    expect(await birthmark(folder, trust)).toMatchObject({ code: 0 });

    await again(killsAtLine, 2_500, async (killMs, n) => {
      const ran = await atLine(killMs, 'sync', 'bundle', '--out', `made-${n}.bundle`);
      expect({ from, n, damage: await damage() }).toEqual({ from, n, damage: [] });
      return ran;
    });
    const { bundles } = said(await atLine(undefined, 'sync', 'bundles')) as {
      bundles: { sequence: number; state: string; rows: { held: number } }[];
    };
    const open = bundles.filter(({ state }) => state === 'open');
    expect({ from, open: open.map(({ rows }) => rows.held) }).toEqual({ from, open: [units] });
    const write = ['sync', 'bundle', '--again', String(open[0]?.sequence), '--out', 'carried.bundle'];
    expect(await atLine(undefined, ...write)).toMatchObject({ code: 0 });

    const applied = await again(kills, 1_200, async (killMs, n) => {
      const args = ['sync', 'apply', 'carried.bundle', '--applier', 'office', '--out', `back-${n}.receipts`, '--json'];
      const input = `${emulator.connectionString}\n`;
      return birthmark(folder, args, { input, ...(killMs ? { killMs } : {}) });
    });
    expect({ from, code: applied.code }).toEqual({ from, code: 0 });
    const client = clientOf(emulator);
    const remote: string[] = [];
    for await (const page of client.query(100, AbortSignal.timeout(10_000)))
      remote.push(...page.map(({ registrationId }) => registrationId));
    client.close();
    const local = outboxOf(station).map(({ registrationId }) => registrationId);
    expect({ from, remote: remote.sort() }).toEqual({ from, remote: local.sort() });
    expect(outboxOf(station).filter(({ sealed }) => sealed === null)).toEqual([]);

    const taken = await again(killsAtLine, 2_500, async (killMs, n) => {
      const ran = await atLine(killMs, 'sync', 'receipts', `back-${kills}.receipts`);
      const halves = new Set(outboxOf(station).map(({ state, sealed }) => `${state} ${sealed === null}`));
      expect({ from, n, halves: halves.size, damage: await damage() }).toEqual({ from, n, halves: 1, damage: [] });
      return ran;
    });
    expect({ from, code: taken.code }).toEqual({ from, code: 0 });
    expect(await fsck(station)).toEqual([]);
    expect(outboxOf(station).every(({ state, sealed }) => state === 'done' && sealed === null)).toBe(true);
    const whole = Array.from({ length: kills }, (_, n) => existsSync(join(folder, `back-${n}.receipts`))).filter(
      Boolean,
    );
    process.stderr.write(
      `bundles-kill: seed ${from}, ${whole.length} of ${kills} applies were done before their kill\n`,
    );
  } finally {
    await emulator.close();
  }
});
