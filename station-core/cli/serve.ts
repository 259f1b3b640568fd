import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from '../contract/errors.ts';
import { serveLoopback } from '../loopback.ts';
import type { OpenStation } from '../open-station.ts';
import { ordersToScan, prepareFolder, type RecipeName } from '../practice.ts';
import { freshFolder, open } from './folder.ts';
import { note } from './terminal.ts';

/** Where `npm start` builds the screens (build/renderer.ts). */
const pages = join(import.meta.dirname, '..', '..', 'build', 'out', 'renderer');

/** `birthmark serve`: a station with its screens, until it is told to stop. */
export async function serve(folder: string, port: number): Promise<number> {
  return serveUntilStopped(await open(folder, 'serve'), port);
}

export type WindowOptions = {
  readonly lanes: number;
  readonly recipe: RecipeName;
  readonly port: number;
  readonly station?: string | undefined;
};

/** `birthmark practice --window`: the practice line with an order to scan; every seventh label sticks on a wrong unit. */
export async function practiceWindow(options: WindowOptions): Promise<number> {
  const folder = options.station ?? freshFolder();
  prepareFolder(folder, options.lanes, options.recipe);
  const opened = await open(folder, 'practice');
  try {
    const labels = await ordersToScan(opened.station, options.recipe);
    note(`Practice line in ${folder}`);
    note(`Labels to scan: ${labels.slice(0, 3).join('  ')} (the last one sticks on a wrong unit)`);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
  return serveUntilStopped(opened, options.port);
}

async function serveUntilStopped(opened: OpenStation, port: number): Promise<number> {
  try {
    if (!existsSync(join(pages, 'index.html'))) {
      throw new StationError('station.no-folder', {
        folder: `${pages} (the screens are not built: npm start builds them)`,
      });
    }
    const served = await serveLoopback(opened.station, pages, port);
    process.stdout.write(`Birthmark is at ${served.address}\n`);
    note('Stop it with Ctrl-C.');
    await stopAsked();
    await served.close();
  } finally {
    await opened.close();
  }
  return 0;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process the hard way, as the system's default. */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
