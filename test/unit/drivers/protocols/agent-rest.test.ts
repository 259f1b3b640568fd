// The agent in C with a TPM of its own behind it, and with a file system that other programs read.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UnitSession } from '../../../../drivers/protocols/protocol.ts';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { openSocket } from '../../../../drivers/socket.ts';
import { ekKinds } from '../../../../drivers/tpm/unit-tpm.ts';
import { type AgentUnit, agentBench, overPty, startAgent } from '../../../suites/agent.ts';
import { canBuildAgent, hostAgentsAreBuilt, needsCompiler } from '../../../suites/agent-build.ts';
import { info, proves, refusal, symmetricKey } from '../../../suites/protocol.suite.ts';
import { makeSwtpm } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';
import { sealToOf } from '../../../suites/units-tpm.ts';

const never = new AbortController().signal;
const { registrationId } = info;

/** The agent behind a pty, with an swtpm for its TPM. */
async function withSwtpm() {
  const [swtpm, bench] = await Promise.all([makeSwtpm({ certificates: true }), agentBench(overPty)()]);
  bench.tpmPort(swtpm.port);
  await bench.freshUnit({ serial: 'T-1', mac: '02:00:5E:10:00:0A' });
  let session: UnitSession | undefined;
  const greet = async () => {
    session = await uartV1.open(await bench.openLink(), never);
    return session;
  };
  return {
    hasCertificate: true,
    greet,
    open: async () => (await greet()).tpm(never),
    loaded: async () => loadedIn(await toPort(swtpm.port)),
    end: async () => {
      await bench.end();
      await swtpm.stop();
    },
  };
}

await hostAgentsAreBuilt();

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  unitTpmSuite('a TPM through the agent, over a pty', withSwtpm);

  describe('with a real TPM', () => {
    let bench: Awaited<ReturnType<typeof withSwtpm>>;
    beforeAll(async () => {
      bench = await withSwtpm();
    });
    afterAll(() => bench.end());

    test.each(ekKinds)('opens what is sealed to its key %s, and leaves nothing loaded', async (kind) => {
      const session = await bench.greet();
      await session.provision(info, never);
      const tpm = await session.tpm(never);
      const sealTo = await sealToOf(tpm, kind);
      // What the station loaded is gone, so the agent makes its keys again.
      await tpm.close();
      const credential = { ...symmetricKey(), delivery: 'sealed', registrationId, sealTo } as const;
      const { state, operation } = await session.status(never);
      const replaces = state === 'committed' && operation ? { replaces: operation } : {};
      await session.stage({ ...credential, ...replaces }, never);
      await session.commit(credential.operation, never);
      expect(await proves(session, credential)).toBe(true);
      expect(await bench.loaded()).toBe(0);
    });
  });

  describe('with files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-agent-files-'));
    let unit: AgentUnit | undefined;
    let session: UnitSession;
    const place = (path: string) => join(folder, 'root', path);
    const start = async (memory = 'memory') => {
      await unit?.kill();
      unit = await startAgent(join(folder, memory), ['--files', join(folder, 'root')]);
      if (unit === undefined) throw new Error('the agent did not start');
      session = await uartV1.open(await openSocket({ path: unit.socket }, never), never);
    };
    beforeAll(() => start());
    afterAll(async () => {
      await unit?.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    const file = (path: string, bytes = randomBytes(3_000)) => ({ path, mode: 0o640, bytes });

    test('a file is written with its mode, is the same again after a restart, and is written anew where it was changed', async () => {
      const config = file('/etc/aziot/config.toml');
      await session.writeFile(config, never);
      expect(readFileSync(place(config.path))).toEqual(config.bytes);
      expect(statSync(place(config.path)).mode & 0o777).toBe(0o640);
      await start();
      await session.writeFile(config, never);
      writeFileSync(place(config.path), 'something else');
      await session.writeFile(config, never);
      expect(readFileSync(place(config.path))).toEqual(config.bytes);
      const other = file(config.path, randomBytes(100));
      await session.writeFile(other, never);
      expect(readFileSync(place(config.path))).toEqual(other.bytes);
    });

    test('a third file, one that is too long, and a path that is none are refused', async () => {
      await session.writeFile(file('/etc/second'), never);
      for (const [wrong, reason] of [
        [file('/etc/third'), 'that is too long for it'],
        [file('/etc/second', randomBytes(9_000)), 'that is too long for it'],
        [file(`/${'a'.repeat(140)}`), 'that is too long for it'],
        [file('etc/second'), 'it cannot use the object'],
        [file('//etc/second'), 'it cannot use the object'],
      ] as const) {
        const error = await refusal(session.writeFile(wrong, never), 'unit.refused');
        expect(error.details.reason).toBe(reason);
      }
      expect(readFileSync(place('/etc/second'))).toHaveLength(3_000);
    });

    test('a path that leads out of the folder is not written', async () => {
      await start('another');
      const error = await refusal(session.writeFile(file('/../outside'), never), 'unit.refused');
      expect(error.details.reason).toBe('its memory failed');
    });
  });
});
