import { StationError } from '../contract/errors.ts';
import { badgeText, type Language, type PersonState, type PersonView, readBadge } from '../contract/people.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Db } from '../store/open.ts';

/** So many wrong PINs lock a person (docs/promises.md F). */
export const mostFailures = 5;

/** Whom a list has at most; people of a line are hundreds. */
const longestList = 1_000;

export type PersonRow = {
  readonly id: number;
  readonly name: string;
  readonly commitment: string;
  readonly role: Role;
  readonly salt: Buffer;
  readonly verifier: Buffer;
  readonly failures: number;
  readonly lockedAt: string | null;
  readonly leftAt: string | null;
  readonly codeUntilMs: number | null;
  readonly chosenAt: string | null;
  readonly formerSalt: Buffer | null;
  readonly formerVerifier: Buffer | null;
  readonly language: Language | null;
};

const columns = `operator.id, d.value AS name, d.commitment, role, operator.salt, verifier, failures, locked_at AS lockedAt,
  left_at AS leftAt, code_until_ms AS codeUntilMs, chosen_at AS chosenAt, former_salt AS formerSalt,
  former_verifier AS formerVerifier, language`;

export const actorOf = ({ id, name, role }: PersonRow): Actor => ({ operator: id, name, role });

/** A count that a kill left at its end locks as well: the try that it stands for was never judged. */
export const isLocked = ({ lockedAt, failures }: PersonRow): boolean => lockedAt !== null || failures >= mostFailures;

function stateOf(row: PersonRow): PersonState {
  if (row.leftAt !== null) return 'left';
  if (isLocked(row)) return 'locked';
  return row.codeUntilMs === null ? 'active' : 'invited';
}

/** The rows of people. Those who were erased have no name and are found by nobody. */
export class Roll {
  readonly #byName;
  readonly #byId;
  readonly #byBadge;
  readonly #others;
  readonly #all;
  readonly #badges;

  constructor(db: Db) {
    this.#byName = db.prepare<[string], PersonRow>(
      `SELECT ${columns} FROM disclosure d JOIN operator ON operator.person = d.id WHERE d.label = 'person' AND d.value = ?`,
    );
    this.#byId = db.prepare<[number], PersonRow>(
      `SELECT ${columns} FROM operator JOIN disclosure d ON d.id = operator.person
       WHERE operator.id = ? AND d.value IS NOT NULL`,
    );
    this.#byBadge = db
      .prepare<[string], number>(
        `SELECT badge.operator FROM disclosure d JOIN badge ON badge.badge = d.id
         WHERE d.label = 'badge' AND d.value = ? AND badge.until IS NULL`,
      )
      .pluck();
    this.#others = db
      .prepare<[Role, number], number>(
        `SELECT count(*) FROM operator JOIN disclosure d ON d.id = operator.person
         WHERE role = ? AND operator.id <> ? AND d.value IS NOT NULL AND left_at IS NULL AND code_until_ms IS NULL`,
      )
      .pluck();
    this.#all = db.prepare<[], PersonRow>(
      `SELECT ${columns} FROM operator JOIN disclosure d ON d.id = operator.person
       WHERE d.value IS NOT NULL ORDER BY left_at IS NOT NULL, operator.id LIMIT ${longestList}`,
    );
    this.#badges = db
      .prepare<[number], string>(
        `SELECT d.value FROM badge JOIN disclosure d ON d.id = badge.badge
         WHERE badge.operator = ? AND badge.until IS NULL AND d.value IS NOT NULL`,
      )
      .pluck();
  }

  byName(name: string): PersonRow | undefined {
    return this.#byName.get(name);
  }

  /** Whom a name or a badge names. */
  named(nameOrBadge: string): PersonRow | undefined {
    const number = readBadge(nameOrBadge);
    if (number !== undefined) return this.#byId.get(number);
    return this.byName(nameOrBadge) ?? this.#byId.get(this.#byBadge.get(nameOrBadge) ?? 0);
  }

  /** A person whom a call is about. Throws `person.nobody`, `person.left`. */
  require(name: string): PersonRow {
    const row = this.byName(name);
    if (!row) throw new StationError('person.nobody');
    if (row.leftAt !== null) throw new StationError('person.left');
    return row;
  }

  /** How many others have this role and a PIN; the locked count, since they can be unlocked. */
  others(role: Role, than: number): number {
    return this.#others.get(role, than) ?? 0;
  }

  /** Throws `person.last` when nobody else could do what only this role can. */
  requireOther({ id, role }: PersonRow): void {
    if (role !== 'lead' && role !== 'security-officer') return;
    if (this.others(role, id) === 0) throw new StationError('person.last', { role });
  }

  /** Everybody, those who left last. */
  view(): PersonView[] {
    return this.#all.all().map((row) => {
      const { id, name, role, language, codeUntilMs } = row;
      const state = stateOf(row);
      const otherBadge = this.#badges.get(id);
      return {
        name,
        role,
        state,
        badge: badgeText(id),
        ...(language === null ? {} : { language }),
        ...(otherBadge === undefined ? {} : { otherBadge }),
        ...(codeUntilMs === null ? {} : { codeUntil: new Date(codeUntilMs).toISOString() }),
      };
    });
  }
}
