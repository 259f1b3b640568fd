import type { AuditLog, Entry } from './audit/log.ts';
import type { Method, Operation, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Actor } from './contract/record.ts';
import { ruleOf } from './contract/roles.ts';
import type { Approvals } from './operators/approvals.ts';
import type { Operators } from './operators/operators.ts';
import type { Commits } from './store/commit.ts';
import type { Disclosures } from './store/disclosure.ts';

export type AccessNeed = {
  readonly commits: Commits;
  readonly audit: AuditLog;
  readonly operators: Operators;
  readonly approvals: Approvals;
  readonly disclosures: Disclosures;
};

/** Calls that name a lane and a unit. */
const scans: ReadonlySet<string> = new Set(['run.start', 'lane.arm'] satisfies Method[]);

/** Who asks, and which approval they bring. */
export type Caller = { readonly actor: Actor | undefined; readonly approval: string | undefined };

/** Decides on every call, by the table of contract/roles.ts, and notes in the audit what it refused. */
export class Access {
  readonly #need: AccessNeed;

  constructor(need: AccessNeed) {
    this.#need = need;
  }

  /**
   * Lets a call through or throws `person.not-signed-in`, `person.not-allowed`, `person.second-needed` or
   * `person.approval-wrong`. An approval is used up here, in the audit, before the operation begins. Answers who approved.
   */
  async check(method: Method, operation: Operation, caller: Caller): Promise<Actor | undefined> {
    const rule = ruleOf(method);
    if (rule.who === 'anyone') return undefined;
    const { actor, approval } = caller;
    if (!actor) throw new StationError('person.not-signed-in');
    if (!rule.who.includes(actor.role)) {
      throw new StationError('person.not-allowed', { role: actor.role, method, allowed: rule.who.join(', ') });
    }
    const { second } = rule;
    if (!second) return undefined;
    if (approval === undefined) throw new StationError('person.second-needed', { allowed: second.join(', ') });
    const { commits, audit, operators, approvals } = this.#need;
    return commits.commit(() => {
      const { approver, bound } = approvals.use(approval, operation, actor, second);
      const details = { method, operation: bound };
      const people = { actor: operators.commitment(actor), role: actor.role, approver: operators.commitment(approver) };
      audit.append({ action: 'approval.used', result: 'ok', ...people, details });
      return approver;
    });
  }

  /** Refused requests are entries too (docs/lessons.md 17). `params` were parsed, or are none. */
  async refused(method: string, actor: Actor | undefined, error: StationError, params?: unknown): Promise<void> {
    const { commits, audit, operators } = this.#need;
    const about = scans.has(method) && params !== undefined ? this.#aboutRun(params as Params<'run.start'>) : {};
    const who = actor ? { actor: operators.commitment(actor), role: actor.role } : {};
    await commits.commit(() =>
      audit.append({
        action: 'call.refused',
        result: 'refused',
        ...who,
        ...about,
        reason: error.code,
        details: { method: method.slice(0, 64) },
      }),
    );
  }

  /** The lane, and the unit if an order has it: what else was scanned is kept nowhere. */
  #aboutRun({ lane, serial }: Params<'run.start'>): Pick<Entry, 'lane' | 'unit'> {
    const known = this.#need.disclosures.find('serial', serial);
    return { lane, ...(known ? { unit: { serial: known.commitment } } : {}) };
  }
}
