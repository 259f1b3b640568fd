import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Link } from '../../../../drivers/link.ts';
import { createUartV1, uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { ordinaryPatience } from '../../../../drivers/protocols/uart-v1-asking.ts';
import { openSerial } from '../../../../drivers/serial.ts';
import { SimulatedLine } from '../../../../drivers/simulated/line.ts';
import { protocolSuite, type UnitBench, type UnitOnBench } from '../../../suites/protocol.suite.ts';
import { deliveriesSuite } from '../../../suites/protocol-deliveries.suite.ts';
import { x509Suite } from '../../../suites/protocol-x509.suite.ts';
import { openPty } from '../../../suites/pty.ts';

const never = new AbortController().signal;
const impatient = createUartV1({ ...ordinaryPatience, hello: { ms: 20, sendings: 2 } });

type Cable = { readonly link: Link; readonly cut: () => Promise<void> };
type Connect = (line: SimulatedLine) => Promise<Cable>;

/** A lane of the practice line as a bench, with its cable laid in the given way. */
const bench = (connect: Connect) => async (): Promise<UnitBench> => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-units-'));
  const start = () => SimulatedLine.start({ folder, lanes: 1 });
  let line = await start();
  let cable: Cable | undefined;
  let placed: UnitOnBench & { label: string } = { label: '', serial: '', mac: '' };
  return {
    freshUnit: async (facts) => {
      placed = { label: facts.serial, ...facts };
      await line.place(1, placed);
    },
    openLink: async () => {
      await cable?.cut();
      cable = await connect(line);
      return cable.link;
    },
    cutLink: async () => {
      await cable?.cut();
    },
    restartUnit: async () => {
      await cable?.cut();
      cable = undefined;
      await line.stop();
      line = await start();
      await line.place(1, placed);
    },
    silenceUnit: (silent) => line.silence(1, silent),
    end: async () => {
      await cable?.cut();
      await line.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const overSocket: Connect = async (line) => ({ link: await line.link(1, never), cut: () => line.unplug(1) });

const overPty =
  (baud: number): Connect =>
  async (line) => {
    const pty = await openPty(line.port(1));
    return { link: await openSerial({ path: pty.path, baud, signal: never }), cut: () => pty.cut() };
  };

const under = { protocol: uartV1, impatient };
protocolSuite('uart-v1 over a local socket', under, bench(overSocket));
x509Suite('uart-v1 with X.509 over a local socket', uartV1, bench(overSocket));
for (const baud of [9_600, 115_200, 3_000_000]) {
  protocolSuite(`uart-v1 through serialport over a pty at ${baud} baud`, under, bench(overPty(baud)));
}
x509Suite('uart-v1 with X.509 through serialport over a pty', uartV1, bench(overPty(115_200)));
deliveriesSuite('uart-v1 with encrypted deliveries over a local socket', uartV1, bench(overSocket));
deliveriesSuite('uart-v1 with encrypted deliveries through serialport over a pty', uartV1, bench(overPty(115_200)));
