import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../drivers/hsm/pkcs11.ts';
import { SoftHsm } from '../../drivers/hsm/soft.ts';
import { hsmSuite } from '../suites/hsm.suite.ts';
import { loadKeys, type Seen, underLoad } from '../suites/hsm-load.ts';
import { untilState } from '../suites/hsm-state.ts';
import { P11KitServer, p11KitClient } from '../suites/p11-kit.ts';
import { long } from '../suites/seed.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const rounds = long ? 200 : 8;
const timeout = long ? 1_800_000 : 60_000;
const deadlines = { operationMs: 500, probeMs: 50, keepAliveMs: 200 };

describe('under the load of eight callers', () => {
  let token: SoftHsmToken;
  let hsm: Pkcs11Hsm;
  let keys: Awaited<ReturnType<typeof loadKeys>>;
  beforeEach(async () => {
    token = await makeSoftHsm();
    hsm = await Pkcs11Hsm.open({ ...token, pin: token.pin(), deadlines });
    keys = await loadKeys(hsm);
  });
  afterEach(async () => {
    await hsm.close();
    await token.dispose();
  });

  test(
    'a process that is killed again and again costs calls, never a wrong answer, and comes back by itself',
    async () => {
      const pids = new Set<number | undefined>();
      const seen = await underLoad(hsm, keys, async () => {
        for (let round = 0; round < rounds; round++) {
          await someCalls(hsm);
          pids.add(hsm.hostPid);
          process.kill(await livingPid(hsm), 'SIGKILL');
          await untilState(hsm, 'down');
          await untilState(hsm, 'ready');
        }
      });
      expect(pids.size).toBe(rounds);
      onlyDown(seen);
      await serves(hsm, keys);
    },
    timeout,
  );

  test(
    'a process that hangs again and again is replaced, and the station goes on meanwhile',
    async () => {
      let turns = 0;
      const turn = () => {
        turns += 1;
        ticking = setImmediate(turn);
      };
      let ticking = setImmediate(turn);
      const seen = await underLoad(hsm, keys, async () => {
        for (let round = 0; round < Math.ceil(rounds / 2); round++) {
          await someCalls(hsm);
          process.kill(await livingPid(hsm), 'SIGSTOP');
          const before = turns;
          await untilState(hsm, 'down');
          expect(turns - before).toBeGreaterThan(100); // the event loop turned all the while
          await untilState(hsm, 'ready');
        }
      });
      clearImmediate(ticking);
      onlyDown(seen);
      await serves(hsm, keys);
    },
    timeout,
  );

  test(
    'a token that goes and comes back: no wrong answer, no PIN is lost, and it comes back by itself',
    async () => {
      const there = join(token.folder, 'tokens');
      const away = join(token.folder, 'away');
      const seen = await underLoad(hsm, keys, async () => {
        for (let round = 0; round < Math.ceil(rounds / 2); round++) {
          await someCalls(hsm);
          renameSync(there, away);
          mkdirSync(there);
          process.kill(await livingPid(hsm), 'SIGKILL'); // SoftHSM keeps what it has read: a new process finds no token
          const reason = async () => (await hsm.status()).reason;
          await expect.poll(reason, { timeout: 10_000 }).toContain('plug the token in');
          rmdirSync(there);
          renameSync(away, there);
          await untilState(hsm, 'ready');
        }
      });
      onlyDown(seen);
      await serves(hsm, keys);
    },
    timeout,
  );
});

test('the soft HSM under the same load refuses nothing', async () => {
  const hsm = await SoftHsm.open({ folder: temporaryFolder() });
  const seen = await underLoad(hsm, await loadKeys(hsm), () => someCalls(hsm));
  expect(seen.failed).toEqual({});
  await hsm.close();
});

describe.skipIf(p11KitClient === undefined)('a token behind a server, as a network HSM is', () => {
  let token: SoftHsmToken;
  let server: P11KitServer;
  const open = () =>
    Pkcs11Hsm.open({
      tokenLabel: token.tokenLabel,
      module: p11KitClient ?? '',
      pin: token.pin(),
      environment: { ...token.environment, ...server.environment },
      deadlines: { ...deadlines, operationMs: 5000 },
    });
  beforeAll(async () => {
    token = await makeSoftHsm();
    server = new P11KitServer(token);
    await server.start();
  });
  afterAll(async () => {
    await server.kill();
    await token.dispose();
  });

  // The module's own suite again, through two more processes: p11-kit 0.24 does not carry EdDSA.
  if (long) hsmSuite('PKCS#11 HSM through p11-kit', open, { edwards: false });

  test(
    'that dies under load and is started again serves again by itself, with the PIN that was accepted',
    async () => {
      const hsm = await open();
      const keys = await loadKeys(hsm);
      const seen = await underLoad(hsm, keys, async () => {
        for (let round = 0; round < Math.ceil(rounds / 4); round++) {
          await someCalls(hsm);
          await server.kill();
          await untilState(hsm, 'down');
          await server.start();
          await untilState(hsm, 'ready');
        }
      });
      onlyDown(seen);
      await serves(hsm, keys);
      await hsm.close();
    },
    timeout,
  );
});

/** Lets the callers go on for a while that is counted in calls, not in time. */
async function someCalls(hsm: Pkcs11Hsm | SoftHsm): Promise<void> {
  for (let i = 0; i < 40; i++) await hsm.random(8).catch(() => undefined); // the callers judge; this one only counts
}

/** The process that now serves: a call has just been answered by it. */
async function livingPid(hsm: Pkcs11Hsm): Promise<number> {
  await untilState(hsm, 'ready');
  return hsm.hostPid ?? Number.NaN;
}

function onlyDown(seen: Seen): void {
  expect(seen.right).toBeGreaterThan(0);
  expect(Object.keys(seen.failed)).toEqual(['hsm.down']);
}

async function serves(hsm: Pkcs11Hsm, keys: Awaited<ReturnType<typeof loadKeys>>): Promise<void> {
  await untilState(hsm, 'ready');
  const seen = await underLoad(hsm, keys, () => someCalls(hsm));
  expect(seen.failed).toEqual({});
}
