// Lines that lose bytes, kernels that write into the middle of everything, and cables that are pulled: what a conversation says is
// right or an error, and nothing is done twice or by half.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { provisioningFile } from '../../../../drivers/protocols/linux-console-files.ts';
import { ownMark } from '../../../../drivers/protocols/linux-console-screen.ts';
import { fromThenOn, kernelNoise, lossyLine } from '../../../suites/kernel-noise.ts';
import { accessTo, converse, hurriedConsole, roughConsole } from '../../../suites/linux-console-bench.ts';
import { shells, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { info, refusal } from '../../../suites/protocol.suite.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { makeSwtpm, type Swtpm } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { challengeFor } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;
const seed = testSeed('a rough console');
const rounds = long ? 50 : 1;

let swtpm: Swtpm;
beforeAll(async () => {
  swtpm = await makeSwtpm();
});
afterAll(() => swtpm.stop());

describe.each(shells)('over a rough line to a unit with %s', (shell) => {
  test.each(Array.from({ length: rounds }, (_, round) => seed + round))(
    'a kernel that prints every few hundred bytes delays a login and everything behind it, and changes nothing (seed %d)',
    async (roundSeed) => {
      const unit = await startLinuxUnit({
        shell,
        tcti: swtpm.tcti,
        account: { login: 'root', password: 'secret' },
        onWay: kernelNoise(roundSeed, 1 / 300),
      });
      onTestFinished(() => unit.end());
      const path = join(unit.folder, 'provisioning.json');
      const console = accessTo(unit, {
        password: Buffer.from('secret'),
        files: [{ path, mode: 0o600, content: 'provisioning' }],
      });
      const session = await roughConsole.open(await unit.plug(), never, { console });
      expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
      await session.provision(info, never);
      expect(readFileSync(path)).toEqual(provisioningFile(info));
      const tpm = await session.tpm(never);
      const secret = randomBytes(32);
      expect(await tpm.activate(await challengeFor(tpm, 'rsa2048', secret), never)).toEqual(secret);
      await tpm.close();
      expect(await loadedIn(await toPort(swtpm.port))).toBe(0);
    },
    120_000,
  );

  test('bytes that are lost in either direction are noticed, and what was lost is said again', async () => {
    const [toStation, toUnit] = [lossyLine(seed, 1 / 1_000), lossyLine(seed + 1, 1 / 1_000)].map(fromThenOn);
    const ways = { ...(toStation ? { onWay: toStation.onWay } : {}), ...(toUnit ? { onWayIn: toUnit.onWay } : {}) };
    const conversation = await converse({ shell, tcti: swtpm.tcti, ...ways }, {}, roughConsole);
    onTestFinished(() => conversation.end());
    toStation?.begin();
    toUnit?.begin();
    const { session } = conversation;
    expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
    const tpm = await session.tpm(never);
    const secret = randomBytes(32);
    expect(await tpm.activate(await challengeFor(tpm, 'p256', secret), never)).toEqual(secret);
    await tpm.close();
  }, 120_000);

  test('whichever byte is lost of the line that starts the loop, no loop runs that is not the whole one', async () => {
    const start = ` sh -c "$B" sh ${ownMark}`;
    const places = Array.from({ length: long ? start.length + 28 : start.indexOf(' sh b') }, (_, at) => at);
    let lost: number | undefined;
    const onWayIn = (bytes: Buffer): readonly Buffer[] => {
      const at = lost;
      if (at === undefined || !bytes.toString('latin1').startsWith(start)) return [bytes];
      lost = undefined;
      return [bytes.subarray(0, at), bytes.subarray(at + 1)];
    };
    const conversation = await converse({ shell, tcti: swtpm.tcti, onWayIn }, {}, roughConsole);
    onTestFinished(() => conversation.end());
    for (const place of places) {
      lost = place;
      expect({ place, serial: (await conversation.session.identity(never)).serial }).toEqual({
        place,
        serial: 'SN-LINUX-1',
      });
      expect(lost).toBeUndefined();
    }
  }, 240_000);
});

test('a cable that is pulled at any place blames the station, and the next conversation finds and ends what was left', async () => {
  const unit = await startLinuxUnit({
    shell: 'bash',
    tcti: swtpm.tcti,
    account: { login: 'root', password: 'secret' },
  });
  onTestFinished(() => unit.end());
  const open = async () =>
    hurriedConsole.open(await unit.plug(), never, { console: accessTo(unit, { password: Buffer.from('secret') }) });
  for (const bytes of [300, 2_300, 4_000, 6_500]) {
    const session = await open();
    unit.cutAfter(bytes);
    const all = (async () => {
      await session.identity(never);
      const tpm = await session.tpm(never);
      await challengeFor(tpm, 'high-p256', randomBytes(32));
      throw new Error(`the cable was to be pulled after ${bytes} bytes`);
    })();
    expect((await refusal(all, 'link.lost')).blame).toBe('station');
    await refusal(session.status(never), 'link.lost');
  }
  const session = await open();
  const tpm = await session.tpm(never);
  const secret = randomBytes(32);
  expect(await tpm.activate(await challengeFor(tpm, 'high-p256', secret), never)).toEqual(secret);
  await tpm.close();
  expect(await loadedIn(await toPort(swtpm.port))).toBe(0);
}, 120_000);
