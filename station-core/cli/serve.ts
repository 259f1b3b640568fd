import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from '../contract/errors.ts';
import { openFactoryDesk } from '../factory-desk.ts';
import { type Host, hostOf, hostOfSetup, serveLoopback } from '../loopback.ts';
import { ordersToScan, prepareFolder, type RecipeName } from '../practice.ts';
import { isToSetUp, SetupHost } from '../setup/setup-host.ts';
import { freshFolder, open } from './folder.ts';
import { note } from './terminal.ts';

/** Where `npm start` builds the screens (build/renderer.ts). */
const pages = join(import.meta.dirname, '..', '..', 'build', 'out', 'renderer');

/** `birthmark serve`: a station with its screens, until it is told to stop; where there is none yet, its set-up first. */
export async function serve(folder: string, port: number): Promise<number> {
  if (isToSetUp(folder)) return serveSetUp(folder, port);
  const { station, close } = await open(folder, 'serve');
  return serveUntilStopped(hostOf(station), close, port);
}

/** Nothing is written before the person at the screens says so. A station that was made and cannot be opened ends the command. */
async function serveSetUp(folder: string, port: number): Promise<number> {
  const setup = new SetupHost(folder, 'birthmark serve');
  const host = hostOfSetup(setup, (thrown) => {
    note(`set-up: ${String((thrown as Error).stack)}`);
    return 'set-up';
  });
  const failed = new Promise<never>((_, reject) => setup.made.catch(reject));
  note(`There is no station in ${folder} yet: its first page sets one up.`);
  return serveUntilStopped(host, () => setup.close(), port, failed);
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
  return serveUntilStopped(hostOf(opened.station), opened.close, options.port);
}

async function serveUntilStopped(
  host: Host,
  close: () => Promise<void>,
  port: number,
  failed?: Promise<never>,
): Promise<number> {
  try {
    if (!existsSync(join(pages, 'index.html'))) {
      throw new StationError('station.no-folder', {
        folder: `${pages} (the screens are not built: npm start builds them)`,
      });
    }
    const served = await serveLoopback(host, pages, port);
    const desk = await openFactoryDesk(host.station()).catch(async (thrown: unknown) => {
      await served.close();
      throw thrown;
    });
    process.stdout.write(`Birthmark is at ${served.address}\n`);
    note('Stop it with Ctrl-C.');
    try {
      await Promise.race([stopAsked(), ...(failed ? [failed] : [])]);
    } finally {
      await desk.close();
      await served.close();
    }
  } finally {
    await close();
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
