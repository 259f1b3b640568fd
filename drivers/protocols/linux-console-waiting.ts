// What the loop of a unit's shell answers to one command, out of all that comes.
import { StationError } from '../../station-core/contract/errors.ts';
import { type Answer, readAnswer } from './linux-console-loop.ts';

/** What a command is called in errors, how long it may take, and who takes the lines that it prints. */
export type Asked = {
  readonly what: string;
  readonly ms?: number;
  readonly onLine?: (number: number, text: string) => void;
};

/** One command that waits for its answer. */
export class Waiting {
  readonly #id: string;
  readonly #asked: Asked;
  #damaged = 0;
  #stale = false;
  /** Something came that leaves open what became of the command; if nothing follows soon, it is asked for. */
  doubtful = false;

  constructor(id: string, asked: Asked) {
    this.#id = id;
    this.#asked = asked;
  }

  /** Takes what was marked; the exit code, once it is there. */
  take(marked: string | undefined): number | undefined {
    this.doubtful = false;
    if (marked === undefined) return undefined;
    const answer = readAnswer(marked);
    if (answer?.kind === 'bye') throw this.#garbled();
    if (answer?.id === this.#id) return this.#own(answer);
    if (answer !== undefined) this.#stale = answer.kind === 'status';
    else if (marked !== '') this.#damaged += 1;
    // Damaged, or noise that may have hit the answer, or about an earlier command: doubled, or this one never arrived.
    this.doubtful = true;
    return undefined;
  }

  #own(answer: Exclude<Answer, { kind: 'bye' }>): number | undefined {
    this.#stale = false;
    if (answer.kind === 'status') return answer.code;
    this.#asked.onLine?.(answer.number, answer.text);
    return undefined;
  }

  /** Whether the loop said that an earlier command is still its last one, so that this one must be sent again. */
  overtaken(): boolean {
    const stale = this.#stale;
    this.#stale = false;
    return stale;
  }

  error(ms: number, cause: unknown): StationError {
    if (this.#damaged > 0) return this.#garbled(cause);
    const seconds = Math.round(ms / 1_000);
    return new StationError('console.no-prompt', { what: `end of ${this.#asked.what}`, seconds }, { cause });
  }

  #garbled(cause?: unknown): StationError {
    return new StationError('console.garbled', { what: this.#asked.what }, { cause });
  }
}
