import { type Line, said } from './line.ts';
import type { Counted, Place } from './tally.ts';
import { Tally } from './tally.ts';

/** Something that an auditor should look at. */
export type Exception = Place & {
  readonly action: string;
  readonly reason: string | undefined;
  readonly outcome: string | undefined;
  readonly lane: number | undefined;
  readonly run: number | undefined;
  readonly order: string | undefined;
  readonly unit: string | undefined;
  readonly actor: string | undefined;
  readonly role: string | undefined;
  readonly approver: string | undefined;
};

export type Exceptions = {
  readonly total: number;
  /** How many of each kind, complete: the action and, where there is one, the reason. */
  readonly kinds: readonly { readonly action: string; readonly reason: string; readonly times: number }[];
  /** The first of them, in the order of the log. */
  readonly listed: readonly Exception[];
  /** What two people agreed to, by the call. */
  readonly approvals: readonly Approval[];
};

export type Approval = {
  readonly method: string;
  readonly times: number;
  readonly askers: readonly Counted[];
  readonly approvers: readonly Counted[];
};

/** How many exceptions a report lists one by one. */
export const listedExceptions = 1_000;

/** Acts that went well and are out of the ordinary all the same. */
const notable: Readonly<Record<string, (line: Line) => boolean>> = {
  'clock.confirmed': () => true,
  'clock.jumped': () => true,
  'lane.released': () => true,
  'certificate.revoked': () => true,
  'unit.scrapped': () => true,
  'unit.released': () => true,
  'unit.reworked': () => true,
  'unit.replaced': () => true,
  'upload.discarded': () => true,
  'upload.replacing': () => true,
  'order.armed': (line) => said(line, 'armed') === 'accepted',
  'software.started': (line) => said(line, 'lastStop') === 'unclean',
  'audit.origin-begun': () => true,
  'privacy.erased': () => true,
  'privacy.erased-again': () => true,
};

export const isException = (line: Line): boolean => line.result !== 'ok' || (notable[line.action]?.(line) ?? false);

type Kept = { times: number; readonly askers: Tally; readonly approvers: Tally };

/** What was refused, failed or is out of the ordinary, and what a second person agreed to. */
export class ExceptionList {
  readonly #kinds = new Map<string, { readonly action: string; readonly reason: string; times: number }>();
  readonly #listed: Exception[] = [];
  readonly #approvals = new Map<string, Kept>();
  #total = 0;

  take(line: Line): void {
    if (line.action === 'approval.used') this.#agreed(line);
    if (!isException(line)) return;
    this.#total++;
    const { action } = line;
    const reason = kindOf(line);
    const kind = this.#kinds.get(`${action} ${reason}`) ?? { action, reason, times: 0 };
    kind.times++;
    this.#kinds.set(`${action} ${reason}`, kind);
    if (this.#listed.length < listedExceptions) this.#listed.push(exceptionOf(line));
  }

  all(): Exceptions {
    const kinds = [...this.#kinds.values()].sort(
      (a, b) => b.times - a.times || (`${a.action} ${a.reason}` < `${b.action} ${b.reason}` ? -1 : 1),
    );
    const approvals = [...this.#approvals].map(([method, { times, askers, approvers }]) => {
      return { method, times, askers: askers.sorted(), approvers: approvers.sorted() };
    });
    return { total: this.#total, kinds, listed: this.#listed, approvals };
  }

  #agreed(line: Line): void {
    const method = said(line, 'method') ?? 'unknown';
    const kept = this.#approvals.get(method) ?? { times: 0, askers: new Tally(), approvers: new Tally() };
    kept.times++;
    if (line.actor !== undefined) kept.askers.add(line.actor);
    if (line.approver !== undefined) kept.approvers.add(line.approver);
    this.#approvals.set(method, kept);
  }
}

const kindOf = (line: Line): string => line.reason ?? said(line, 'outcome') ?? said(line, 'state') ?? '';

function exceptionOf(line: Line): Exception {
  const { seq, at, action, reason, lane, run, order, unit, actor, role, approver } = line;
  const outcome = said(line, 'outcome') ?? said(line, 'state') ?? said(line, 'method');
  return { seq, at, action, reason, outcome, lane, run, order, unit: unit?.serial, actor, role, approver };
}
