import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { Channels } from './channels.ts';
import { defaultFolder, open } from './cli/folder.ts';
import type { FromStation } from './contract/desktop.ts';
import { asStationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import { openFactoryDesk } from './factory-desk.ts';
import { type Host, hostOf, hostOfSetup } from './loopback.ts';
import { type OpenStation, openStation } from './open-station.ts';
import { ordersToScan, prepareFolder, recipeNames } from './practice.ts';
import { isToSetUp, SetupHost } from './setup/setup-host.ts';

// The station process of the desktop program (docs/design.md, Processes): opens one station and serves it to the parent
// that started it, until the parent goes or tells it to end. Secrets come from standard input, never from arguments or
// the environment, which other programs can read.

const holder = 'birthmark desktop';

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

type Options = ReturnType<typeof readOptions>;

async function openAsTold({
  station: folder,
  practice,
  lanes,
  recipe,
  'secrets-stdin': follow,
}: Options): Promise<OpenStation> {
  if (practice) prepareFolder(folder, lanes);
  const opened = await (follow ? open(folder, 'desktop') : openStation(folder, {}, holder, undefined, restart));
  try {
    if (practice) await ordersToScan(opened.station, recipe);
    return opened;
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

/** Ends this process in order, after the answer to whoever asked: the desktop program starts it again. */
const restart = (): void => void setImmediate(() => process.emit('SIGTERM'));

/** Who answers, what to wait for beside the end, and how it is closed. */
type Held = { readonly host: Host; readonly failed?: Promise<never>; close(): Promise<void> };

/** The station of the folder, or its set-up where there is none yet. */
async function hold(options: Options): Promise<Held> {
  if (options.practice || !isToSetUp(options.station)) {
    return holdStation(await openAsTold(options));
  }
  const setup = new SetupHost(options.station, holder, restart);
  return {
    host: hostOfSetup(setup, unforeseen),
    failed: new Promise<never>((_, reject) => setup.made.catch(reject)),
    close: () => setup.close(),
  };
}

async function holdStation({ station, close }: OpenStation): Promise<Held> {
  try {
    const desk = await openFactoryDesk(station);
    return {
      host: hostOf(station),
      close: async () => {
        await desk.close();
        await close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** No log is open yet: what we did not foresee is told to whoever started the desktop program. */
function unforeseen(thrown: unknown): string {
  process.stderr.write(`${(thrown as Error).stack}\n`);
  return 'at the start';
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
  const { host, failed, close } = await hold(readOptions());
  const channels = new Channels(tell, host.serve);
  process.on('message', (envelope) => {
    try {
      channels.take(envelope);
    } catch (thrown) {
      host.incident(thrown); // our own parent's mistake; the other channels go on
    }
  });
  tell({ ready: true });
  await Promise.race([end, ...(failed ? [failed] : [])]);
  channels.closeAll();
  await close();
}

try {
  await main();
} catch (thrown) {
  process.exitCode = 2;
  tell({ problem: asStationError(thrown, () => unforeseen(thrown)).toData() });
} finally {
  if (process.connected) process.disconnect();
}
