import type {
  Method,
  Operation,
  Params,
  Result,
  SignedIn,
  StationDescription,
  StationView,
} from '../station-core/contract/api.ts';
import { asStationError, type ErrorCode, type ErrorData } from '../station-core/contract/errors.ts';
import { isRunEvent, type Progress, type StationEvent } from '../station-core/contract/events.ts';
import type { SessionEnd } from '../station-core/contract/people.ts';
import { Client } from '../station-core/contract/rpc.ts';
import { Memory } from './memory.ts';
import { type Board, boardOf, foldEvent, foldProgress, lookAgain, newTally, seeAll } from './runs.ts';
import type { Connecting } from './socket.ts';
import { Store } from './store.ts';

export type Connection = 'connecting' | 'online' | 'lost';

export type Screen = {
  readonly connection: Connection;
  /** When the connection was lost, ISO 8601. */
  readonly lostAt: string | undefined;
  readonly description: StationDescription | undefined;
  /** Nobody is signed in: somebody has to. */
  readonly person: SignedIn | undefined;
  readonly board: Board | undefined;
  /** Nothing sounds until the shift ends: whoever signs out takes it with them. */
  readonly muted: boolean;
  /** Why the screen cannot show the station. */
  readonly problem: ErrorData | undefined;
  /** Why the station ended the session of whoever was signed in before; told until the next sign-in. */
  readonly ended: SessionEnd | undefined;
};

const nothingYet: Screen = {
  connection: 'connecting',
  lostAt: undefined,
  description: undefined,
  person: undefined,
  board: undefined,
  muted: false,
  problem: undefined,
  ended: undefined,
};

/** Whoever uses keys or pointer says so this often at most; a session that nobody uses ends after a minute at least. */
const activeEveryMs = 30_000;

/** The station is on this machine, so asking once a second costs nothing, and lanes are back within a second. */
const backoffMs = [100, 250, 500, 1_000] as const;
/** A station that hangs is noticed by a look that is not answered; it also shows what no event tells (LaneView.fault). */
const lookEveryMs = 5_000;
const lookDeadlineMs = 10_000;

/** The one connection of this page: comes back by itself, signs in, and keeps the screen's state up to date. */
export class StationClient {
  readonly screen = new Store<Screen>(nothingYet);
  readonly #open: () => Connecting;
  readonly #memory: Memory;
  readonly #listeners = new Set<(progress: Progress) => void>();
  #port: Connecting | undefined;
  #client: Client | undefined;
  #tries = 0;
  /** Somebody signed out, and chooses who they are; until then practice begins as its technician. */
  #chooses = false;
  #activeAt = Number.NEGATIVE_INFINITY;

  constructor(open: () => Connecting, storage: Storage) {
    this.#open = open;
    this.#memory = new Memory(storage);
  }

  start(): void {
    this.#connect();
    setInterval(() => this.#watch(), lookEveryMs);
  }

  /** Signs a person in by name or badge, with a new PIN if they choose one, and shows the lanes. Throws the station's error. */
  async signIn(name: string, pin: string, newPin?: string): Promise<void> {
    const client = this.#connected();
    const chosen = newPin === undefined ? {} : { newPin };
    const person = await client.call('operators.signIn', { name, pin, ...chosen });
    // The same person again, after a station that came back: the session's count goes on.
    const before = this.#memory.read();
    const tally = before?.name === person.name ? before.tally : undefined;
    this.#memory.keep({ ...person, ...(tally ? { tally } : {}) });
    await this.#show(client, person);
  }

  /** Unlocks the HSM, and greets the station again: somebody can sign in now. Throws the station's error. */
  async unlock(pin: string): Promise<void> {
    const client = this.#connected();
    await client.call('hsm.unlock', { pin, token: 'station' });
    await this.#greet(client);
  }

  /** Asks again what there is to show: set-up has made a station. Throws the station's error. */
  greetAgain(): Promise<void> {
    return this.#greet(this.#connected());
  }

  /** Signs out. The station tells this page nothing more, since whoever asked to be told is gone. */
  signOut(): void {
    const { person, connection } = this.screen.get();
    this.#forgetPerson(undefined);
    if (!person || connection !== 'online') return;
    const client = this.#connected();
    const out = async () => {
      await client.call('operators.signOut', {}, { session: person.session });
    };
    this.#guard(client, out());
  }

  /** Somebody used keys or pointer at this time, in milliseconds: the station hears of it, now and then. */
  used(at: number): void {
    const { person, connection } = this.screen.get();
    if (!person || connection !== 'online' || at - this.#activeAt < activeEveryMs) return;
    this.#activeAt = at;
    const client = this.#connected();
    const active = async () => {
      await client.call('operators.active', {}, { session: person.session });
    };
    this.#guard(client, active());
  }

  /** Makes a call as the person who is signed in. Throws the station's error. `waitMs`: longer for what takes long. */
  call<M extends Method>(
    method: M,
    params: Params<M>,
    { approval, waitMs }: { readonly approval?: string; readonly waitMs?: number } = {},
  ): Promise<Result<M>> {
    const { person } = this.screen.get();
    return this.#connected().call(method, params, {
      ...(person ? { session: person.session } : {}),
      ...(approval === undefined ? {} : { approval }),
      ...(waitMs === undefined ? {} : { deadlineMs: waitMs }),
    });
  }

  /** A second person signs in, agrees to exactly this operation, and is gone again. Answers the approval. Throws the station's error. */
  async approve(name: string, pin: string, operation: Operation): Promise<string> {
    const client = this.#connected();
    const { session } = await client.call('operators.signIn', { name, pin });
    try {
      return (await client.call('approvals.approve', operation, { session })).approval;
    } finally {
      await client.call('operators.signOut', {}, { session });
    }
  }

  /** Told of every progress message, for what takes long; returns how to stop. */
  onProgress(listener: (progress: Progress) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Lets a stopped lane go on, as the lead who is signed in; on the practice line as the ready-made one. Throws the station's
   * refusal.
   */
  async releaseLane(lane: number): Promise<void> {
    const client = this.#connected();
    const { person, description } = this.screen.get();
    const ready = description?.practice.find((one) => one.role === 'lead');
    const lead = ready ? await client.call('operators.signIn', { name: ready.name, pin: ready.pin }) : person;
    await client.call('lane.release', { lane }, { ...(lead ? { session: lead.session } : {}) });
    if (ready && lead) await client.call('operators.signOut', {}, { session: lead.session });
  }

  /** Turns sounds off, or on again. */
  mute(): void {
    this.screen.change({ muted: !this.screen.get().muted });
  }

  /** A person has seen what stands on the board. */
  seen(): void {
    const { board } = this.screen.get();
    if (board) this.screen.change({ board: seeAll(board) });
  }

  /** Does what a button asks; what breaks is shown. */
  release(lane: number): void {
    this.#guard(this.#connected(), this.releaseLane(lane));
  }

  #forgetPerson(ended: SessionEnd | undefined): void {
    this.#memory.forget();
    this.#chooses = true;
    this.screen.change({ person: undefined, board: undefined, muted: false, problem: undefined, ended });
    if (this.screen.get().connection === 'online') this.#describe();
  }

  /** What the station says of itself to anyone: who is ready on the practice line, and which labels are next. */
  #describe(): void {
    const client = this.#connected();
    const describe = async () => this.screen.change({ description: await client.call('station.describe', {}) });
    this.#guard(client, describe());
  }

  #connected(): Client {
    if (!this.#client) throw new TypeError('not started');
    return this.#client;
  }

  #connect(): void {
    const port = this.#open();
    const client = new Client(port);
    this.#port = port;
    this.#client = client;
    client.onEvent((event) => this.#fold(event));
    client.onProgress((progress) => this.#progress(progress));
    port.onOpen(() => this.#guard(client, this.#greet(client)));
    port.onClose(() => this.#lost());
  }

  #lost(): void {
    const { lostAt, person } = this.screen.get();
    this.screen.change({ connection: 'lost', lostAt: lostAt ?? new Date().toISOString(), person });
    setTimeout(() => this.#connect(), backoffMs[Math.min(this.#tries++, backoffMs.length - 1)]);
  }

  /** Whatever breaks in the background is shown; a closed port is shown by its own event. */
  #guard(client: Client, work: Promise<void>): void {
    work.catch((thrown: unknown) => {
      const problem = asStationError(thrown, () => 'screen').toData();
      if (client !== this.#client || problem.code === 'rpc.closed') return;
      // The session ended while nothing was told: a station that was started anew knows none.
      if (problem.code === 'person.not-signed-in') return this.#forgetPerson(undefined);
      this.screen.change({ problem });
      if (problem.code === 'rpc.deadline') this.#port?.close();
    });
  }

  async #greet(client: Client): Promise<void> {
    const description = await client.call('station.describe', {});
    this.screen.change({ description });
    if (description.toSetUp || description.hsm === 'locked')
      return this.#online({ person: undefined, board: undefined });
    const before = this.#memory.read();
    if (before && (await this.#resumed(client, before))) return;
    const ready = description.practice.find((one) => one.role === 'technician');
    if (ready && !this.#chooses) return this.signIn(ready.name, ready.pin);
    this.#online({ person: undefined, board: undefined });
  }

  /** Goes on with a session of before, if the station still knows it. */
  async #resumed(client: Client, before: SignedIn): Promise<boolean> {
    const { session, name, role } = before;
    try {
      await this.#show(client, { session, name, role });
      return true;
    } catch (thrown) {
      // A station that was started again knows no session of before; its next sign-in replaces what is remembered.
      if (!isError(thrown, 'person.not-signed-in')) throw thrown;
      return false;
    }
  }

  /** The view, then everything that came after it; what came while this page was away counts for the session. */
  async #show(client: Client, person: SignedIn): Promise<void> {
    const as = { session: person.session };
    const view: StationView = await client.call('station.view', {}, as);
    const tally = this.#memory.read()?.tally ?? newTally(view.n);
    this.#online({ person, board: boardOf(view, tally, this.screen.get().board) });
    try {
      await client.call('events.follow', { since: Math.min(tally.n, view.n) }, as);
    } catch (thrown) {
      // Away for longer than the station repeats: the session's count begins anew, the lanes are right either way.
      if (!isError(thrown, 'input.invalid')) throw thrown;
      this.#online({ person, board: boardOf(view, newTally(view.n), this.screen.get().board) });
      await client.call('events.follow', { since: view.n }, as);
    }
  }

  #online(shown: Pick<Screen, 'person' | 'board'>): void {
    this.#tries = 0;
    const ended = shown.person ? { ended: undefined } : {};
    this.screen.change({ ...shown, ...ended, connection: 'online', lostAt: undefined, problem: undefined });
  }

  #fold(event: StationEvent): void {
    const { board, person } = this.screen.get();
    if (!board || !person) return;
    const next = foldEvent(board, event);
    if (next.tally !== board.tally) this.#memory.keepSoon({ ...person, tally: next.tally });
    this.screen.change({ board: next });
    if (isRunEvent(event) && event.event.type === 'closed') this.#refreshLabels();
  }

  #progress(progress: Progress): void {
    const { board } = this.screen.get();
    if (progress.type === 'session') this.#forgetPerson(progress.ended);
    else if (board) this.screen.change({ board: foldProgress(board, progress) });
    for (const listener of this.#listeners) listener(progress);
  }

  /** On the practice line a run that ended changes which labels are next. */
  #refreshLabels(): void {
    if (this.screen.get().description?.mode === 'practice') this.#describe();
  }

  #watch(): void {
    const { connection, person, board } = this.screen.get();
    if (connection !== 'online' || !person || !board) return;
    const client = this.#connected();
    const look = async () => {
      const view = await client.call('station.view', {}, { session: person.session, deadlineMs: lookDeadlineMs });
      const now = this.screen.get().board;
      if (now) this.screen.change({ board: lookAgain(now, view) });
    };
    this.#guard(client, look());
  }
}

function isError(thrown: unknown, code: ErrorCode): boolean {
  return asStationError(thrown, () => 'screen').code === code;
}
