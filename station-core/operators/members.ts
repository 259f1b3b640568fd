import type { AuditLog, Entry } from '../audit/log.ts';
import type { Clock } from '../clock.ts';
import { StationError } from '../contract/errors.ts';
import { type Invited, type Language, looksLikeBadge } from '../contract/people.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Commits } from '../store/commit.ts';
import type { Disclosures } from '../store/disclosure.ts';
import type { Db } from '../store/open.ts';
import type { Known, Pins, Verifier } from './pins.ts';
import { isLocked, type PersonRow, type Roll } from './roll.ts';
import type { Sessions } from './sessions.ts';

export type MembersNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly disclosures: Disclosures;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly now: () => string;
  readonly roll: Roll;
  readonly pins: Pins;
  readonly sessions: Sessions;
};

/** Who does something to a person, and who agreed. Nobody at the command line with the HSM's PIN. */
export type Doers = { readonly by: Actor; readonly approver?: Actor };

const shortestGiven = 4;
const codeDays = 7;
const dayMs = 24 * 60 * 60_000;

/** Who belongs to the station, and what becomes of them. Every change has its entry, without a name in it. */
export class Members {
  readonly #need: MembersNeed;

  constructor(need: MembersNeed) {
    this.#need = need;
  }

  /** Adds a person with a PIN that others know, or brings one back who left. The caller zeroes `pin`. Throws `person.taken`. */
  async add(name: string, role: Role, pin: Buffer, people?: Doers, known?: Known): Promise<Actor> {
    if (pin.length < shortestGiven) {
      const expected = `at least ${shortestGiven} characters`;
      throw new StationError('input.invalid', { place: 'PIN', expected, found: `${pin.length}` });
    }
    return this.#add(name, role, await this.#need.pins.seal(pin, known), null, people);
  }

  /**
   * Adds a person who chooses a PIN at the first sign-in, with the code that is answered. Nobody stands behind the first people of a
   * station. Throws `person.taken`.
   */
  async invite(name: string, role: Role, people?: Doers): Promise<Required<Invited>> {
    const { code, ...verifier } = await this.#need.pins.invite();
    const untilMs = this.#codeEnd();
    await this.#add(name, role, verifier, untilMs, people);
    return { name, role, code, until: new Date(untilMs).toISOString() };
  }

  /** A new code in the place of a PIN; the PIN is good no more, and its sessions end. Throws `person.nobody`, `person.left`. */
  async reset(name: string, people?: Doers): Promise<Invited> {
    const { code, ...verifier } = await this.#need.pins.invite();
    const untilMs = this.#codeEnd();
    const row = await this.#change(name, 'operator.reset', people, (one) => {
      this.#keepFormer(one);
      this.#keep(one.id, verifier, untilMs);
      return people ? {} : { by: 'hsm-pin' };
    });
    this.#need.sessions.endOf(row.id, 'changed');
    return { name: row.name, role: row.role, code, until: new Date(untilMs).toISOString() };
  }

  /** Five more tries. Throws `person.nobody`, `person.left`. */
  async unlock(name: string, people?: Doers): Promise<void> {
    if (!isLocked(this.#need.roll.require(name))) return;
    await this.#change(name, 'operator.unlocked', people, ({ id }) => {
      this.#need.db.prepare('UPDATE operator SET failures = 0, locked_at = NULL WHERE id = ?').run(id);
      return people ? {} : { by: 'hsm-pin' };
    });
  }

  /** Signs in no more. Throws `person.nobody`, `person.left`, and `person.last` for the only lead or security officer. */
  async leave(name: string, people: Doers): Promise<void> {
    const row = await this.#change(name, 'operator.left', people, (one) => {
      this.#need.roll.requireOther(one);
      this.#need.db.prepare('UPDATE operator SET left_at = ? WHERE id = ?').run(this.#need.now(), one.id);
      return {};
    });
    this.#need.sessions.endOf(row.id, 'left');
  }

  /** Another role, from the next sign-in on. Throws `person.nobody`, `person.left`, `person.last`. */
  async changeRole(name: string, role: Role, people: Doers): Promise<void> {
    const row = await this.#change(name, 'operator.role-changed', people, (one) => {
      if (one.role !== role) this.#need.roll.requireOther(one);
      this.#need.db.prepare('UPDATE operator SET role = ? WHERE id = ?').run(role, one.id);
      return { before: one.role, role };
    });
    if (row.role !== role) this.#need.sessions.endOf(row.id, 'changed');
  }

  /**
   * A badge that others made names this person from now on, and the one before no more. Throws `person.nobody`, `person.left`, and
   * `person.badge-taken` for what names somebody already or looks like a badge of this station.
   */
  async giveBadge(name: string, badge: string, people: Doers): Promise<void> {
    const { db, disclosures, now } = this.#need;
    await this.#change(name, 'operator.badge-given', people, ({ id }) => {
      const named = this.#need.roll.named(badge);
      if (looksLikeBadge(badge) || (named && named.id !== id)) throw new StationError('person.badge-taken');
      const value = disclosures.put('badge', badge);
      db.prepare('UPDATE badge SET until = ? WHERE operator = ? AND until IS NULL').run(now(), id);
      const give = db.prepare(
        `INSERT INTO badge (badge, operator, given_at) VALUES (?, ?, ?)
         ON CONFLICT (badge) DO UPDATE SET operator = excluded.operator, given_at = excluded.given_at, until = NULL`,
      );
      give.run(value.id, id, now());
      return { badge: value.commitment };
    });
  }

  /** In which language the screens speak to this person. */
  async prefer(actor: Actor, language: Language): Promise<void> {
    const { db, commits, audit } = this.#need;
    await commits.commit(() => {
      db.prepare('UPDATE operator SET language = ? WHERE id = ?').run(language, actor.operator);
      const who = { actor: this.#commitment(actor), role: actor.role };
      audit.append({ action: 'operator.preferred', result: 'ok', ...who, details: { language } });
    });
  }

  async #add(name: string, role: Role, verifier: Verifier, untilMs: number | null, people?: Doers): Promise<Actor> {
    const { commits, disclosures, audit, db, now } = this.#need;
    return commits.commit(() => {
      const before = this.#need.roll.named(name);
      if (looksLikeBadge(name) || (before && before.leftAt === null)) throw new StationError('person.taken');
      const person = disclosures.put('person', name);
      const insert = db.prepare(
        `INSERT INTO operator (person, role, salt, verifier, code_until_ms, made_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (person) DO UPDATE SET role = excluded.role, left_at = NULL, failures = 0, locked_at = NULL RETURNING id`,
      );
      const row = insert.get(person.id, role, verifier.salt, verifier.verifier, untilMs, now()) as { id: number };
      this.#keep(row.id, verifier, untilMs);
      const details = { person: person.commitment, role, ...(untilMs === null ? {} : { invited: true }) };
      audit.append({ action: 'operator.added', result: 'ok', ...this.#said(people), details });
      return { operator: row.id, name, role };
    });
  }

  /** One change of one person, with its entry. Answers the row as it was. */
  #change(
    name: string,
    action: Entry['action'],
    people: Doers | undefined,
    change: (row: PersonRow) => Record<string, string>,
  ): Promise<PersonRow> {
    const { commits, audit } = this.#need;
    return commits.commit(() => {
      const row = this.#need.roll.require(name);
      const details = { person: row.commitment, ...change(row) };
      audit.append({ action, result: 'ok', ...this.#said(people), details });
      return row;
    });
  }

  /** Inside a commit: the PIN that a code takes the place of; a code that was never used leaves the one before it. */
  #keepFormer({ id, codeUntilMs, salt, verifier }: PersonRow): void {
    if (codeUntilMs !== null) return;
    this.#need.db
      .prepare('UPDATE operator SET former_salt = ?, former_verifier = ? WHERE id = ?')
      .run(salt, verifier, id);
  }

  /** Inside a commit: what the person is checked by from now on, with every try left. */
  #keep(id: number, { salt, verifier }: Verifier, untilMs: number | null): void {
    const keep = this.#need.db.prepare(
      `UPDATE operator SET salt = ?, verifier = ?, code_until_ms = ?, chosen_at = NULL, failures = 0, locked_at = NULL
       WHERE id = ?`,
    );
    keep.run(salt, verifier, untilMs, id);
  }

  #commitment({ name }: Actor): string {
    return this.#need.disclosures.find('person', name)?.commitment ?? '(erased)';
  }

  #codeEnd(): number {
    return Math.max(this.#need.clock.now(), this.#need.audit.latestAt()) + codeDays * dayMs;
  }

  #said(people: Doers | undefined): Pick<Entry, 'actor' | 'role' | 'approver'> {
    if (!people) return {};
    const { by, approver } = people;
    return {
      actor: this.#commitment(by),
      role: by.role,
      ...(approver ? { approver: this.#commitment(approver) } : {}),
    };
  }
}
