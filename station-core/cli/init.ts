import { resolve } from 'node:path';
import { configSchema } from '../config.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import type { Mode } from '../contract/record.ts';
import { type Founding, foundStation, requireEmpty } from '../setup/found.ts';
import type { Station } from '../station.ts';
import { ask, askSecret, mayAsk, note, printJson } from './terminal.ts';

/** What `birthmark init` takes as flags; what is left out is asked for, or named when nobody can be asked. */
export type InitOptions = {
  readonly mode?: Mode | undefined;
  readonly name?: string | undefined;
  readonly hsmModule?: string | undefined;
  readonly hsmToken?: string | undefined;
  readonly idScope?: string | undefined;
  readonly deviceEndpoint?: string | undefined;
  readonly lane: readonly string[];
  readonly budget?: number | undefined;
  readonly lead?: string | undefined;
  readonly officer?: string | undefined;
  readonly input: boolean;
  readonly json: boolean;
};

/** `birthmark init`: makes a station folder, whole or not at all (setup/found.ts). */
export async function init(folder: string, options: InitOptions): Promise<number> {
  const place = resolve(folder);
  requireEmpty(place);
  const founding = await gather(options);
  await foundStation(place, founding, {
    holder: 'birthmark init',
    secrets: async () => (founding.config.hsm.kind === 'pkcs11' ? { pin: await askSecret('HSM PIN') } : {}),
    welcome,
  });
  if (options.json) printJson({ schema: 1, folder: place, mode: founding.mode, station: founding.name });
  else {
    process.stdout.write(`${founding.name} is a ${founding.mode} station in ${place}\n`);
    note(`Next: birthmark serve --station ${place}`);
  }
  return 0;
}

async function welcome({ operators }: Station, { name, role }: Founding['people'][number]): Promise<void> {
  const secret = await askSecret(`new PIN of ${name}`);
  try {
    await operators.add(name, role, secret);
  } finally {
    secret.fill(0);
  }
}

async function gather(options: InitOptions): Promise<Founding> {
  const want = (flag: string, given: string | undefined, question: string) =>
    given ?? wanted(flag, question, options.input);
  const mode = parseMode(await want('--mode', options.mode, 'mode (practice or production)'));
  const name = await want('--name', options.name, 'name of the station');
  const practice = mode === 'practice';
  const softly = practice && options.hsmModule === undefined;
  const hsm = softly
    ? { kind: 'soft' }
    : {
        kind: 'pkcs11',
        module: await want('--hsm-module', options.hsmModule, "file of the HSM's PKCS#11 module"),
        tokenLabel: await want('--hsm-token', options.hsmToken, "label of the HSM's token"),
      };
  const emulated = practice && options.idScope === undefined;
  const endpoint = options.deviceEndpoint === undefined ? {} : { deviceEndpoint: options.deviceEndpoint };
  const dps = emulated
    ? { kind: 'emulator' }
    : {
        kind: 'azure',
        idScope: await want('--id-scope', options.idScope, 'ID scope of the DPS instance'),
        ...endpoint,
      };
  const given =
    options.lane.length > 0
      ? options.lane
      : practice
        ? ['1=simulated']
        : [await want('--lane', undefined, 'lane (1=/dev/serial/by-path/…@115200)')];
  const budget = options.budget === undefined ? {} : { budgetPerMinute: options.budget };
  const config = parse(configSchema, { schema: 1, hsm, lanes: given.map(parseLane), dps, ...budget }, 'init');
  if (practice) return { mode, name, config, people: [] };
  const lead = await want('--lead', options.lead, 'name of the first line lead');
  const officer = await want('--officer', options.officer, 'name of the first security officer');
  return {
    mode,
    name,
    config,
    people: [
      { name: lead, role: 'lead' },
      { name: officer, role: 'security-officer' },
    ],
  };
}

/** Asks, or names the flag that would have answered. */
function wanted(flag: string, question: string, input: boolean): Promise<string> {
  if (input && mayAsk()) return ask(question);
  throw new StationError('input.invalid', { place: flag, expected: question, found: 'nothing' });
}

function parseMode(text: string): Mode {
  if (text === 'practice' || text === 'production') return text;
  throw new StationError('input.invalid', {
    place: '--mode',
    expected: 'practice or production',
    found: `'${text.slice(0, 40)}'`,
  });
}

/** `1=/dev/serial/by-path/…@115200` or `1=simulated`; the baud rate may be left out. */
export function parseLane(text: string): object {
  const match = /^(\d{1,2})=(.+?)(?:@(\d{1,7}))?$/.exec(text);
  if (!match) {
    throw new StationError('input.invalid', {
      place: '--lane',
      expected: 'NUMBER=PORT[@BAUD] or NUMBER=simulated',
      found: `'${text.slice(0, 80)}'`,
    });
  }
  const [, lane, path, baud] = match;
  if (path === 'simulated') return { lane: Number(lane), kind: 'simulated' };
  return { lane: Number(lane), kind: 'serial', path, ...(baud === undefined ? {} : { baud: Number(baud) }) };
}
