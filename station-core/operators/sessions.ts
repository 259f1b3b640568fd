import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { SessionEnd } from '../contract/people.ts';
import type { Actor } from '../contract/record.ts';

type Session = { readonly actor: Actor; usedAt: number; silence: () => void };

/** Tells that a session ended without its person asking for it. */
export type Ended = (session: string, actor: Actor, why: SessionEnd) => void;

/** Who is signed in. A session lives as long as the process at most, and ends when nobody uses it for so long. */
export class Sessions {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #open = new Map<string, Session>();
  readonly #listeners = new Set<Ended>();

  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** Answers the session's token. */
  begin(actor: Actor): string {
    const token = randomBytes(24).toString('base64url');
    const session: Session = { actor, usedAt: this.#clock.monotonic(), silence: () => undefined };
    this.#open.set(token, session);
    this.#watch(token, session, this.#idleMs);
    return token;
  }

  /** Who stands behind a token, or nobody. */
  actor(token: string | undefined): Actor | undefined {
    return token === undefined ? undefined : this.#open.get(token)?.actor;
  }

  /** Somebody uses it: the time begins anew. */
  use(token: string | undefined): void {
    const session = token === undefined ? undefined : this.#open.get(token);
    if (session) session.usedAt = this.#clock.monotonic();
  }

  /** Ends it, since its person wants it. */
  close(token: string): void {
    this.#open.get(token)?.silence();
    this.#open.delete(token);
  }

  /** Ends every session of a person. */
  endOf(operator: number, why: SessionEnd): void {
    for (const [token, { actor }] of [...this.#open]) if (actor.operator === operator) this.#end(token, why);
  }

  closeAll(): void {
    for (const token of [...this.#open.keys()]) this.close(token);
  }

  onEnded(listener: Ended): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** By the monotonic clock: a clock that is set neither ends a session nor keeps it. */
  #watch(token: string, session: Session, ms: number): void {
    session.silence = this.#clock.timer(ms, () => {
      const left = session.usedAt + this.#idleMs - this.#clock.monotonic();
      if (left > 0) this.#watch(token, session, left);
      else this.#end(token, 'idle');
    });
  }

  #end(token: string, why: SessionEnd): void {
    const session = this.#open.get(token);
    if (!session) return;
    this.close(token);
    for (const listener of this.#listeners) listener(token, session.actor, why);
  }
}
