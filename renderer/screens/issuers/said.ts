import type { IssuerView } from '../../../station-core/contract/ca.ts';
import type { Say } from '../../say.ts';
import { expiryOf } from './standing.ts';

/** Until when, in words; what is urgent says so. */
export function expirySaid({ notAfter }: Pick<IssuerView, 'notAfter'>, { t }: Say): string {
  const expiry = expiryOf(notAfter, Date.now());
  return expiry.level === 'none'
    ? t('issuers.expiry.none')
    : t(`issuers.expiry.${expiry.level}`, { count: expiry.days });
}

export function issuedSaid({ issued, quota }: Pick<IssuerView, 'issued' | 'quota'>, { t }: Say): string {
  return quota === undefined ? t('issuers.quota.without', { issued }) : t('issuers.quota.of', { issued, quota });
}
