import type { AuditLog } from '../audit/log.ts';
import type { Clock } from '../clock.ts';
import type { Language, PersonView, SessionEnd } from '../contract/people.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Commits } from '../store/commit.ts';
import type { Disclosures } from '../store/disclosure.ts';
import type { Db } from '../store/open.ts';
import { type Doers, Members } from './members.ts';
import { type Pepper, Pins } from './pins.ts';
import { actorOf, Roll } from './roll.ts';
import { type Ended, Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

/** What people need of the station: the store, the audit trail, the time, and the pepper that an HSM key makes. */
export type OperatorsNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly disclosures: Disclosures;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly now: () => string;
  readonly pepper: Pepper;
  /** After how many minutes that nobody uses it a session ends. */
  readonly idleMinutes: number;
  readonly incident: (thrown: unknown) => unknown;
};

/** People, their roles, their sign-ins and badges. */
export class Operators {
  readonly #need: OperatorsNeed;
  readonly #roll: Roll;
  readonly #pins: Pins;
  readonly #sessions: Sessions;
  readonly #signIn: SignIn;
  /** Who belongs to the station, and what becomes of them. */
  readonly members: Members;

  constructor(need: OperatorsNeed) {
    this.#need = need;
    this.#roll = new Roll(need.db);
    this.#pins = new Pins(need.pepper);
    this.#sessions = new Sessions(need.clock, need.idleMinutes * 60_000);
    this.#signIn = new SignIn({ ...need, roll: this.#roll, pins: this.#pins, sessions: this.#sessions });
    this.members = new Members({ ...need, roll: this.#roll, pins: this.#pins, sessions: this.#sessions });
    this.#sessions.onEnded((_, actor, why) => this.#noteEnd(actor, why));
  }

  /** As `Members.add`. */
  add(name: string, role: Role, pin: Buffer, people?: Doers): Promise<Actor> {
    return this.members.add(name, role, pin, people);
  }

  list(): PersonView[] {
    return this.#roll.view();
  }

  /** Signs a person in by name or badge and answers the session's token. Throws what `SignIn.judge` throws. */
  async signIn(
    nameOrBadge: string,
    pin: Buffer,
    newPin?: Buffer,
  ): Promise<{ session: string; actor: Actor; language?: Language }> {
    const row = await this.#signIn.judge(nameOrBadge, pin, newPin);
    const actor = actorOf(row);
    const session = this.#sessions.begin(actor);
    return { session, actor, ...(row.language === null ? {} : { language: row.language }) };
  }

  signOut(session: string): void {
    this.#sessions.close(session);
  }

  /** Ends every session of a person who is no more. */
  end(operator: number): void {
    this.#sessions.endOf(operator, 'left');
  }

  /** Ends every session without a word: the station closes. */
  close(): void {
    this.#sessions.closeAll();
  }

  /** Tells of sessions that ended without their person asking for it. */
  onEnded(listener: Ended): () => void {
    return this.#sessions.onEnded(listener);
  }

  /** Who stands behind a session's token, or nobody. */
  actor(session: string | undefined): Actor | undefined {
    return this.#sessions.actor(session);
  }

  /** Somebody does something: the session does not end for idleness. */
  use(session: string | undefined): void {
    this.#sessions.use(session);
  }

  /** The person's commitment, as it stands in audit entries. */
  commitment(actor: Actor): string {
    return this.#need.disclosures.find('person', actor.name)?.commitment ?? '(erased)';
  }

  /** Whose commitment it is, and the salt that proves it, while the person is not erased. */
  behind(commitment: string): { readonly name: string; readonly salt: Buffer } | undefined {
    const row = this.#need.db.prepare<[string], { name: string | null; salt: Buffer | null }>(
      `SELECT value AS name, salt FROM disclosure WHERE label = 'person' AND commitment = ?`,
    );
    const { name, salt } = row.get(commitment) ?? { name: null, salt: null };
    return name === null || salt === null ? undefined : { name, salt };
  }

  /** Whoever has this role, the longest first, by name; those who left or were erased have none. */
  ofRole(role: Role): readonly (Actor | undefined)[] {
    const rows = this.#need.db
      .prepare<[Role], { operator: number; name: string | null; role: Role }>(
        `SELECT operator.id AS operator, iif(left_at IS NULL, d.value, NULL) AS name, role
         FROM operator JOIN disclosure d ON d.id = operator.person WHERE role = ? ORDER BY operator.id`,
      )
      .all(role);
    return rows.map(({ name, ...rest }) => (name === null ? undefined : { ...rest, name }));
  }

  byName(name: string): Actor | undefined {
    const row = this.#roll.byName(name);
    return row && actorOf(row);
  }

  /** Whether this person signs in with the PIN that they were added with. */
  hasGivenPin(name: string): boolean {
    const row = this.#roll.byName(name);
    return row !== undefined && row.leftAt === null && row.chosenAt === null && row.codeUntilMs === null;
  }

  /** How many could agree to something about this person in their stead: leads and security officers with a PIN. */
  othersWhoAgree(name: string): number {
    const { id } = this.#roll.require(name);
    return this.#roll.others('lead', id) + this.#roll.others('security-officer', id);
  }

  /** Nobody asked for it, so nobody waits for its entry; whoever was erased has their own. */
  #noteEnd(actor: Actor, why: SessionEnd): void {
    const { commits, audit, incident } = this.#need;
    const known = this.#need.disclosures.find('person', actor.name);
    if (!known) return;
    const entry = { actor: known.commitment, role: actor.role, details: { why } };
    commits.commit(() => audit.append({ action: 'operator.signed-out', result: 'ok', ...entry })).catch(incident);
  }
}
