import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pluggedPorts } from '../../drivers/plugged.ts';
import { api, isMethod, type Method, type Params, type Result, type StationDescription } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import type { Request } from '../contract/rpc.ts';
import type { SetUp, SetupPlan } from '../contract/setup.ts';
import { type OpenStation, openStation } from '../open-station.ts';
import { ordersToScan } from '../practice.ts';
import { refuseSharedPorts } from '../settings-handlers.ts';
import { version } from '../version.ts';
import { ChosenToken } from './chosen-token.ts';
import { type Founding, foundStation, isNew } from './found.ts';
import { lookAtMachine } from './machine.ts';
import { findModules } from './modules.ts';
import { foundingOf } from './plan.ts';
import { reach } from './reach.ts';

type SetupMethod = Extract<Method, `setup.${string}` | 'station.describe' | 'hsm.unlock' | 'ports.list'>;
type SetupHandlers = { readonly [M in SetupMethod]: (params: Params<M>) => Promise<Result<M>> };

/** Whether a folder is to be set up: nothing is there yet, the configuration least of all. */
export const isToSetUp = (folder: string): boolean => isNew(folder) && !existsSync(join(folder, 'station.json'));

/** What a folder without a station answers with, until `setup.create` made one there and opened it. */
export class SetupHost {
  /** The station, once it is made and open; rejected when it was made and could not be opened. */
  readonly made: Promise<OpenStation>;
  readonly #folder: string;
  readonly #holder: string;
  readonly #restart: (() => void) | undefined;
  readonly #token = new ChosenToken();
  readonly #opened = Promise.withResolvers<OpenStation>();
  readonly #handlers: SetupHandlers;
  #station: OpenStation | undefined;
  #making: Promise<SetUp> | undefined;

  /** `restart` ends the process, where somebody starts it again. */
  constructor(folder: string, holder: string, restart?: () => void) {
    this.#folder = resolve(folder);
    this.#holder = holder;
    this.#restart = restart;
    this.made = this.#opened.promise;
    this.#handlers = {
      'station.describe': async () => toSetUp,
      'setup.look': async ({ module }) => {
        const [modules, machine] = await Promise.all([findModules(module), lookAtMachine(this.#folder)]);
        return { modules, machine };
      },
      'setup.useToken': (token) => this.#token.use(token),
      'hsm.unlock': ({ pin }) => this.#token.unlock(Buffer.from(pin, 'utf8')),
      'setup.checkCloud': ({ deviceEndpoint }) => reach(deviceEndpoint),
      'setup.create': async (plan) => this.#create(plan),
      'ports.list': () => pluggedPorts(),
    };
  }

  get station(): OpenStation | undefined {
    return this.#station;
  }

  /** Answers one request. Throws `setup.first` for what only a station can do. */
  async answer({ call, params }: Request): Promise<unknown> {
    if (!isMethod(call)) throw new StationError('input.unknown-call', { method: call.slice(0, 64) });
    if (!Object.hasOwn(this.#handlers, call)) throw new StationError('setup.first', { method: call });
    const handler = this.#handlers[call as SetupMethod] as (params: unknown) => Promise<unknown>;
    return handler(parse(api[call].params, params, call));
  }

  /** Waits for a making that goes on, lets go of the token and its PIN, and closes the station that was made. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#making]);
    await this.#token.forget();
    await this.#station?.close();
  }

  #create(plan: SetupPlan): Promise<SetUp> {
    if (this.#making) throw new StationError('setup.busy');
    this.#making = this.#make(plan).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #make(plan: SetupPlan): Promise<SetUp> {
    refuseSharedPorts(plan);
    const founding = foundingOf(plan);
    const people = await this.#found(founding, plan);
    await this.#open(founding);
    return { station: founding.name, people };
  }

  async #found(founding: Founding, plan: SetupPlan): Promise<SetUp['people']> {
    const codes: SetUp['people'][number][] = [];
    await foundStation(this.#folder, founding, {
      holder: this.#holder,
      secrets: async () => (plan.mode === 'production' ? { pin: await this.#token.pin(plan.hsm) } : {}),
      welcome: async ({ operators }, { name, role }) => {
        codes.push(await operators.members.invite(name, role));
      },
    });
    return codes;
  }

  /** There is a station from here on. When it cannot be opened, this process is told and ends: its next start opens it. */
  async #open({ mode, config }: Founding): Promise<void> {
    try {
      const { hsm } = config;
      const secrets = hsm.kind === 'pkcs11' ? { pin: await this.#token.pin(hsm) } : {};
      await this.#token.forget();
      const opened = await openStation(this.#folder, secrets, this.#holder, undefined, this.#restart);
      this.#station = opened;
      this.#opened.resolve(opened);
      if (mode === 'practice') await ordersToScan(opened.station, 'symmetric-group');
    } catch (thrown) {
      this.#opened.reject(thrown as Error);
      throw thrown;
    }
  }
}

/** Nobody can be shown anything yet, and there is nothing to unlock. */
const toSetUp: StationDescription = {
  toSetUp: true,
  station: '',
  mode: 'practice',
  version,
  hsm: 'ready',
  practice: [],
  scanning: { checksum: 'none' },
  labels: [],
};
