import type { ErrorData } from '../contract/errors.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { Sent, Target } from '../sync/targets/target.ts';
import type { Applier } from './applier.ts';

/**
 * A target whose rows came in bundles. What a row carries is in its bundle, not in a credential of this database, and the row of an
 * expired bundle is not sent: its station may be sending it by now.
 */
export class BundledTarget implements Target {
  readonly name: string;
  readonly batch: number;
  readonly abreast: number;
  readonly #target: Target;
  readonly #applier: Pick<Applier, 'asCarried' | 'isLate'>;

  constructor(target: Target, applier: Pick<Applier, 'asCarried' | 'isLate'>) {
    this.name = target.name;
    this.batch = target.batch;
    this.abreast = target.abreast;
    this.#target = target;
    this.#applier = applier;
  }

  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#target.reachable(signal);
  }

  async send(rows: readonly OutboxRow[], signal: AbortSignal, sent: Sent): Promise<void> {
    const due: OutboxRow[] = [];
    for (const row of rows) {
      if (this.#applier.isLate(row.id)) sent.fates.set(row.id, { park: late });
      else due.push(await this.#applier.asCarried(row));
    }
    if (due.length > 0) await this.#target.send(due, signal, sent);
  }
}

const late: ErrorData = { code: 'bundle.expired', details: { sequence: '?', at: 'while it was being sent' } };
