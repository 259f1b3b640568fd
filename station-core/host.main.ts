import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { Channels } from './channels.ts';
import { defaultFolder, open } from './cli/folder.ts';
import type { FromStation } from './contract/desktop.ts';
import { asStationError, StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import { type OpenStation, openStation } from './open-station.ts';
import { ordersToScan, prepareFolder, recipeNames } from './practice.ts';
import { serveStation } from './serve.ts';

// The station process of the desktop program (docs/design.md, Processes): opens one station and serves it to the parent
// that started it, until the parent goes or tells it to end. Secrets come from standard input, never from arguments or
// the environment, which other programs can read.

const optionsSchema = z.strictObject({
  station: z.string(),
  practice: z.boolean(),
  lanes: z.coerce.number().check(z.int(), z.gte(1), z.lte(64)),
  recipe: z.enum(recipeNames),
  'secrets-stdin': z.boolean(),
});

/** Throws `input.invalid`, or parseArgs' own error for an option that there is not. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      station: { type: 'string', default: defaultFolder() },
      practice: { type: 'boolean', default: false },
      lanes: { type: 'string', default: '4' },
      recipe: { type: 'string', default: recipeNames[0] },
      'secrets-stdin': { type: 'boolean', default: false },
    },
  });
  return parse(optionsSchema, { ...values }, 'options');
}

async function openAsTold(): Promise<OpenStation> {
  const { station: folder, practice, lanes, recipe, 'secrets-stdin': secretsFollow } = readOptions();
  if (practice) prepareFolder(folder, lanes);
  const opened = await (secretsFollow ? open(folder, 'desktop') : openStation(folder, {}, 'birthmark desktop'));
  try {
    if (practice) await ordersToScan(opened.station, recipe);
    return opened;
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

/** A message that cannot be sent finds its parent gone: 'disconnect' comes then, and ends this process in order. */
function tell(message: FromStation): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Resolves when the parent is gone or wants the end. Ctrl-C is for the parent, whose terminal tells this process too. */
function endAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => undefined);
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
    if (!process.connected) resolve();
  });
}

async function main(): Promise<void> {
  const end = endAsked();
  const { station, close } = await openAsTold();
  const channels = new Channels(tell, (port) => serveStation(station, port));
  process.on('message', (envelope) => {
    try {
      channels.take(envelope);
    } catch (thrown) {
      station.parts.log.incident(thrown); // our own parent's mistake; the other channels go on
    }
  });
  tell({ ready: true });
  await end;
  channels.closeAll();
  await close();
}

try {
  await main();
} catch (thrown) {
  process.exitCode = 2;
  // No log may be open yet: what we did not foresee is told to whoever started the desktop program.
  if (!(thrown instanceof StationError)) process.stderr.write(`${(thrown as Error).stack}\n`);
  tell({ problem: asStationError(thrown, () => 'at the start').toData() });
} finally {
  if (process.connected) process.disconnect();
}
