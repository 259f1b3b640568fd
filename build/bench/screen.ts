import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../../test/e2e/chromium.ts';
import type { Bench } from './bench.ts';
import { millionFolder, millionUnits } from './million.ts';
import { type Driver, drive, serveLine } from './screen-line.ts';

const lanes = 16;
const usualRuns = 10_000;
/** A technician takes the unit off and puts the next one on, in milliseconds at most: far less than a person needs. */
const pauseMs = 400;
/** A cable as real units have it, on which a unit takes some seconds; so many runs of all are made on it. */
const slow = { baud: 9_600, part: 10 } as const;
const firstRuns = 3 * lanes;
/** The lane that is scanned for by keyboard; a function key selects it. */
const scannedLane = 8;

/** What a look at the page's process tells, after its garbage was collected. */
type Look = {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly busySeconds: number;
  /** Of a core: other programs on the machine do not count. */
  readonly cpuSeconds: number;
};
type Times = Record<'scans' | 'events' | 'longTasks', number[]>;

/**
 * The lanes screen with all lanes running and a million units in the database, in Debian's Chromium: how long a scan takes from its
 * Enter to the frame that shows the serial on its tile, and an event from the station's time to the frame that shows it; how long
 * the page blocks; and whether its memory stays. First on cables of real units, then (`full…`) as fast as units and station can,
 * which no line is: there it counts what many runs leave behind. `--entries` sets how many runs (10,000).
 */
export const screen: Bench = {
  about: `the lanes screen, ${lanes} lanes running, a million units (goals: scan 50 ms, event 100 ms, memory flat)`,
  async run({ entries: runs = usualRuns }) {
    execFileSync(process.execPath, [join(import.meta.dirname, '..', 'renderer.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const folder = millionFolder(tmpdir());
    const slowRuns = Math.ceil(runs / slow.part);
    const labels = await millionUnits(folder, lanes, firstRuns + slowRuns + runs);
    const line = await serveLine(folder, lanes);
    const chromium = await launchChromium();
    try {
      const page = await chromium.newPage({ viewport: { width: 1920, height: 1080 } });
      await page.addInitScript({ path: join(import.meta.dirname, 'screen-watch.js') });
      await page.goto(line.address);
      await page.locator(`[data-lane="${lanes}"]`).waitFor();
      const driver = await drive(line.address);
      const slowly = firstRuns + slowRuns;
      await line.lay(slow.baud);
      // The first units find nothing compiled and nothing drawn; a shift begins with them once.
      await measure(page, driver, labels.slice(0, firstRuns));
      const real = await measure(page, driver, labels.slice(firstRuns, slowly));
      await line.lay();
      const full = await measure(page, driver, labels.slice(slowly), Math.min(1_000, runs / 3));
      driver.close();
      return { ...real, ...named('full', full) };
    } finally {
      await chromium.close();
      await line.stop();
    }
  },
};

type Figures = Record<string, number | string>;

const named = (before: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${before}-${name}`, value]));

/** Makes a unit of each label; looks at the page's memory before, after every so many, and at the end. */
async function measure(page: Page, driver: Driver, labels: readonly string[], every = labels.length): Promise<Figures> {
  const queue = labels.values();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const looks: Look[] = [await look(cdp)];
  await page.evaluate('window.screenWatch.forget()');
  const began = performance.now();
  let done = 0;
  let looking: Promise<void> = Promise.resolve();
  const ended = () => {
    done++;
    if (done % every < 1) looking = looking.then(async () => void looks.push(await look(cdp)));
  };
  const all = Array.from({ length: lanes }, (_, index) => index + 1);
  await Promise.all(
    all.map((lane) =>
      lane === scannedLane ? scanAll(page, driver, queue, ended) : runAll(driver, lane, queue, ended),
    ),
  );
  await looking;
  const seconds = (performance.now() - began) / 1_000;
  const times = await page.evaluate<Times>('window.screenWatch.times');
  return { runs: done, seconds: Math.round(seconds), ...told(times), ...flat(looks, seconds, done) };
}

/** Units one after the other on a lane, started over a connection of the driver's own. */
async function runAll(driver: Driver, lane: number, queue: Iterator<string>, ended: () => void): Promise<void> {
  // Nobody puts on sixteen units at the same instant.
  await pause();
  for (let next = queue.next(); !next.done; next = queue.next()) {
    await driver.run(lane, next.value);
    ended();
    await pause();
  }
}

/** Units one after the other on a lane, scanned as a scanner that types would. */
async function scanAll(page: Page, driver: Driver, queue: Iterator<string>, ended: () => void): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    const serial = next.value;
    const over = driver.ended(scannedLane);
    await page.evaluate(`window.expectScan(${scannedLane}, ${JSON.stringify(serial)})`);
    await page.keyboard.press(`F${scannedLane}`);
    await page.keyboard.type(serial);
    await page.keyboard.press('Enter');
    await over;
    ended();
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs * Math.random()));

async function look(cdp: CDPSession): Promise<Look> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  return {
    heapBytes: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    busySeconds: of('TaskDuration'),
    cpuSeconds: of('ThreadTime'),
  };
}

function told({ scans, events, longTasks }: Times): Record<string, number> {
  const sum = longTasks.reduce((all, count, ms) => all + count * ms, 0);
  return {
    scans: total(scans),
    scanMsP50: part(scans, 0.5),
    scanMsP95: part(scans, 0.95),
    scanMsMax: part(scans, 1),
    events: total(events),
    eventMsP50: part(events, 0.5),
    eventMsP95: part(events, 0.95),
    eventMsMax: part(events, 1),
    longTasks: total(longTasks),
    longTaskMsMax: part(longTasks, 1),
    longTaskMsTotal: sum,
  };
}

const total = (buckets: readonly number[]): number => buckets.reduce((all, count) => all + count, 0);

/** The bucket, in milliseconds, up to which this part of all times lies; 0 when there is none. */
function part(buckets: readonly number[], of: number): number {
  const wanted = Math.ceil(total(buckets) * of);
  if (wanted === 0) return 0;
  let seen = 0;
  for (const [ms, count] of buckets.entries()) {
    seen += count;
    if (seen >= wanted) return ms;
  }
  return 0;
}

/** Memory at the beginning, then after every thousandth run; the first holds nothing yet and does not count for the slope. */
function flat(looks: readonly Look[], seconds: number, runs: number): Figures {
  const kilobytes = looks.map(({ heapBytes }) => Math.round(heapBytes / 1024));
  const grew = (name: 'busySeconds' | 'cpuSeconds') => (looks.at(-1)?.[name] ?? 0) - (looks[0]?.[name] ?? 0);
  return {
    heapKb: kilobytes.join(' '),
    heapKbSlope: Math.round(slope(kilobytes.slice(1)) * 10) / 10,
    nodes: looks.map(({ nodes }) => nodes).join(' '),
    listeners: looks.map(({ listeners }) => listeners).join(' '),
    pageBusyPercent: Math.round((100 * grew('busySeconds')) / seconds),
    pageCpuMsPerRun: Math.round((10_000 * grew('cpuSeconds')) / runs) / 10,
  };
}

/** How much more each look shows than the one before it, by least squares. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((all, value) => all + value, 0) / Math.max(1, values.length);
  const [up, down] = values.reduce(
    ([above, below], value, at) => [above + (at - middle) * (value - mean), below + (at - middle) ** 2],
    [0, 0],
  );
  return down === 0 ? 0 : up / down;
}
