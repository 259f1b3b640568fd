import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Link } from '../../../../drivers/link.ts';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { links } from '../../../../drivers/registry.ts';
import { SimulatedLine } from '../../../../drivers/simulated/line.ts';
import type { UnitTpm } from '../../../../drivers/tpm/unit-tpm.ts';
import { openPty, type Pty } from '../../../suites/pty.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../suites/swtpm.ts';

import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { challengeFor, unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;

/** A unit on a pty, with an swtpm for its TPM, and the way to it through the unit protocol. */
async function unitBench(certificates: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-unit-'));
  const [swtpm, line] = await Promise.all([makeSwtpm({ certificates }), SimulatedLine.start({ folder, lanes: 1 })]);
  await line.place(1, { label: 'T-1', serial: 'T-1', tpm: { port: swtpm.port } });
  let pty: Pty | undefined;
  let link: Link | undefined;
  const hangUp = async () => {
    await link?.close();
    await pty?.cut();
  };
  return {
    swtpm,
    hasCertificate: certificates,
    open: async (): Promise<UnitTpm> => {
      await hangUp();
      pty = await openPty(line.port(1));
      link = await links.serial({ path: pty.path, baud: 115_200, lane: 1 }, never);
      return (await uartV1.open(link, never)).tpm(never);
    },
    loaded: async () => loadedIn(await toPort(swtpm.port)),
    end: async () => {
      await hangUp();
      await Promise.all([line.stop(), swtpm.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

unitTpmSuite('a TPM through the unit protocol, over a pty', () => unitBench(true));

let bench: Awaited<ReturnType<typeof unitBench>>;
let swtpm: Swtpm;
beforeAll(async () => {
  bench = await unitBench(true);
  swtpm = bench.swtpm;
});
afterAll(() => bench.end());

test.each([
  ['rsa2048', '0x81010001', '0x1c00002'],
  ['high-p384', '0x81010016', '0x1c00016'],
] as const)(
  'the key %s and its certificate come out of the unit byte for byte as the tools read them',
  async (kind, handle, index) => {
    const tpm = await bench.open();
    const key = await tpm.endorsement({ kind }, never);
    await tpm.close();
    const tool = tools(swtpm);
    await tool('tpm2_readpublic', '-c', handle, '-f', 'tss', '-o', 'key.pub');
    await tool('tpm2_nvread', index, '-C', index, '-o', 'certificate');
    expect(key.public).toEqual(readFileSync(join(swtpm.folder, 'key.pub')));
    expect(key.certificate?.bytes).toEqual(readFileSync(join(swtpm.folder, 'certificate')));
  },
);

test('the key p256, which the TPM has to create, is byte for byte the one of tpm2_createek', async () => {
  const tpm = await bench.open();
  const key = await tpm.endorsement({ kind: 'p256' }, never);
  await tpm.close();
  await tools(swtpm)('tpm2_createek', '-c', 'ek.ctx', '-G', 'ecc', '-u', 'ek.pub', '-f', 'tss');
  await tools(swtpm)('tpm2_flushcontext', '-t');
  expect(key.public).toEqual(readFileSync(join(swtpm.folder, 'ek.pub')));
});

test('a challenge is opened through the unit protocol, and what is left loaded is nothing', async () => {
  const tpm = await bench.open();
  const secret = randomBytes(32);
  expect(await tpm.activate(await challengeFor(tpm, 'rsa2048', secret), never)).toEqual(secret);
  await tpm.close();
  expect(await bench.loaded()).toBe(0);
});
