import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import { StationError } from '../contract/errors.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Commits } from '../store/commit.ts';
import type { Disclosures } from '../store/disclosure.ts';
import type { Db } from '../store/open.ts';

type Row = { id: number; name: string; role: Role; salt: Buffer; verifier: Buffer };

/** What people need of the station: the store, the audit trail, the time, and the pepper that an HSM key makes. */
export type OperatorsNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly disclosures: Disclosures;
  readonly audit: AuditLog;
  readonly now: () => string;
  /** HMAC of a PIN under an HSM key, so that a stolen database cannot be searched for PINs without the HSM. */
  readonly pepper: (pin: Buffer) => Promise<Buffer>;
};

const shortestPin = 4;

/** N=2^17, r=8: about 0.35 s and 128 MiB for each guess (OWASP's figure for scrypt); off the event loop. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

/** People, their roles and their sign-ins. A session lives as long as the process. */
export class Operators {
  readonly #need: OperatorsNeed;
  readonly #sessions = new Map<string, Actor>();
  readonly #byName;
  readonly #insert;

  constructor(need: OperatorsNeed) {
    this.#need = need;
    this.#byName = need.db.prepare<[string], Row>(
      `SELECT operator.id, d.value AS name, role, operator.salt, verifier
       FROM disclosure d JOIN operator ON operator.person = d.id WHERE d.label = 'person' AND d.value = ?`,
    );
    this.#insert = need.db.prepare(
      'INSERT INTO operator (person, role, salt, verifier, made_at) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Adds a person. The caller zeroes `pin`. Throws `person.taken`. */
  async add(name: string, role: Role, pin: Buffer, people?: { by: Actor; approver?: Actor }): Promise<Actor> {
    const { commits, disclosures, audit, now } = this.#need;
    const salt = randomBytes(16);
    if (pin.length < shortestPin) {
      const expected = `at least ${shortestPin} characters`;
      throw new StationError('input.invalid', { place: 'PIN', expected, found: `${pin.length}` });
    }
    const verifier = await this.#verifier(pin, salt);
    return commits.commit(() => {
      if (this.#byName.get(name)) throw new StationError('person.taken');
      const person = disclosures.put('person', name);
      const id = Number(this.#insert.run(person.id, role, salt, verifier, now()).lastInsertRowid);
      const who = people && {
        actor: this.commitment(people.by),
        role: people.by.role,
        ...(people.approver ? { approver: this.commitment(people.approver) } : {}),
      };
      audit.append({
        action: 'operator.added',
        result: 'ok',
        ...who,
        details: { person: person.commitment, role },
      });
      return { operator: id, name, role };
    });
  }

  /** Signs a person in and answers the session's token. Wrong name and wrong PIN are told apart by nobody, but audited. */
  async signIn(name: string, pin: Buffer): Promise<{ session: string; actor: Actor }> {
    const row = this.#byName.get(name);
    // The same work is done for an unknown name, so that its answer takes as long.
    const verifier = await this.#verifier(pin, row?.salt ?? Buffer.alloc(16));
    const right = row !== undefined && timingSafeEqual(verifier, row.verifier);
    verifier.fill(0);
    if (!right) {
      const known = row && { actor: this.commitment({ operator: row.id, name, role: row.role }), role: row.role };
      await this.#note('refused', known);
      throw new StationError('person.unknown');
    }
    const actor: Actor = { operator: row.id, name: row.name, role: row.role };
    await this.#note('ok', { actor: this.commitment(actor), role: actor.role });
    const session = randomBytes(24).toString('base64url');
    this.#sessions.set(session, actor);
    return { session, actor };
  }

  signOut(session: string): void {
    this.#sessions.delete(session);
  }

  /** Ends every session of a person who is no more. */
  end(operator: number): void {
    for (const [session, actor] of this.#sessions) if (actor.operator === operator) this.#sessions.delete(session);
  }

  /** Who stands behind a session's token, or nobody. */
  actor(session: string | undefined): Actor | undefined {
    return session === undefined ? undefined : this.#sessions.get(session);
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

  /** Whoever has this role, the longest first, by name; those who were erased have none. */
  ofRole(role: Role): readonly (Actor | undefined)[] {
    const rows = this.#need.db
      .prepare<[Role], { operator: number; name: string | null; role: Role }>(
        `SELECT operator.id AS operator, d.value AS name, role FROM operator JOIN disclosure d ON d.id = operator.person
         WHERE role = ? ORDER BY operator.id`,
      )
      .all(role);
    return rows.map(({ name, ...rest }) => (name === null ? undefined : { ...rest, name }));
  }

  byName(name: string): Actor | undefined {
    const row = this.#byName.get(name);
    return row && { operator: row.id, name: row.name, role: row.role };
  }

  async #note(
    result: 'ok' | 'refused',
    who: { readonly actor: string; readonly role: Role } | undefined,
  ): Promise<void> {
    const reason = result === 'refused' ? { reason: 'person.unknown' } : {};
    await this.#need.commits.commit(() =>
      this.#need.audit.append({ action: 'operator.signed-in', result, ...who, ...reason }),
    );
  }

  async #verifier(pin: Buffer, salt: Buffer): Promise<Buffer> {
    const peppered = await this.#need.pepper(pin);
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        scrypt(peppered, salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
      });
    } finally {
      peppered.fill(0);
    }
  }
}
