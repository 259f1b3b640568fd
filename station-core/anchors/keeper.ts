import { Deadline, unlessAborted } from '../../drivers/deadline.ts';
import { StationError } from '../contract/errors.ts';
import type { Anchor } from './anchor.ts';

/** A share of a network that hangs must not keep the station from starting. */
const patienceMs = 5_000;

export type KeeperNeed = {
  readonly anchor: Anchor;
  /** Compares the log with a note that the anchor holds. True when it may be written over; it is not asked about what is no head. */
  readonly compare: (note: string, anchor: string) => Promise<boolean>;
  /** Whether heads may be written now. */
  readonly mayWrite: () => boolean;
  /** The anchor does not answer, or does again (no problem). */
  readonly told: (anchor: string, problem: string | undefined) => void;
};

/** Keeps one anchor at the newest head: one write at a time, the newest note only, and never over one that was not compared. */
export class Keeper {
  readonly #need: KeeperNeed;
  #next: string | undefined;
  #writing: Promise<void> | undefined;
  #seen = false;
  #problem: string | undefined;

  constructor(need: KeeperNeed) {
    this.#need = need;
  }

  get name(): string {
    return this.#need.anchor.name;
  }

  /** Why it holds no newer head, for people; none when all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether it was read since the station started. */
  get seen(): boolean {
    return this.#seen;
  }

  /** What it holds; nothing either when it does not answer, which is told. Never throws. */
  async read(): Promise<string | undefined> {
    return this.#attempt(async () => {
      const note = await within(this.#need.anchor.read());
      this.#seen = true;
      return note;
    });
  }

  /** Brings the anchor to this head, in the background. */
  write(note: string): void {
    this.#next = note;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let note = this.#next; note !== undefined; note = this.#next) {
      this.#next = undefined;
      await this.#attempt(() => this.#writeOne(note));
    }
  }

  /** Read first: a stick that was not there at the start, or another one, may know more than this log. */
  async #writeOne(note: string): Promise<void> {
    const { anchor, compare, mayWrite } = this.#need;
    const before = await within(anchor.read());
    this.#seen = true;
    if (before === note) return;
    if (before !== undefined && !(await compare(before, anchor.name))) return;
    if (mayWrite()) await within(anchor.write(note));
  }

  async #attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await act();
      this.#tell(undefined);
      return done;
    } catch (thrown) {
      this.#tell(thrown instanceof Error ? thrown.message : 'it does not answer');
      return undefined;
    }
  }

  #tell(problem: string | undefined): void {
    if (problem !== this.#problem) this.#need.told(this.name, problem);
    this.#problem = problem;
  }
}

/** What does not end in time is given up: the next head tries again. */
async function within<T>(act: Promise<T>): Promise<T> {
  using deadline = new Deadline(patienceMs);
  try {
    return await unlessAborted(act, deadline.signal);
  } catch (cause) {
    if (!deadline.passed) throw cause;
    throw new StationError('rpc.deadline', { ms: patienceMs }, { cause });
  }
}
