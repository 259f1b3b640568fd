// Promise B for the agent in C, through the station's driver: its process ends in the middle of a write or an erase of its memory, at
// each of them in turn; then it holds the old credential or the new one, and the next try ends with the new one.
import type { KeyObject } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UnitSession } from '../../drivers/protocols/protocol.ts';
import { uartV1 } from '../../drivers/protocols/uart-v1.ts';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { openSocket } from '../../drivers/socket.ts';
import { type AgentUnit, cutCode, startAgent } from '../suites/agent.ts';
import { canBuildAgent, hostAgentsAreBuilt, needsCompiler } from '../suites/agent-build.ts';
import { info, proves, symmetricKey } from '../suites/protocol.suite.ts';
import { signs } from '../suites/protocol-x509.suite.ts';
import { long, testSeed } from '../suites/seed.ts';
import { chainFor, chainObject, keyObject, requestedKey, sentKey } from '../suites/unit-certificates.ts';

const step = long ? 1 : 3;
const timeout = long ? 1_800_000 : 300_000;
const never = new AbortController().signal;
const { registrationId } = info;
const old = symmetricKey();

const folder = mkdtempSync(join(tmpdir(), 'birthmark-agent-power-'));
const holdsOld = join(folder, 'old');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whatever is asked of a unit in one conversation. */
async function asked<T>(unit: AgentUnit, ask: (session: UnitSession) => Promise<T>): Promise<T> {
  const link = await openSocket({ path: unit.socket }, never);
  try {
    return await ask(await uartV1.open(link, never));
  } finally {
    await link.close();
  }
}

/** A credential on its way in; the same operation and values at each try. */
type Way = () => { readonly operation: Buffer; readonly install: (session: UnitSession) => Promise<boolean> };

const ways: Readonly<Record<string, Way>> = {
  'in clear': () => symmetric({ ...symmetricKey(), replaces: old.operation }),
  'through a channel': () =>
    symmetric({ ...symmetricKey(), delivery: 'channel', registrationId, replaces: old.operation }),
  'as a private key with its chain': () => {
    const { operation } = symmetricKey();
    const { key, chain, publicKey } = sentKey();
    return {
      operation,
      install: async (session) => {
        await session.stage({ ...keyObject(operation, key), replaces: old.operation }, never);
        await session.stage(chainObject(operation, chain), never);
        await session.commit(operation, never);
        return signs(session, operation, publicKey);
      },
    };
  },
  'as a key of the unit’s own': () => {
    const { operation } = symmetricKey();
    const asks = { operation, algorithm: 'p256', replaces: old.operation } as const;
    let issued: { readonly key: KeyObject; readonly chain: Buffer } | undefined;
    return {
      operation,
      install: async (session) => {
        const key = requestedKey(await session.makeKey(asks, never));
        // The station keeps the chain that it issued for this key.
        if (!issued?.key.equals(key)) issued = { key, chain: chainFor(key) };
        await session.stage(chainObject(operation, issued.chain), never);
        await session.commit(operation, never);
        return signs(session, operation, key);
      },
    };
  },
};

function symmetric(credential: Parameters<UnitSession['stage']>[0] & { readonly operation: Buffer }) {
  const install = async (session: UnitSession) => {
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    return proves(session, credential);
  };
  return { operation: credential.operation, install };
}

/** A whole replacement, from the start, as a station does it again after each break. */
const replace =
  (install: (session: UnitSession) => Promise<boolean>, operation: Buffer) => async (session: UnitSession) => {
    await session.provision(info, never);
    expect(await install(session)).toBe(true);
    await session.lock(operation, never);
  };

/** Whether the power went in the middle of step `cutAfter`; afterwards the unit has the new credential, whole and locked. */
async function cutOnce(way: Way, cutAfter: number, seen: Set<string>): Promise<boolean> {
  const memory = join(folder, `cut-${cutAfter}`);
  const { operation, install } = way();
  copyFileSync(holdsOld, memory);
  const unit = await startAgent(memory, ['--cut-after', String(cutAfter)]);
  const went =
    unit &&
    asked(unit, replace(install, operation)).then(
      () => 'whole',
      () => 'broke',
    );
  const how = await went;
  if (unit && how === 'whole') await unit.kill();
  const wasCut = unit === undefined || (await unit.ended) === cutCode;
  expect(wasCut || how === 'whole').toBe(true);
  const again = await startAgent(memory, []);
  if (again === undefined) throw new Error('the agent did not start again');
  await asked(again, async (session) => {
    const { state, operation: held } = await session.status(never);
    expect(state).toBe('committed');
    expect(
      [old.operation, operation].some((one) => held?.equals(one)),
      `cut at ${cutAfter}`,
    ).toBe(true);
    if (held?.equals(old.operation)) expect(await proves(session, old)).toBe(true);
    seen.add(held?.equals(operation) ? 'new' : 'old');
    await replace(install, operation)(session);
    expect(await session.status(never)).toMatchObject({ state: 'committed', operation, locked: true });
  });
  await again.kill();
  rmSync(memory);
  return wasCut;
}

await hostAgentsAreBuilt();

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  beforeAll(async () => {
    const unit = await startAgent(holdsOld, []);
    if (unit === undefined) throw new Error('the agent did not start');
    await asked(unit, async (session) => {
      await session.provision(info, never);
      await session.stage(old, never);
      await session.commit(old.operation, never);
    });
    await unit.kill();
  });

  test.each(Object.entries(ways))(
    'whose power goes in the middle of a step while a credential comes %s holds the old one or the new one',
    async (name, way) => {
      const seen = new Set<string>();
      const from = 1 + whole(seeded(testSeed(`agent power, ${name}`)), step);
      let cuts = 0;
      while (await cutOnce(way, from + cuts * step, seen)) cuts += 1;
      process.stdout.write(`agent power, ${name}: cut at ${cuts} steps\n`);
      expect([...seen].sort()).toEqual(['new', 'old']);
    },
    timeout,
  );
});
