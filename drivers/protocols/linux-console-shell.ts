// A unit's shell behind a serial line that loses bytes and that the kernel writes into whenever it likes.
import { randomBytes } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline } from '../deadline.ts';
import type { Link } from '../link.ts';
import { logIn } from './linux-console-login.ts';
import { checkOf, lineFor, loopPieces, type Mark, newMark, readAnswer } from './linux-console-loop.ts';
import type { ConsolePatience } from './linux-console-patience.ts';
import { Screen } from './linux-console-screen.ts';
import { type Asked, Waiting } from './linux-console-waiting.ts';
import type { ConsoleAccess } from './protocol.ts';

const lineFeed = Buffer.from('\n');
/** Control-C: the terminal interrupts what runs, an editor drops its line. */
const interrupt = Buffer.of(3);
/** Longest command that is sent in one line: a terminal in its ordinary mode drops what is longer than 4,095 bytes (termios(3)). */
export const longestCommand = 440;
/** Ends the loop, also one of an earlier conversation, whose mark nobody knows any more. */
const exitLine = lineFor('x', Buffer.from('exit'));
/** After so many empty lines without an answer, the loop has ended. */
const mostUnanswered = 4;
/** How often something is typed into the unit's own shell, which checks nothing. */
const typings = 6;

/** A shell on a console, one command at a time; `Shell.open` logs in. */
export class Shell {
  readonly patience: ConsolePatience;
  readonly #link: Link;
  readonly #screen: Screen;
  #loggedIn = false;
  #planted = false;
  #inside = false;
  #busy = false;
  #over = false;
  #asked = 0;

  private constructor(link: Link, patience: ConsolePatience) {
    this.#link = link;
    this.patience = patience;
    this.#screen = new Screen(link);
  }

  /** Logs in where that is needed, and finds the shell that stands behind the prompt. */
  static async open(link: Link, access: ConsoleAccess, patience: ConsolePatience, signal: AbortSignal): Promise<Shell> {
    const shell = new Shell(link, patience);
    const screen = shell.#screen;
    const isShell = (until: AbortSignal) => shell.#isShell(until);
    const endOwnShell = (until: AbortSignal) => shell.#type(exitLine, until);
    shell.#loggedIn = await logIn({ link, screen, patience, isShell, endOwnShell }, access, signal);
    return shell;
  }

  /** Whether the loop runs: it ends with `leave`, and with a command that was given up. */
  get isEntered(): boolean {
    return this.#inside && !this.#link.lost.aborted;
  }

  /** Throws `link.lost`. */
  throwIfLost(): void {
    this.#link.lost.throwIfAborted();
  }

  /** Starts the station's loop, unless it runs already; whether it was started, with no variables set. */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (this.#over) throw new Error('this conversation has logged out');
    if (this.#inside) return false;
    if (!this.#planted) await this.#plant(signal);
    this.#planted = true;
    const mark = this.#nextMark();
    // An empty line is answered where the loop runs already and only its answer was lost.
    const line = ` sh -c "$B" sh ${mark.first} ${mark.second}`;
    await this.#typeUntil(line, signal, (marked) => readAnswer(marked)?.kind === 'status');
    this.#inside = true;
    this.#asked = 0;
    return true;
  }

  /**
   * Ends the loop and puts the terminal back as it was; a shell of the unit's is left, at its prompt. Never throws: whoever opens
   * the console next finds out what is there.
   */
  async leave(): Promise<void> {
    if (!this.#inside || this.#link.lost.aborted) return;
    this.#inside = false;
    using deadline = new Deadline(this.patience.leave, this.#link.lost);
    try {
      await this.#exit(deadline.signal);
    } catch {
      // The link is gone, or nothing came in time; either way there is nobody left to tell.
    }
  }

  /**
   * Until the loop says that it ends, or answers no more: its farewell may be lost, and an empty line, which it answers and a prompt
   * does not, shows whether it is still there.
   */
  async #exit(signal: AbortSignal): Promise<void> {
    const { quiet, answer } = this.patience;
    await this.#type(exitLine, signal);
    for (let unanswered = 0; unanswered < mostUnanswered; ) {
      const marked = await this.#screen.marked(unanswered === 0 ? answer : quiet, signal, 'noise');
      const kind = marked === undefined ? undefined : readAnswer(marked)?.kind;
      if (kind === 'bye') break;
      unanswered = kind === 'status' ? 0 : unanswered + 1;
      await this.#type(kind === 'status' ? exitLine : lineFeed, signal);
    }
    // What is typed before the other shell has its terminal back may be lost: it changes the terminal's mode. Its prompt says that
    // it has, and comes at once.
    this.#screen.forget();
    await this.#screen.settled({ quiet: quiet / 4, wake: quiet }, signal);
  }

  /** Leaves, and logs out where this station logged in. Never throws. */
  async logOut(): Promise<void> {
    await this.leave();
    this.#over = true;
    if (!this.#loggedIn || this.#link.lost.aborted) return;
    this.#loggedIn = false;
    using deadline = new Deadline(this.patience.leave, this.#link.lost);
    try {
      this.#screen.forget();
      await this.#type(Buffer.from(' exit\n'), deadline.signal);
      // Until something shows that it was read: whoever closes the port now would take it back.
      await this.#screen.settled({ quiet: this.patience.quiet / 4, wake: this.patience.leave }, deadline.signal);
    } catch {
      // As in leave: whoever comes next finds out.
    }
  }

  /**
   * Runs one command, once, however often its line or its answer is lost: its exit code. Throws `console.garbled` and
   * `console.no-prompt` when no answer came in time, `link.lost`, or the signal's reason.
   */
  async run(command: string | Uint8Array, asked: Asked, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    this.throwIfLost();
    if (this.#busy) throw new Error('a shell runs one command at a time');
    if (!this.#inside) throw new Error('the shell was not entered');
    const bytes = typeof command === 'string' ? Buffer.from(command) : command;
    if (bytes.length > longestCommand) throw new RangeError(`a command of ${bytes.length} bytes is longer than a line`);
    this.#busy = true;
    this.#asked += 1;
    const id = `${this.#asked}`;
    const line = lineFor(id, bytes);
    try {
      return await this.#ask(id, line, asked, signal);
    } finally {
      line.fill(0);
      this.#busy = false;
    }
  }

  async #ask(id: string, line: Buffer, asked: Asked, signal: AbortSignal): Promise<number> {
    const ms = asked.ms ?? this.patience.command;
    using deadline = new Deadline(ms, signal, this.#link.lost);
    const waiting = new Waiting(id, asked);
    try {
      await this.#type(line, deadline.signal);
      for (;;) {
        const { answer, quiet } = this.patience;
        const marked = await this.#screen.marked(waiting.doubtful ? quiet : answer, deadline.signal, 'noise');
        const code = waiting.take(marked);
        if (code !== undefined) return code;
        if (marked === undefined) await this.#type(waiting.overtaken() ? line : lineFeed, deadline.signal);
      }
    } catch (error) {
      await this.#abandon();
      if (!deadline.passed) throw error;
      throw waiting.error(ms, error);
    }
  }

  /** What runs is interrupted, and the loop with it: its trap puts the terminal back. */
  async #abandon(): Promise<void> {
    this.#inside = false;
    if (this.#link.lost.aborted) return;
    using deadline = new Deadline(this.patience.leave, this.#link.lost);
    // As in leave: what was wrong is thrown already.
    await this.#type(interrupt, deadline.signal).catch(() => undefined);
  }

  /** Whether the unit's own shell answers; one that cannot check anything is of no use. */
  async #isShell(signal: AbortSignal): Promise<boolean> {
    const { first, second } = this.#nextMark();
    const tool = 'sha256sum';
    await this.#type(
      Buffer.from(` unset HISTFILE;printf '\\n%s%s:%s;\\n' ${first} ${second} "$(command -v ${tool})"\n`),
      signal,
    );
    const marked = await this.#screen.marked(this.patience.answer, signal);
    const found = marked === undefined ? undefined : /^:([^;]*);/.exec(marked)?.[1];
    if (found === '') throw new StationError('console.tool-missing', { tool });
    return found !== undefined;
  }

  /**
   * Types the loop's script into a variable of the unit's shell, piece by piece, each checked, and the whole: a shell runs a script as
   * far as it is right, so one that lost a piece would answer as the loop does, and end.
   */
  async #plant(signal: AbortSignal): Promise<void> {
    for (const [at, piece] of loopPieces.entries()) await this.#assign(`B${at}`, `'${piece}'`, checkOf(piece), signal);
    const names = loopPieces.map((_, at) => `$B${at}`).join('');
    await this.#assign('B', `"${names}"`, checkOf(...loopPieces), signal);
  }

  /** Sets a variable of the unit's shell, until its value has that digest. */
  async #assign(name: string, value: string, digest: string, signal: AbortSignal): Promise<void> {
    const { first, second } = this.#nextMark();
    const line = ` ${name}=${value};printf '\\n%s%s:%.12s;\\n' ${first} ${second} "$(printf %s "$${name}"|sha256sum)"`;
    await this.#typeUntil(line, signal, (marked) => marked.startsWith(`:${digest};`));
  }

  /** Types a line that may be typed again into the unit's shell until it is answered as it must be. */
  async #typeUntil(line: string, signal: AbortSignal, isAnswer: (marked: string) => boolean): Promise<void> {
    const { answer } = this.patience;
    const before = this.#screen.heard;
    for (let typing = 1; typing <= typings; typing += 1) {
      if (typing > 1) await this.#dropLine(signal);
      await this.#type(Buffer.from(`${line}\n`), signal);
      if (await this.#answered(isAnswer, signal)) return;
    }
    if (this.#screen.heard > before) throw new StationError('console.garbled', { what: 'the start of a shell' });
    const seconds = Math.round((typings * answer) / 1_000);
    throw new StationError('console.no-prompt', { what: 'shell prompt', seconds });
  }

  /**
   * A line that lost a quote on its way leaves the shell waiting for the other. What is typed right behind the interrupt may be dropped
   * with it: a shell that was interrupted forgets what it has read, so it is given time to come back.
   */
  async #dropLine(signal: AbortSignal): Promise<void> {
    const { quiet } = this.patience;
    this.#screen.forget();
    await this.#type(interrupt, signal);
    await this.#screen.settled({ quiet, wake: quiet }, signal);
    this.#screen.forget();
  }

  async #answered(isAnswer: (marked: string) => boolean, signal: AbortSignal): Promise<boolean> {
    for (let looks = 0; looks < 2; looks += 1) {
      const marked = await this.#screen.marked(this.patience.answer, signal);
      if (marked !== undefined && isAnswer(marked)) return true;
      if (looks === 0) await this.#type(lineFeed, signal);
    }
    return false;
  }

  #nextMark(): Mark {
    const mark = newMark(randomBytes(8));
    this.#screen.watch(mark.whole);
    return mark;
  }

  #type(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#link.write(bytes, signal);
  }
}
