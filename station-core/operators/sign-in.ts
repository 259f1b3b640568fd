import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import { StationError } from '../contract/errors.ts';
import { weaknessOf } from '../contract/people.ts';
import type { Commits } from '../store/commit.ts';
import type { Db } from '../store/open.ts';
import type { Pins, Verifier } from './pins.ts';
import { mostFailures, type PersonRow, type Roll } from './roll.ts';
import type { Sessions } from './sessions.ts';

export type SignInNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly audit: AuditLog;
  readonly roll: Roll;
  readonly pins: Pins;
  readonly sessions: Sessions;
  readonly now: () => string;
};

/** How many names that nobody has are counted; the oldest is forgotten first. */
const mostStrangers = 1_000;

/**
 * Judges sign-ins. A try is counted before it is judged; whoever has used theirs up is locked until a person unlocks them. Names
 * that nobody has take the same work, are counted alike and read alike, so that no answer tells which names there are.
 */
export class SignIn {
  readonly #need: SignInNeed;
  readonly #strangers = new Map<string, number>();
  #before: Promise<unknown> = Promise.resolve();

  constructor(need: SignInNeed) {
    this.#need = need;
  }

  /**
   * Answers whom a name or badge and a PIN belong to. The caller zeroes both PINs. Throws `person.unknown`, `person.locked`,
   * `person.pin-weak`, and to whoever has the right code `person.choose-pin` and `person.code-ended`.
   */
  judge(nameOrBadge: string, pin: Buffer, newPin?: Buffer): Promise<PersonRow> {
    // One at a time, whoever it is: tries side by side would have used up a person's five before the right one was judged.
    const next = this.#before.then(() => this.#judgeNow(nameOrBadge, pin, newPin));
    this.#before = next.catch(() => undefined); // who asked gets the error; the next one goes on
    return next;
  }

  async #judgeNow(nameOrBadge: string, pin: Buffer, newPin: Buffer | undefined): Promise<PersonRow> {
    const { roll, pins } = this.#need;
    const found = roll.named(nameOrBadge);
    const row = found?.leftAt === null ? found : undefined;
    if (newPin) refuseWeak(newPin, row?.name ?? nameOrBadge);
    await this.#count(nameOrBadge, row);
    if (!(await pins.check(pin, row)) || !row) throw await this.#wrong(nameOrBadge, row);
    if (row.codeUntilMs !== null) await this.#requireCode(row, row.codeUntilMs, newPin);
    const chosen = newPin && (await this.#choose(row, pin, newPin));
    await this.#right(row, chosen);
    return row;
  }

  /** On the disk before anything is judged: a kill in between costs the try. Throws `person.locked` when there is none left. */
  async #count(nameOrBadge: string, row: PersonRow | undefined): Promise<void> {
    const { db, commits } = this.#need;
    const locked = await commits.commit(() => {
      db.prepare('UPDATE sign_in_tally SET tries = tries + 1').run();
      if (!row) return !this.#countStranger(nameOrBadge);
      const counted = db.prepare(
        `UPDATE operator SET failures = failures + 1 WHERE id = ? AND locked_at IS NULL AND failures < ${mostFailures}`,
      );
      return counted.run(row.id).changes === 0;
    });
    if (!locked) return;
    await this.#refused(row, 'person.locked');
    throw new StationError('person.locked');
  }

  /** Whether a try was left. Kept as a digest: somebody may have typed a PIN into the wrong field. */
  #countStranger(name: string): boolean {
    const key = digestOf(name);
    const before = this.#strangers.get(key) ?? 0;
    this.#strangers.delete(key);
    this.#strangers.set(key, before + 1);
    const [oldest] = this.#strangers.keys();
    if (this.#strangers.size > mostStrangers && oldest !== undefined) this.#strangers.delete(oldest);
    return before < mostFailures;
  }

  /** What a wrong PIN is answered with; the last one that is allowed locks, and ends the person's sessions. */
  async #wrong(nameOrBadge: string, row: PersonRow | undefined): Promise<StationError> {
    const { db, commits, audit, sessions, now } = this.#need;
    await this.#refused(row, 'person.unknown');
    const tried = this.#strangers.get(digestOf(nameOrBadge)) ?? 0;
    if (!row) return new StationError(tried < mostFailures ? 'person.unknown' : 'person.locked');
    const locks = await commits.commit(() => {
      const lock = db.prepare(
        `UPDATE operator SET locked_at = ? WHERE id = ? AND locked_at IS NULL AND failures >= ${mostFailures}`,
      );
      if (lock.run(now(), row.id).changes === 0) return false;
      audit.append({ action: 'operator.locked', result: 'refused', actor: row.commitment, role: row.role });
      return true;
    });
    if (locks) sessions.endOf(row.id, 'locked');
    return new StationError(locks ? 'person.locked' : 'person.unknown');
  }

  async #refused(row: PersonRow | undefined, reason: 'person.unknown' | 'person.locked'): Promise<void> {
    const { commits, audit } = this.#need;
    const who = row ? { actor: row.commitment, role: row.role } : {};
    await commits.commit(() => audit.append({ action: 'operator.signed-in', result: 'refused', ...who, reason }));
  }

  /** A code is good until its time, by the clock or the newest entry, whichever is later: a clock that is set back revives none. */
  async #requireCode(row: PersonRow, untilMs: number, newPin: Buffer | undefined): Promise<void> {
    const { audit, now } = this.#need;
    const ended = Math.max(Date.parse(now()), audit.latestAt()) > untilMs;
    if (newPin && !ended) return;
    await this.#forgive(row);
    throw new StationError(ended ? 'person.code-ended' : 'person.choose-pin');
  }

  /** The verifier of a PIN that the person chooses. Throws `person.pin-weak` for the one that they had. */
  async #choose(row: PersonRow, pin: Buffer, newPin: Buffer): Promise<Verifier> {
    const { pins } = this.#need;
    const { formerSalt: salt, formerVerifier: verifier } = row;
    const same =
      (pin.length === newPin.length && timingSafeEqual(pin, newPin)) ||
      (salt !== null && verifier !== null && (await pins.check(newPin, { salt, verifier })));
    if (!same) return pins.seal(newPin);
    await this.#forgive(row);
    throw new StationError('person.pin-weak');
  }

  /** The PIN was right, and what else was wrong is no try. */
  async #forgive(row: PersonRow): Promise<void> {
    await this.#need.commits.commit(() => this.#reset(row));
  }

  /** Inside a commit. Throws `person.locked` when tries at the same time locked the person, `person.unknown` when the PIN is another now. */
  #reset({ id, verifier }: PersonRow): void {
    const { db } = this.#need;
    const reset = db.prepare(
      'UPDATE operator SET failures = 0 WHERE id = ? AND locked_at IS NULL AND left_at IS NULL AND verifier = ?',
    );
    if (reset.run(id, verifier).changes > 0) return;
    const locked = db
      .prepare<[number], number>('SELECT 1 FROM operator WHERE id = ? AND locked_at IS NOT NULL')
      .get(id);
    throw new StationError(locked ? 'person.locked' : 'person.unknown');
  }

  async #right(row: PersonRow, chosen: Verifier | undefined): Promise<void> {
    const { commits, audit } = this.#need;
    const who = { actor: row.commitment, role: row.role };
    await commits.commit(() => {
      this.#reset(row);
      if (chosen) {
        this.#keep(row, chosen);
        audit.append({ action: 'operator.pin-chosen', result: 'ok', ...who });
      }
      audit.append({ action: 'operator.signed-in', result: 'ok', ...who });
    });
  }

  /** Inside a commit. Nothing of a one-time code stays. */
  #keep({ id }: PersonRow, { salt, verifier }: Verifier): void {
    const { db, now } = this.#need;
    const choose = db.prepare(
      `UPDATE operator SET salt = ?, verifier = ?, code_until_ms = NULL, chosen_at = ?, former_salt = NULL,
         former_verifier = NULL WHERE id = ?`,
    );
    choose.run(salt, verifier, now(), id);
  }
}

const digestOf = (name: string): string => createHash('sha256').update(name, 'utf8').digest('base64');

/** Throws `person.pin-weak`. */
function refuseWeak(newPin: Buffer, name: string): void {
  if (weaknessOf(newPin.toString('utf8'), name)) throw new StationError('person.pin-weak');
}
