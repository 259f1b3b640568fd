import { type ErrorData, StationError } from '../contract/errors.ts';
import type { Backlog } from '../contract/record.ts';
import type { Disclosures } from './disclosure.ts';
import type { Db } from './open.ts';

/**
 * What a target is asked to do. `create` an individual enrollment; `expect-group`: see that the group is there;
 * `create-group`: make it, unless it is there and the same; `disable` an individual enrollment, made for that where there is
 * none; `enable` it again; `delete` it; `roll`: put the newest certificate, or a fresh secondary key, in its other slot;
 * `reissue`: give it the keys or the certificate of the unit's new credential, which two people agreed to;
 * `reprovision`: give it another policy, hub or twin; `forget`: delete what the service remembers of the device's registration.
 * `disable-group`, `enable-group`; `roll-group`: put another intermediate in its other slot; `delete-group`, its records first.
 * `anchor`: bring the station's anchor enrollment to the newest head of the audit trail, whichever that is when it is sent.
 */
export const outboxActions = [
  'create',
  'expect-group',
  'create-group',
  'disable-group',
  'enable-group',
  'roll-group',
  'delete-group',
  'disable',
  'enable',
  'delete',
  'roll',
  'reissue',
  'reprovision',
  'forget',
  'anchor',
] as const;
export type OutboxAction = (typeof outboxActions)[number];

/** A row as the pump gets it: identity in clear, body without any secret. */
export type OutboxRow = {
  readonly id: number;
  readonly target: string;
  /** Registration ID, or the group's ID. */
  readonly registrationId: string;
  readonly action: OutboxAction;
  readonly version: number;
  readonly body: unknown;
  /** The credential whose keys or certificate go into the request, or none. */
  readonly credential: number | null;
  readonly attempts: number;
  /** The etag of the foreign entry that two people let this row replace, or none. */
  readonly replaces: string | null;
};

export type NewOutboxRow = Omit<OutboxRow, 'id' | 'attempts' | 'version' | 'replaces'> & {
  readonly after?: number;
  readonly dueMs: number;
};

/** Files for IoT Central are carried by people, who want few of them: its rows wait for the full hour, or until somebody asks. */
const gatheredMs: Readonly<Record<string, number>> = { central: 3_600_000 };

function dueOf({ target, dueMs }: Pick<NewOutboxRow, 'target' | 'dueMs'>): number {
  const every = gatheredMs[target];
  return every === undefined ? dueMs : Math.ceil(dueMs / every) * every;
}

type Row = Omit<OutboxRow, 'body' | 'registrationId'> & { readonly registration: number; readonly body: string };

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Under which label a row's ID stands among the disclosures: a group's name is nobody's. */
export const labelOf = (action: OutboxAction): 'enrollmentGroup' | 'registrationId' =>
  action.endsWith('-group') ? 'enrollmentGroup' : 'registrationId';

/** Rows that wait for a cloud target. Every writing method belongs inside a commit. */
export class Outbox {
  readonly #db: Db;
  readonly #disclosures: Disclosures;
  readonly #insert;
  readonly #due;
  readonly #nextDue;
  readonly #settle;
  readonly #tally;
  readonly #unpark;
  readonly #parked;

  constructor(db: Db, disclosures: Disclosures) {
    this.#db = db;
    this.#disclosures = disclosures;
    this.#insert = db.prepare(
      `INSERT INTO outbox (target, registration, action, version, body, credential, after, due_ms, queued_ms, state)
       SELECT @target, @registration, @action, 1 + coalesce(max(version), 0), @body, @credential, @after, @dueMs, @queuedMs, 'queued'
       FROM outbox WHERE target = @target AND registration = @registration`,
    );
    // Order is kept for each registration ID, and a row waits for the one that it comes after (docs/design.md, Outbox row).
    this.#due = db.prepare<{ now: number; target: string; most: number }, Row>(
      `SELECT id, target, registration, action, version, body, credential, attempts, replaces FROM outbox AS o
       WHERE state = 'queued' AND due_ms <= @now AND target = @target
         AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.target = o.target AND e.registration = o.registration
                         AND e.version < o.version AND e.state <> 'done')
         AND (after IS NULL OR EXISTS (SELECT 1 FROM outbox p WHERE p.id = o.after AND p.state = 'done'))
       ORDER BY due_ms, id LIMIT @most`,
    );
    this.#nextDue = db.prepare<[string], { due: number | null }>(
      `SELECT min(due_ms) AS due FROM outbox WHERE state = 'queued' AND target = ?`,
    );
    this.#settle = db.prepare(
      `UPDATE outbox SET state = @state, lease_ms = @lease, due_ms = coalesce(@due, due_ms), attempts = attempts + @tried,
         receipt = @receipt, reason = @reason WHERE id = @id`,
    );
    this.#unpark = db.prepare(
      `UPDATE outbox SET state = 'queued', due_ms = @due, replaces = @replaces, attempts = 0, reason = NULL
       WHERE id = @id AND state = 'parked'`,
    );
    this.#parked = db.prepare<[number], Row & { readonly reason: string }>(
      `SELECT id, target, registration, action, version, body, credential, attempts, replaces, reason FROM outbox
       WHERE id = ? AND state = 'parked'`,
    );
    this.#tally = db.prepare<[], { state: keyof Backlog; rows: number }>('SELECT state, rows FROM outbox_tally');
  }

  queue(row: NewOutboxRow): number {
    const { registrationId, body, after = null, ...rest } = row;
    const registration = this.#disclosures.put(labelOf(row.action), registrationId).id;
    const veiled = JSON.stringify(this.#disclosures.veil(body));
    const times = { dueMs: dueOf(row), queuedMs: row.dueMs };
    return Number(this.#insert.run({ ...rest, ...times, registration, body: veiled, after }).lastInsertRowid);
  }

  /**
   * Claims up to `most` rows of a target that are due, until `leaseMs` (Unix milliseconds). A row that failed before goes with fewer
   * others each time, and at last alone, so that one bad row is found and takes no others with it.
   */
  lease(target: string, now: number, leaseMs: number, most: number): OutboxRow[] {
    const due = this.#due.all({ now, target, most });
    const tries = due[0]?.attempts ?? 0;
    const rows = due.filter(({ attempts }) => attempts === tries).slice(0, Math.max(1, most >> Math.min(tries, 5)));
    for (const row of rows) this.#change(row.id, 'leased', { lease: leaseMs });
    return rows.map((row) => this.#read(row));
  }

  /** Claims these rows, for a bundle, until `leaseMs`. */
  claim(ids: readonly number[], leaseMs: number): OutboxRow[] {
    for (const id of ids) this.#change(id, 'leased', { lease: leaseMs });
    return ids.map((id) => this.byId(id));
  }

  /** Throws `store.damaged` for a row that is not there. */
  byId(id: number): OutboxRow {
    const row = this.#db
      .prepare<[number], Row>(
        'SELECT id, target, registration, action, version, body, credential, attempts, replaces FROM outbox WHERE id = ?',
      )
      .get(id);
    if (!row) throw new StationError('store.damaged', { what: `outbox row ${id}`, reason: 'it is not there' });
    return this.#read(row);
  }

  /** A receipt that names a device refers to it; one that an applier signed may be any text. */
  done(id: number, receipt: string): void {
    const veiled = isJson(receipt) ? JSON.stringify(this.#disclosures.veil(JSON.parse(receipt))) : receipt;
    this.#change(id, 'done', { tried: 1, receipt: veiled });
  }

  retry(id: number, due: number, reason: ErrorData): void {
    this.#change(id, 'queued', { tried: 1, due, reason: JSON.stringify(this.#disclosures.veil(reason)) });
  }

  park(id: number, reason: ErrorData): void {
    this.#change(id, 'parked', { tried: 1, reason: JSON.stringify(this.#disclosures.veil(reason)) });
  }

  /** Gives rows back that were claimed but not sent, or whose claimer died; the attempt is not counted. With `due`, others go first. */
  release(id: number, due?: number): void {
    this.#change(id, 'queued', due === undefined ? {} : { due });
  }

  /** A person lets a parked row go out once more; with `replaces`, over the entry with this etag. */
  unpark(id: number, due: number, replaces?: string): void {
    this.#unpark.run({ id, due, replaces: replaces ?? null });
  }

  /** A parked row as it stands; none when it is not parked. */
  parkedRow(id: number): (OutboxRow & { readonly reason: ErrorData }) | undefined {
    const row = this.#parked.get(id);
    if (!row) return undefined;
    const { reason, ...rest } = row;
    return { ...this.#read(rest), reason: this.#disclosures.unveil(JSON.parse(reason)) as ErrorData };
  }

  /** A person asked: everything that waits for its time is due now. */
  allDue(now: number): void {
    this.#db.prepare(`UPDATE outbox SET due_ms = ? WHERE state = 'queued' AND due_ms > ?`).run(now, now);
  }

  /** Claimed rows; not those that lie in a bundle, which nobody here sends. */
  leased(): number[] {
    return this.#db
      .prepare<[], { id: number }>(
        `SELECT id FROM outbox WHERE state = 'leased' AND id NOT IN (SELECT row FROM bundle_row WHERE state = 'held')`,
      )
      .all()
      .map((row) => row.id);
  }

  parked(most: number): { id: number; registrationId: string; action: string; reason: ErrorData }[] {
    const rows = this.#db.prepare<[number], { id: number; registration: number; action: string; reason: string }>(
      `SELECT id, registration, action, reason FROM outbox WHERE state = 'parked' ORDER BY id LIMIT ?`,
    );
    return rows.all(most).map(({ registration, reason, ...row }) => ({
      ...row,
      registrationId: this.#disclosures.value(registration),
      reason: this.#disclosures.unveil(JSON.parse(reason)) as ErrorData,
    }));
  }

  /** Whether a row of a unit or a group waits for this target. */
  waits(target: string): boolean {
    const row = this.#db.prepare<[string], { one: number }>(
      `SELECT 1 AS one FROM outbox WHERE state IN ('queued', 'leased') AND target = ? AND action <> 'anchor' LIMIT 1`,
    );
    return row.get(target) !== undefined;
  }

  /** Whether an anchor waits to be sent, or for a person; one that is on its way may carry an older head. */
  anchorWaits(): boolean {
    const row = this.#db.prepare(
      `SELECT 1 FROM outbox WHERE action = 'anchor' AND state IN ('queued', 'parked') LIMIT 1`,
    );
    return row.get() !== undefined;
  }

  /** Anchors that wait for a person: one at most. */
  parkedAnchors(): number[] {
    return this.#db
      .prepare<[], number>(`SELECT id FROM outbox WHERE action = 'anchor' AND state = 'parked'`)
      .pluck()
      .all();
  }

  /** The etag of the anchor enrollment by the newest receipt, or none. */
  anchorEtag(): string | undefined {
    const etag = this.#db.prepare<[], string | null>(
      `SELECT receipt ->> '$.etag' FROM outbox WHERE action = 'anchor' AND state = 'done' ORDER BY id DESC LIMIT 1`,
    );
    return etag.pluck().get() ?? undefined;
  }

  /** When a target's next queued row is due, Unix milliseconds; undefined when none is queued. */
  nextDue(target: string): number | undefined {
    return this.#nextDue.get(target)?.due ?? undefined;
  }

  backlog(): Backlog {
    const counts = Object.fromEntries(this.#tally.all().map((row) => [row.state, row.rows]));
    return {
      queued: counts.queued ?? 0,
      leased: counts.leased ?? 0,
      parked: counts.parked ?? 0,
      done: counts.done ?? 0,
    };
  }

  /** The newest row for this ID with one of these actions, and which credential it is of; or none. */
  newestOf(
    target: string,
    registrationId: string,
    actions: readonly OutboxAction[],
  ): { action: OutboxAction; credential: number | null } | undefined {
    const registration = this.#disclosures.find('registrationId', registrationId);
    if (!registration) return undefined;
    const row = this.#db.prepare<[string, number, string], { action: OutboxAction; credential: number | null }>(
      `SELECT action, credential FROM outbox WHERE target = ? AND registration = ?
         AND action IN (SELECT value FROM json_each(?)) ORDER BY version DESC LIMIT 1`,
    );
    return row.get(target, registration.id, JSON.stringify(actions));
  }

  /** The state of the newest row for this ID, or none. */
  stateOf(target: string, label: 'registrationId' | 'enrollmentGroup', value: string): string | undefined {
    const registration = this.#disclosures.find(label, value);
    if (!registration) return undefined;
    const row = this.#db.prepare<[string, number], { state: string }>(
      'SELECT state FROM outbox WHERE target = ? AND registration = ? ORDER BY version DESC LIMIT 1',
    );
    return row.get(target, registration.id)?.state;
  }

  #change(
    id: number,
    state: keyof Backlog,
    to: { lease?: number; due?: number; tried?: number; receipt?: string; reason?: string },
  ): void {
    const none = { lease: null, due: null, tried: 0, receipt: null, reason: null };
    this.#settle.run({ ...none, ...to, id, state });
  }

  #read({ registration, body, ...row }: Row): OutboxRow {
    return {
      ...row,
      registrationId: this.#disclosures.value(registration),
      body: this.#disclosures.unveil(JSON.parse(body)),
    };
  }
}
