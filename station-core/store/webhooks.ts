import type { ErrorData } from '../contract/errors.ts';
import type { ParkedMessage } from '../contract/mes.ts';
import type { Db } from './open.ts';

/** What is remembered of one webhook. */
export type WebhookRow = {
  /** Results up to this one were looked at. */
  readonly lookedAt: number;
  readonly failures: number;
  /** Not called before, Unix milliseconds. */
  readonly until: number;
  readonly reason: ErrorData | null;
};

/** A message that waits to be sent; `token` is what its receiver knows it by. */
export type Message = {
  readonly id: number;
  readonly result: number;
  readonly unit: number;
  readonly token: string;
  readonly attempts: number;
};

type StoredRow = Omit<WebhookRow, 'reason'> & { readonly reason: string | null };
type Change = {
  readonly state: 'queued' | 'done' | 'parked' | 'discarded';
  readonly due?: number;
  readonly tried: 0 | 1;
};

const open = `state IN ('queued', 'parked')`;
/** The order of a unit's messages is kept: one waits while an earlier one of its unit is open, also where that waits for a person. */
const first = `NOT EXISTS (SELECT 1 FROM webhook_message e
  WHERE e.webhook = m.webhook AND e.unit = m.unit AND e.id < m.id AND e.${open})`;
const mostParked = 100;

/** Webhooks and their messages. Every writing method belongs inside a commit. */
export class Webhooks {
  readonly #db: Db;
  readonly #of;
  readonly #register;
  readonly #look;
  readonly #hold;
  readonly #insert;
  readonly #due;
  readonly #nextDue;
  readonly #change;

  constructor(db: Db) {
    this.#db = db;
    this.#of = db.prepare<[string], StoredRow>(
      'SELECT looked_at AS lookedAt, failures, until_ms AS until, reason FROM webhook WHERE name = ?',
    );
    this.#register = db.prepare(
      `INSERT INTO webhook (name, looked_at) SELECT ?, coalesce(max(n), 0) FROM mes_result WHERE true ON CONFLICT DO NOTHING`,
    );
    this.#look = db.prepare('UPDATE webhook SET looked_at = ? WHERE name = ?');
    this.#hold = db.prepare('UPDATE webhook SET failures = ?, until_ms = ?, reason = ? WHERE name = ?');
    this.#insert = db.prepare(
      `INSERT INTO webhook_message (webhook, result, unit, token, due_ms, state) VALUES (?, ?, ?, ?, ?, 'queued')`,
    );
    this.#due = db.prepare<{ webhook: string; now: number; most: number }, Message>(
      `SELECT id, result, unit, token, attempts FROM webhook_message m
       WHERE state = 'queued' AND webhook = @webhook AND due_ms <= @now
         AND ${first}
       ORDER BY due_ms, id LIMIT @most`,
    );
    this.#nextDue = db
      .prepare<[string], number>(
        `SELECT due_ms FROM webhook_message m WHERE state = 'queued' AND webhook = ? AND ${first} ORDER BY due_ms, id LIMIT 1`,
      )
      .pluck();
    this.#change = db.prepare(
      `UPDATE webhook_message SET state = @state, due_ms = coalesce(@due, due_ms), attempts = attempts + @tried, reason = @reason
       WHERE id = @id`,
    );
  }

  /** A webhook that is new begins with what ends from now on. */
  register(name: string): void {
    this.#register.run(name);
  }

  of(name: string): WebhookRow {
    const { reason = null, ...row } = this.#of.get(name) ?? { lookedAt: 0, failures: 0, until: 0 };
    return { ...row, reason: reason === null ? null : (JSON.parse(reason) as ErrorData) };
  }

  names(): string[] {
    return this.#db.prepare<[], string>('SELECT name FROM webhook ORDER BY name').pluck().all();
  }

  lookedUpTo(name: string, result: number): void {
    this.#look.run(result, name);
  }

  hold(name: string, failures: number, until: number, reason: ErrorData): void {
    this.#hold.run(failures, until, JSON.stringify(reason), name);
  }

  lift(name: string): void {
    this.#hold.run(0, 0, null, name);
  }

  queue(webhook: string, { result, unit, token }: Pick<Message, 'result' | 'unit' | 'token'>, due: number): void {
    this.#insert.run(webhook, result, unit, token, due);
  }

  /** Messages that may go now, at most one of each unit. */
  due(webhook: string, now: number, most: number): Message[] {
    return this.#due.all({ webhook, now, most });
  }

  /** When the next message that waits for nothing but its time is due, Unix milliseconds; none when there is none. */
  nextDue(webhook: string): number | undefined {
    return this.#nextDue.get(webhook) ?? undefined;
  }

  done(id: number): void {
    this.#set(id, { state: 'done', tried: 1 });
  }

  /** `tried` is 0 where nobody answered: then it is not the message's fault. */
  retry(id: number, due: number, tried: 0 | 1, reason: ErrorData): void {
    this.#set(id, { state: 'queued', due, tried }, reason);
  }

  park(id: number, reason: ErrorData): void {
    this.#set(id, { state: 'parked', tried: 1 }, reason);
  }

  /** A person asks: everything of this webhook is due now, also what waited for a person. Answers how many. */
  allDue(webhook: string, now: number): number {
    const again = this.#db.prepare(
      `UPDATE webhook_message SET state = 'queued', attempts = 0, reason = NULL, due_ms = ? WHERE webhook = ? AND ${open}`,
    );
    return again.run(now, webhook).changes;
  }

  /** A parked message is never sent. Answers its webhook; nothing when it is not parked. */
  discard(id: number): string | undefined {
    const webhook = this.#db
      .prepare<[number], string>(`SELECT webhook FROM webhook_message WHERE id = ? AND state = 'parked'`)
      .pluck()
      .get(id);
    if (webhook !== undefined) this.#set(id, { state: 'discarded', tried: 0 });
    return webhook;
  }

  /** How many wait. It grows with what waits, never with history. */
  waiting(webhook: string): { readonly queued: number; readonly parked: number } {
    const rows = this.#db
      .prepare<[string], { state: 'queued' | 'parked'; rows: number }>(
        `SELECT state, count(*) AS rows FROM webhook_message WHERE webhook = ? AND ${open} GROUP BY state`,
      )
      .all(webhook);
    const of = (state: string) => rows.find((row) => row.state === state)?.rows ?? 0;
    return { queued: of('queued'), parked: of('parked') };
  }

  /** The oldest hundred that wait for a person. */
  parked(): ParkedMessage[] {
    const rows = this.#db.prepare<[], Omit<ParkedMessage, 'reason'> & { reason: string }>(
      `SELECT id AS message, webhook, result, attempts, reason FROM webhook_message WHERE state = 'parked' ORDER BY id LIMIT ${mostParked}`,
    );
    return rows.all().map(({ reason, ...row }) => ({ ...row, reason: JSON.parse(reason) as ErrorData }));
  }

  #set(id: number, { state, due, tried }: Change, reason?: ErrorData): void {
    this.#change.run({ id, state, due: due ?? null, tried, reason: reason ? JSON.stringify(reason) : null });
  }
}
