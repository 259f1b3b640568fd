import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AuditLog } from '../audit/log.ts';
import type { Operation } from '../contract/api.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { Commits } from '../store/commit.ts';
import type { Db } from '../store/open.ts';
import type { Operators } from './operators.ts';

type Row = { operation: Buffer; approver: number; name: string; role: Role; used: string | null };

export type ApprovalsNeed = {
  readonly db: Db;
  readonly commits: Commits;
  readonly audit: AuditLog;
  readonly operators: Operators;
  readonly now: () => string;
};

/** The hash that an approval is bound to: SHA-256 over the canonical call and its parameters. */
export const operationHash = (operation: Operation): Buffer =>
  createHash('sha256')
    .update(canonical(operation as Json), 'utf8')
    .digest();

/** Second-person approvals: each for exactly one operation, used once, kept over restarts. */
export class Approvals {
  readonly #need: ApprovalsNeed;
  readonly #byId;

  constructor(need: ApprovalsNeed) {
    this.#need = need;
    this.#byId = need.db.prepare<[string], Row>(
      `SELECT operation, approver, d.value AS name, operator.role, used_at AS used FROM approval
       JOIN operator ON operator.id = approval.approver JOIN disclosure d ON d.id = operator.person WHERE approval.id = ?`,
    );
  }

  /** Records that this person agrees to exactly this operation. */
  async approve(operation: Operation, approver: Actor): Promise<string> {
    const { db, commits, audit, operators, now } = this.#need;
    const id = randomBytes(16).toString('hex');
    const hash = operationHash(operation);
    await commits.commit(() => {
      const insert = db.prepare(
        'INSERT INTO approval (id, operation, method, approver, granted_at) VALUES (?, ?, ?, ?, ?)',
      );
      insert.run(id, hash, operation.method, approver.operator, now());
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
   * Inside a commit: uses an approval up and answers who gave it. Throws `person.approval-wrong` when it is for another
   * operation, was used, was given by the same person, or by a role that may not.
   */
  use(id: string, operation: Operation, actor: Actor, allowed: readonly Role[]): Actor {
    const row = this.#byId.get(id);
    const fits =
      row !== undefined &&
      row.used === null &&
      row.approver !== actor.operator &&
      allowed.includes(row.role) &&
      timingSafeEqual(row.operation, operationHash(operation));
    if (!fits) throw new StationError('person.approval-wrong');
    this.#need.db.prepare('UPDATE approval SET used_at = ? WHERE id = ?').run(this.#need.now(), id);
    return { operator: row.approver, name: row.name, role: row.role };
  }
}
