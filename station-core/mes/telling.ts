import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { asStationError, type ErrorData, StationError } from '../contract/errors.ts';
import type { Outcome } from '../contract/run.ts';
import type { Records } from '../store/records.ts';
import type { Message } from '../store/webhooks.ts';
import { retryAfterMs } from '../sync/backoff.ts';
import type { Result } from './answers.ts';
import type { Answered } from './post.ts';
import { signed } from './signature.ts';

/** A message that was answered with a refusal so often waits for a person: an hour and a half of trying. */
const mostTries = 16;
/** Units that are told of at a time. */
const abreast = 8;
/** Results that are looked at in one commit. */
const pieceLength = 500;
/** How soon it goes on when the station's own disk broke it off. */
const brokenMs = 5_000;

/** One receiver as station.json has it. */
export type Receiver = {
  readonly name: string;
  readonly outcomes?: readonly Outcome[];
  readonly send: (body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answered>;
  /** The key of its signatures; whoever asked zeroes it. Throws what opening the seal throws. */
  readonly secret: () => Promise<Buffer>;
};

export type TellingNeed = {
  readonly records: Pick<Records, 'commits' | 'results' | 'webhooks'>;
  readonly clock: Clock;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  readonly result: (n: number) => Result | undefined;
  /** Inside the commit: a message waits for a person. */
  readonly parked: (webhook: string, message: Message, error: ErrorData) => void;
  readonly incident: (thrown: unknown) => string;
};

/** How a message fared. `whole` says that its receiver is in trouble with whatever it gets. */
type Fate =
  | { readonly how: 'done' }
  | { readonly how: 'later'; readonly error: ErrorData; readonly tried: 0 | 1; readonly whole: boolean };

/**
 * Tells one receiver of results: at least once each, those of a unit in their order, whatever fails in between. What is to be sent is
 * durable before it is sent, under the same token in every try.
 */
export class Telling {
  readonly #need: TellingNeed;
  readonly #receiver: Receiver;
  readonly #stopping = new AbortController();
  #working: Promise<void> | undefined;
  #again = false;
  #silence: (() => void) | undefined;

  constructor(receiver: Receiver, need: TellingNeed) {
    this.#receiver = receiver;
    this.#need = need;
  }

  /** Something may be due: tells it in the background. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#silence?.();
    this.#silence = undefined;
    this.#working ??= this.#tellAll()
      .then(
        () => this.#rest(),
        (thrown: unknown) => this.#broke(thrown),
      )
      .finally(() => {
        this.#working = undefined;
        if (this.#again) this.wake();
      });
  }

  /** Resolves once nothing is on its way. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new StationError('station.stopping'));
    this.#again = false;
    this.#silence?.();
    await this.idle();
  }

  async #tellAll(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      await this.#lookAtNew();
      for (let due = this.#due(); due.length > 0; due = this.#due()) await this.#tell(due);
    }
  }

  /** Makes a message of every result that nobody looked at, together with the note how far was looked. */
  async #lookAtNew(): Promise<void> {
    const { records, clock } = this.#need;
    const { name, outcomes } = this.#receiver;
    const { results, webhooks, commits } = records;
    while (results.newest() > webhooks.of(name).lookedAt) {
      await commits.commit(() => {
        const rows = results.since(webhooks.of(name).lookedAt, pieceLength);
        for (const { n, unit, outcome } of rows) {
          if (outcomes && !outcomes.includes(outcome)) continue;
          const token = `msg_${randomBytes(16).toString('hex')}`;
          webhooks.queue(name, { result: n, unit, token }, clock.now());
        }
        webhooks.lookedUpTo(name, rows.at(-1)?.n ?? results.newest());
      });
    }
  }

  #due(): Message[] {
    const { records, clock } = this.#need;
    const { name } = this.#receiver;
    const now = clock.now();
    if (this.#stopping.signal.aborted || records.webhooks.of(name).until > now) return [];
    return records.webhooks.due(name, now, abreast);
  }

  /** Sends some, of different units; then one commit for how each of them fared. */
  async #tell(due: readonly Message[]): Promise<void> {
    const { commits } = this.#need.records;
    const fates = await Promise.all(due.map(async (message) => ({ message, fate: await this.#send(message) })));
    // What was on its way when the station stops goes out once more after its next start.
    if (this.#stopping.signal.aborted && fates.every(({ fate }) => fate.how !== 'done')) return;
    await commits.commit(() => {
      for (const { message, fate } of fates) this.#settle(message, fate);
      this.#holdOrLift(fates.map(({ fate }) => fate));
    });
  }

  async #send(message: Message): Promise<Fate> {
    const { result, incident } = this.#need;
    const { name, send } = this.#receiver;
    try {
      const data = result(message.result);
      if (!data)
        throw new StationError('store.damaged', { what: `result ${message.result}`, reason: 'it is not there' });
      const body = JSON.stringify({ type: 'run.closed', timestamp: data.closedAt, data });
      const headers = await this.#headersOf(message, body);
      return fateOf(name, await send(body, headers, this.#stopping.signal));
    } catch (thrown) {
      const error = asStationError(thrown, () => incident(thrown)).toData();
      return { how: 'later', error, tried: 0, whole: true };
    }
  }

  async #headersOf({ token }: Message, body: string): Promise<Readonly<Record<string, string>>> {
    const key = await this.#receiver.secret();
    try {
      return signed(token, this.#need.clock.now(), body, key);
    } finally {
      key.fill(0);
    }
  }

  /** Inside the commit. */
  #settle(message: Message, fate: Fate): void {
    const { records, clock, random, parked } = this.#need;
    if (fate.how === 'done') {
      records.webhooks.done(message.id);
      return;
    }
    const { error, tried } = fate;
    if (error.code === 'station.stopping') return;
    if (tried && message.attempts + 1 >= mostTries) {
      records.webhooks.park(message.id, error);
      parked(this.#receiver.name, message, error);
      return;
    }
    const wait = tried ? retryAfterMs(error, message.attempts, random()) : 0;
    records.webhooks.retry(message.id, clock.now() + wait, tried, error);
  }

  /** Inside the commit: a receiver in trouble is left alone, longer each time; one that took something is not in trouble. */
  #holdOrLift(fates: readonly Fate[]): void {
    const { records, clock, random } = this.#need;
    const { name } = this.#receiver;
    const before = records.webhooks.of(name);
    const trouble = fates.find((fate) => fate.how === 'later' && fate.whole);
    if (trouble?.how === 'later' && trouble.error.code !== 'station.stopping') {
      const until = clock.now() + retryAfterMs(trouble.error, before.failures, random());
      records.webhooks.hold(name, before.failures + 1, until, trouble.error);
    } else if (before.failures > 0) records.webhooks.lift(name);
  }

  /** Waits for what is due next by one timer; nothing is polled. */
  #rest(): void {
    if (this.#stopping.signal.aborted || this.#again) return;
    const { records, clock } = this.#need;
    const { name } = this.#receiver;
    const due = records.webhooks.nextDue(name);
    if (due === undefined) return;
    const at = Math.max(due, records.webhooks.of(name).until);
    this.#silence = clock.timer(Math.max(0, at - clock.now()), () => this.wake());
  }

  #broke(thrown: unknown): void {
    this.#need.incident(thrown);
    if (this.#stopping.signal.aborted) return;
    this.#again = false;
    this.#silence = this.#need.clock.timer(brokenMs, () => this.wake());
  }
}

/** Refusals that are one message's own; every other status is the receiver's state, whatever it gets. */
const ofMessage: ReadonlySet<number> = new Set([400, 406, 409, 411, 412, 413, 415, 422]);

function fateOf(name: string, { status, retryAfterSeconds: seconds }: Answered): Fate {
  if (status >= 200 && status < 300) return { how: 'done' };
  const error: ErrorData = { code: 'webhook.failed', details: { name, status, ...(seconds > 0 ? { seconds } : {}) } };
  return { how: 'later', error, tried: 1, whole: !ofMessage.has(status) };
}
