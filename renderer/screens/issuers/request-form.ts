import type { Params } from '../../../station-core/contract/api.ts';
import type { CertificateKeyAlgorithm } from '../../../station-core/contract/profile.ts';

export type Form = {
  readonly name: string;
  readonly algorithm: CertificateKeyAlgorithm;
  readonly CN: string;
  readonly O: string;
  readonly OU: string;
  readonly C: string;
  readonly quota: string;
};

export const emptyForm: Form = { name: '', algorithm: 'p256', CN: '', O: '', OU: '', C: '', quota: '' };

/** Which fields cannot be as they are; the station's own schema decides all the same. */
export function wrongIn({ name, CN, C, quota }: Form): ReadonlySet<'name' | 'CN' | 'C' | 'quota'> {
  const wrong = new Set<'name' | 'CN' | 'C' | 'quota'>();
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) wrong.add('name');
  if (CN === '' || CN.length > 64) wrong.add('CN');
  if (C !== '' && !/^[A-Z]{2}$/.test(C)) wrong.add('C');
  if (quota !== '' && !isQuota(quota)) wrong.add('quota');
  return wrong;
}

/** What the call takes: what was left empty is left out. */
export function beginOf({ name, algorithm, CN, O, OU, C, quota }: Form): Params<'ca.begin'> {
  const given = Object.fromEntries(Object.entries({ C, O, OU }).filter(([, value]) => value !== ''));
  return { name, algorithm, subject: { CN, ...given }, ...(quota === '' ? {} : { quota: Number(quota) }) };
}

/** Whether a text is a quota that the station takes (contract/ca.ts). */
export const isQuota = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text) && Number(text) <= 100_000_000;
