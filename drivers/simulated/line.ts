// The practice line: fixtures with simulated units in a process of their own, so that a unit can be killed, and the
// station talks to it over a real link.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StationError } from '../../station-core/contract/errors.ts';
import type { Link } from '../link.ts';
import { openSocket } from '../socket.ts';
import type { FixtureCommand, FixtureReply } from './commands.ts';
import type { OwnKey } from './unit/factory.ts';
import { type FaultPlanJson, readFaultPlan } from './unit/faults.ts';
import type { PowerCounts } from './unit/power.ts';
import type { TpmGiven } from './unit/units-tpm.ts';

/** TypeScript here, JavaScript where the station is bundled. */
const fixtures = import.meta.filename.endsWith('.ts') ? 'fixtures.main.ts' : 'fixtures.main.js';

export type SimulatedUnit = {
  /** What is printed on it, and scanned. */
  readonly label: string;
  /** What the unit itself says; another one than the label's is a mix-up. */
  readonly serial: string;
  readonly mac?: string;
  /** The key and certificate chain that it comes with; put into its memory when that is new. */
  readonly own?: OwnKey;
  /** The TPM that it has, made with a key and its certificate when it is new, or a real program's behind a port. */
  readonly tpm?: TpmGiven;
};

export type LineSettings = {
  /** Units keep their memory, and their TPM's, in FOLDER/units. */
  readonly folder: string;
  /** How many lanes there are, 1 to 64. */
  readonly lanes: number;
  /** The fixtures program, where it is not the source file beside this one. */
  readonly program?: string;
};

type Waiting = { readonly resolve: (reply: FixtureReply) => void; readonly reject: (error: Error) => void };

export class SimulatedLine {
  readonly #child: ChildProcess;
  readonly #sockets: readonly string[];
  readonly #scratch: string;
  readonly #placed = new Map<number, SimulatedUnit>();
  readonly #waiting = new Map<number, Waiting>();
  #commands = 0;

  private constructor(child: ChildProcess, sockets: readonly string[], scratch: string) {
    this.#child = child;
    this.#sockets = sockets;
    this.#scratch = scratch;
    child.on('message', (reply) => this.#take(reply as FixtureReply));
    child.on('error', (error) => this.#fail(error));
    child.on('exit', () => this.#fail(new Error('the practice line has stopped')));
  }

  /** Starts the fixtures and resolves when every lane listens. */
  static async start({ folder, lanes, program }: LineSettings): Promise<SimulatedLine> {
    mkdirSync(folder, { recursive: true });
    // A socket's path has at most 107 bytes, a station's folder may lie deeper.
    const scratch = mkdtempSync(join(tmpdir(), 'birthmark-line-'));
    const sockets = Array.from({ length: lanes }, (_, at) => socketPath(scratch, at + 1));
    const main = program ?? join(import.meta.dirname, 'unit', fixtures);
    const child = fork(main, [folder, ...sockets], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const line = new SimulatedLine(child, sockets, scratch);
    await line.#answer(0);
    return line;
  }

  /** A technician puts a unit on the lane, in place of what was there. */
  async place(lane: number, unit: SimulatedUnit): Promise<void> {
    await this.#tell({ do: 'place', lane, ...unit });
    this.#placed.set(lane, unit);
  }

  async remove(lane: number): Promise<void> {
    await this.#tell({ do: 'remove', lane });
    this.#placed.delete(lane);
  }

  /** Pulls the lane's cable: every link to it is lost, and a new one can be opened. */
  async unplug(lane: number): Promise<void> {
    await this.#tell({ do: 'unplug', lane });
  }

  /** Whether the unit on the lane takes everything and answers nothing. */
  async silence(lane: number, silent: boolean): Promise<void> {
    await this.#tell({ do: 'silence', lane, silent });
  }

  /**
   * What goes wrong on the lane from now on, in place of what did before; the unit on it starts anew. Throws
   * `input.invalid`, which names the place in the plan.
   */
  async faults(lane: number, plan: FaultPlanJson): Promise<void> {
    await this.#tell({ do: 'faults', lane, plan: readFaultPlan(plan) });
  }

  /** What units on the lane received, sent and wrote since its faults were last set. */
  async counts(lane: number): Promise<PowerCounts> {
    const { counts } = await this.#tell({ do: 'count', lane });
    if (counts === undefined) throw new TypeError('the practice line did not count');
    return counts;
  }

  /** The unit that lies on the lane, as it was put there. */
  placed(lane: number): SimulatedUnit | undefined {
    return this.#placed.get(lane);
  }

  /** Where the lane's cable ends: the path of a local socket. Throws `link.missing` for a lane that is not there. */
  port(lane: number): string {
    const path = this.#sockets[lane - 1];
    if (path === undefined) throw new StationError('link.missing', { port: 'practice line', lane });
    return path;
  }

  /** A new link to the lane. Throws `link.missing`, or the signal's reason. */
  link(lane: number, signal: AbortSignal): Promise<Link> {
    return openSocket({ path: this.port(lane), lane }, signal);
  }

  /** Ends the fixtures process; safe to call twice. */
  async stop(): Promise<void> {
    if (this.#running) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await gone;
    }
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  get #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #tell(command: FixtureCommand): Promise<FixtureReply> {
    if (!this.#running) throw new Error('the practice line has stopped');
    this.#commands += 1;
    const answered = this.#answer(this.#commands);
    this.#child.send({ id: this.#commands, command });
    return answered;
  }

  #answer(id: number): Promise<FixtureReply> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #take(reply: FixtureReply): void {
    const { id, failed } = reply;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failed === undefined) waiting?.resolve(reply);
    else waiting?.reject(new TypeError(failed));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const socketPath = (folder: string, lane: number): string =>
  platform() === 'win32'
    ? `\\\\.\\pipe\\${folder.replaceAll(/[\\:]/g, '-')}-lane-${lane}`
    : join(folder, `lane-${lane}`);
