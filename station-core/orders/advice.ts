import type { QuarantineAdvice, QuarantinedUnit } from '../contract/orders.ts';
import type { Quarantined } from '../store/quarantine.ts';

/**
 * What to do about a unit in quarantine. Running it again is safe, since it answers the same operation id with the same result
 * (docs/design.md, One run, as data); one that did not pass then, either, is a lead's.
 */
export function adviceOn({ orderState, tries }: Pick<Quarantined, 'orderState' | 'tries'>): QuarantineAdvice {
  if (orderState === 'closed') return 'reopen-order';
  return tries === 0 ? 'scan-again' : 'call-lead';
}

/** A unit in quarantine as people see it. */
export function advised({ orderState, ...unit }: Quarantined): QuarantinedUnit {
  return { ...unit, advice: adviceOn({ orderState, tries: unit.tries }) };
}
