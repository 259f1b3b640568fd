// One command at a time over a line that echoes, loses bytes, and on which a module speaks unasked.
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from '../deadline.ts';
import type { Link } from '../link.ts';
import { type AtEnd, endOf } from './at-modem-answers.ts';
import { Heard } from './at-modem-heard.ts';
import type { ModemPatience } from './at-modem-patience.ts';

/** Both: AT hosts are built to end a command with CR, LF, or both (sdk-nrf, at_host), and an empty line is no command. */
const lineEnd = '\r\n';
/** How often a question that changes nothing is asked, where its answer is lost or damaged. */
const mostAskings = 3;
/** Calls without an answer after which a quote is closed. */
const mostUnheard = 3;

/** A command, what it is called in errors, and how long it may take when not as long as any. */
export type Asked = { readonly command: string; readonly what: string; readonly ms?: number };
/** Everything that came before the final result code, line by line: answers, and what came unasked. */
export type Answer = { readonly end: AtEnd; readonly lines: readonly string[] };

export class AtLine {
  readonly patience: ModemPatience;
  readonly #link: Link;
  /** An answer is still out, or a quote was never closed. */
  #doubtful = false;

  constructor(link: Link, patience: ModemPatience) {
    this.#link = link;
    this.patience = patience;
  }

  /**
   * Calls the module until it answers, hears out what comes late, and calls once more: the first answer may be to an earlier call. Throws
   * `unit.silent`, `unit.garbled`, `link.lost`, the signal's reason.
   */
  async call(what: string, ms: number, signal: AbortSignal): Promise<void> {
    using deadline = new Deadline(ms, signal, this.#link.lost);
    using heard = new Heard(this.#link);
    this.#doubtful = true;
    try {
      let answers = 0;
      for (let unheard = 0; answers < 2; ) {
        // A quote that was never closed takes all that follows for its content; where none is open this opens one, until the next time.
        if (unheard % mostUnheard === mostUnheard - 1)
          await this.#link.write(Buffer.from(`"${lineEnd}`), deadline.signal);
        heard.forget();
        await this.#link.write(Buffer.from(`AT${lineEnd}`), deadline.signal);
        const answered = await heard.within(this.patience.call, (line) => line === 'OK', deadline.signal);
        answers = answered ? answers + 1 : 0;
        unheard = answered ? 0 : unheard + 1;
        if (answered) await heard.quiet(this.patience.quiet, deadline.signal);
      }
      this.#doubtful = false;
    } catch (error) {
      throw deadline.passed ? notAnswered(what, heard.anything, error) : error;
    }
  }

  /**
   * Sends a command and reads until its final result code. Throws `unit.silent` or `unit.garbled` when there is none, `link.lost`, the
   * signal's reason; what the module refuses is an answer.
   */
  async ask({ command, what, ms = this.patience.answer }: Asked, signal: AbortSignal): Promise<Answer> {
    if (this.#doubtful) await this.call(what, this.patience.answer, signal);
    using deadline = new Deadline(ms, signal, this.#link.lost);
    using heard = new Heard(this.#link);
    this.#doubtful = true;
    try {
      // Both at once: a module may answer before the driver says that the last byte went out.
      const [last] = await Promise.all([
        unlessAborted(
          heard.until((line) => endOf(line) !== undefined),
          deadline.signal,
        ),
        this.#link.write(Buffer.from(`${command}${lineEnd}`, 'latin1'), deadline.signal),
      ]);
      this.#doubtful = false;
      return { end: endOf(last) ?? { kind: 'refused' }, lines: heard.lines.slice(0, -1) };
    } catch (error) {
      throw deadline.passed ? notAnswered(what, heard.anything, error) : error;
    }
  }

  /**
   * Asks what changes nothing, again where the answer is lost, is none, or is a refusal, which a question that was damaged on its way gets
   * too. `read` takes the answer out of its lines, or throws. Throws what came of the last asking.
   */
  async read<T>(asked: Asked, read: (answer: Answer) => T | undefined, signal: AbortSignal): Promise<T> {
    for (let asking = 1; ; asking += 1) {
      try {
        const value = read(await this.ask(asked, signal));
        if (value !== undefined) return value;
        throw new StationError('unit.garbled', { what: asked.what });
      } catch (error) {
        if (!mayBeDamage(error) || asking === mostAskings) throw error;
        this.#doubtful ||= isLost(error);
      }
    }
  }

  /** Whatever comes next on the line may be of before. */
  doubt(): void {
    this.#doubtful = true;
  }

  throwIfLost(): void {
    this.#link.lost.throwIfAborted();
  }
}

/** Whether a module's answer was lost or damaged on its way, so that asking again may help. */
export const isLost = (error: unknown): boolean =>
  error instanceof StationError && (error.code === 'unit.silent' || error.code === 'unit.garbled');

const mayBeDamage = (error: unknown): boolean =>
  isLost(error) || (error instanceof StationError && error.code === 'unit.refused');

const notAnswered = (what: string, anything: boolean, cause: unknown): StationError =>
  new StationError(anything ? 'unit.garbled' : 'unit.silent', { what }, { cause });
