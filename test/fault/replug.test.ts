// A lane arms only its own physical port and never switches by itself: whatever is pulled and plugged, and under whatever
// number it comes back, a lane never talks to the unit of another place.
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Discovery } from '../../drivers/discover.ts';
import { openSerial } from '../../drivers/serial.ts';
import { SimulatedLine } from '../../drivers/simulated/line.ts';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { hurried } from '../suites/patience.ts';
import { openPty, type Pty } from '../suites/pty.ts';
import { long, testSeed } from '../suites/seed.ts';

const places = [1, 2, 3, 4];
const replugs = long ? 1_000 : 40;
const never = new AbortController().signal;
const random = seeded(testSeed('replug'));
const protocol = hurried((ms) => ms / 5);

let folder: string;
let line: SimulatedLine;
const plugged = new Map<number, Pty>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-replug-'));
  mkdirSync(join(folder, 'by-path'));
  line = await SimulatedLine.start({ folder, lanes: places.length });
  for (const place of places) await line.place(place, { label: `SN-${place}`, serial: `SN-${place}` });
});
afterAll(async () => {
  await Promise.all([...plugged.values()].map((pty) => pty.cut()));
  await line.stop();
  rmSync(folder, { recursive: true, force: true });
});

const linkOf = (place: number) => join(folder, 'by-path', `usb-${place}`);

/** The system gives a terminal the lowest free number, so that places change theirs all the time. */
async function plug(place: number): Promise<void> {
  const pty = await openPty(line.port(place));
  symlinkSync(realpathSync(pty.path), join(folder, `new-${place}`));
  renameSync(join(folder, `new-${place}`), linkOf(place));
  plugged.set(place, pty);
}

async function pull(place: number): Promise<void> {
  rmSync(linkOf(place));
  await plugged.get(place)?.cut();
  plugged.delete(place);
}

/** Who answers at the place: the unit's own serial, or why nobody does. */
async function whoIsAt(place: number): Promise<string> {
  try {
    const link = await openSerial({ path: linkOf(place), baud: 115_200, lane: place, signal: never });
    try {
      return (await (await protocol.open(link, never)).identity(never)).serial;
    } finally {
      await link.close();
    }
  } catch (thrown) {
    if (thrown instanceof StationError) return thrown.code;
    throw thrown;
  }
}

test(
  `after each of ${replugs} random replugs, and while they go on, a lane finds its own unit or none`,
  async () => {
    const discovery = new Discovery({
      folder: join(folder, 'by-path'),
      plugged: () => undefined,
      failed: (error) => expect(error).toBeUndefined(),
    });
    const devices = new Map<number, Set<string>>(places.map((place) => [place, new Set()]));
    for (let replug = 0; replug < replugs; replug += 1) {
      const moved = places.filter(() => random() < 0.5).sort(() => whole(random, 3) - 1);
      const meanwhile = places.map(whoIsAt);
      for (const place of moved) if (plugged.has(place)) await pull(place);
      for (const place of moved) await plug(place);
      for (const [index, found] of (await Promise.all(meanwhile)).entries()) {
        const own = `SN-${places[index]}`;
        expect([own, 'link.missing', 'link.lost', 'link.refused', 'unit.silent', 'unit.garbled']).toContain(found);
      }
      for (const place of moved) {
        // Closing a terminal ends its socat, as unplugging would: it is plugged anew next time.
        expect(await whoIsAt(place)).toBe(`SN-${place}`);
        devices.get(place)?.add(discovery.ports().find(({ byPath }) => byPath === linkOf(place))?.device ?? 'none');
        await pull(place);
      }
    }
    discovery.close();
    expect(Math.min(...[...devices.values()].map((seen) => seen.size))).toBeGreaterThan(1);
  },
  long ? 900_000 : 60_000,
);
