import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Discovery } from '../../drivers/discover.ts';
import type { Link } from '../../drivers/link.ts';
import { uartV1 } from '../../drivers/protocols/uart-v1.ts';
import { openSerial } from '../../drivers/serial.ts';
import { SimulatedLine } from '../../drivers/simulated/line.ts';
import { openPty } from '../../test/suites/pty.ts';
import type { Bench } from './bench.ts';

const times = 20;
const never = new AbortController().signal;
type Figures = Record<'garbage' | 'lost' | 'replug' | 'attached', number[]>;

/**
 * How long a line is not usable after garbage (`garbage`) and after it was plugged in again under another number
 * (`replug`), how soon a pulled cable is noticed by its link (`lost`), and a port that came by the station (`attached`).
 */
export const replug: Bench = {
  about: 'garbage, pulled cables and renumbered ports (goals: usable within 2 s, noticed within 500 ms)',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    const line = await SimulatedLine.start({ folder, lanes: 1 });
    await line.place(1, { label: 'SN-1', serial: 'SN-1' });
    const figures: Figures = { garbage: [], lost: [], replug: [], attached: [] };
    try {
      await measure(folder, line, figures);
    } finally {
      await line.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    const worst = Object.entries(figures).map(([name, all]) => [`${name}MsMax`, Math.round(Math.max(...all))]);
    return Object.fromEntries(worst) as Record<string, number>;
  },
};

async function measure(folder: string, line: SimulatedLine, figures: Figures): Promise<void> {
  const links = join(folder, 'by-path');
  mkdirSync(links);
  const plugs = new EventEmitter();
  const failed = (error: unknown) => plugs.emit('error', error);
  const discovery = new Discovery({ folder: links, plugged: ({ type }) => plugs.emit(type), failed });
  const place = join(links, 'usb-1');
  for (let time = 0; time < times; time += 1) {
    // Two at once, so that the one that comes back has another number than the one that went.
    const cables = [await openPty(line.port(1)), await openPty(line.port(1))];
    for (const cable of cables) {
      const plugged = performance.now();
      const attached = once(plugs, 'attached');
      symlinkSync(realpathSync(cable.path), place);
      await attached;
      figures.attached.push(performance.now() - plugged);
      const link = await openSerial({ path: place, baud: 115_200, signal: never });
      await usable(link);
      figures.replug.push(performance.now() - plugged);
      figures.garbage.push(await afterGarbage(link));
      const pulled = performance.now();
      const lost = once(link.lost, 'abort');
      await cable.cut();
      await lost;
      figures.lost.push(performance.now() - pulled);
      const detached = once(plugs, 'detached');
      rmSync(place);
      await detached;
      await link.close();
    }
  }
  discovery.close();
}

async function afterGarbage(link: Link): Promise<number> {
  await link.write(Buffer.from('00ff0355aa'.repeat(400), 'hex'), never);
  const began = performance.now();
  await usable(link);
  return performance.now() - began;
}

/** The unit answers. */
async function usable(link: Link): Promise<void> {
  await (await uartV1.open(link, never)).identity(never);
}
