import type { LaneWait } from '../contract/record.ts';

type Ticket = { readonly lane: number; readonly on: LaneWait['on']; readonly since: number; told?: number };

/** What is over sooner than a person can read is not shown. */
const shownAfterMs = 500;
/** How often the places are looked at while somebody waits: with 32 lanes no more than 64 words a second. */
const lookEveryMs = 500;

/**
 * Which lanes wait for what all of them share, in the order in which they asked. It orders nothing by itself: what is shared serves one
 * after the other, or a few at a time, and this says how many lanes asked before.
 */
export class Queue {
  readonly #tickets: Ticket[] = [];
  readonly #changed: (lane: number) => void;
  #looking: NodeJS.Timeout | undefined;

  /** `changed`: what is to be shown of this lane is another than before. */
  constructor(changed: (lane: number) => void) {
    this.#changed = changed;
  }

  /** The same promise, with its lane in the queue until it is settled. */
  async during<T>(lane: number, on: LaneWait['on'], asked: Promise<T>): Promise<T> {
    const ticket: Ticket = { lane, on, since: performance.now() };
    this.#tickets.push(ticket);
    this.#looking ??= setInterval(() => this.#look(), lookEveryMs).unref();
    try {
      return await asked;
    } finally {
      this.#tickets.splice(this.#tickets.indexOf(ticket), 1);
      if (this.#tickets.length === 0) this.#rest();
      if (ticket.told !== undefined) this.#changed(lane);
    }
  }

  /** What a lane waits for, once it has for a while, and how many other lanes asked before it. */
  of(lane: number): LaneWait | undefined {
    const ticket = this.#tickets.find((one) => one.lane === lane && one.told !== undefined);
    return ticket?.told === undefined ? undefined : { on: ticket.on, before: ticket.told };
  }

  #look(): void {
    const long = performance.now() - shownAfterMs;
    for (const [index, ticket] of this.#tickets.entries()) {
      const ahead = this.#tickets.slice(0, index).filter(({ on, lane }) => on === ticket.on && lane !== ticket.lane);
      const before = new Set(ahead.map(({ lane }) => lane)).size;
      if (ticket.since > long || ticket.told === before) continue;
      ticket.told = before;
      this.#changed(ticket.lane);
    }
  }

  #rest(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
