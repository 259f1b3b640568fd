import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import type { Operation } from '../contract/api.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Commits } from '../store/commit.ts';
import type { Db } from '../store/open.ts';
import type { Operators } from './operators.ts';

type Row = { operation: Buffer; salt: Buffer | null; approver: number; name: string; role: Role; used: string | null };

export type ApprovalsNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly audit: AuditLog;
  readonly operators: Operators;
  readonly now: () => string;
};

/**
 * What an approval is bound to: HMAC-SHA256 under a salt of its own over the canonical call and its parameters. An entry keeps
 * it for good, and parameters may name a person or a unit: a hash without a salt could be found again by guessing.
 */
const boundTo = (operation: Operation, salt: Buffer): Buffer =>
  createHmac('sha256', salt)
    .update(canonical(operation as Json), 'utf8')
    .digest();

/** Second-person approvals: each for exactly one operation, used once, kept over restarts. Its salt goes when it is used. */
export class Approvals {
  readonly #need: ApprovalsNeed;
  readonly #byId;

  constructor(need: ApprovalsNeed) {
    this.#need = need;
    this.#byId = need.db.prepare<[string], Row>(
      `SELECT operation, approval.salt, approver, d.value AS name, operator.role, used_at AS used FROM approval
       JOIN operator ON operator.id = approval.approver JOIN disclosure d ON d.id = operator.person
       WHERE approval.id = ? AND operator.left_at IS NULL`,
    );
  }

  /** Records that this person agrees to exactly this operation. */
  async approve(operation: Operation, approver: Actor): Promise<string> {
    const { db, commits, audit, operators, now } = this.#need;
    const id = randomBytes(16).toString('hex');
    const salt = randomBytes(32);
    const hash = boundTo(operation, salt);
    await commits.commit(() => {
      const insert = db.prepare(
        'INSERT INTO approval (id, operation, salt, method, approver, granted_at) VALUES (?, ?, ?, ?, ?, ?)',
      );
      insert.run(id, hash, salt, operation.method, approver.operator, now());
      const details = { method: operation.method, operation: hash.toString('hex') };
      audit.append({
        action: 'approval.granted',
        result: 'ok',
        actor: operators.commitment(approver),
        role: approver.role,
        details,
      });
    });
    return id;
  }

  /**
   * Inside a commit: uses an approval up and answers who gave it, and the hash that it was bound by, in hex. Throws `person.approval-wrong` when it is for another
   * operation, was used, was given by the same person, or by a role that may not.
   */
  use(
    id: string,
    operation: Operation,
    actor: Actor,
    allowed: readonly Role[],
  ): { readonly approver: Actor; readonly bound: string } {
    const row = this.#byId.get(id);
    const fits =
      row !== undefined &&
      row.used === null &&
      row.salt !== null &&
      row.approver !== actor.operator &&
      allowed.includes(row.role) &&
      timingSafeEqual(row.operation, boundTo(operation, row.salt));
    if (!fits) throw new StationError('person.approval-wrong');
    this.#need.db.prepare('UPDATE approval SET used_at = ?, salt = NULL WHERE id = ?').run(this.#need.now(), id);
    const approver: Actor = { operator: row.approver, name: row.name, role: row.role };
    return { approver, bound: row.operation.toString('hex') };
  }

  /** Inside a commit: approvals that wait are void, since what they speak of may name whom an erasure is about. */
  voidWaiting(): void {
    this.#need.db.exec('UPDATE approval SET salt = NULL WHERE salt IS NOT NULL');
  }
}
