import type { AuditAction } from '../../../station-core/contract/audit-actions.ts';
import type { SearchRequest } from '../../../station-core/contract/audit-search.ts';

/** What a person looks for: everything of a request but its place in the log. */
export type Asked = Omit<SearchRequest, 'before' | 'limit'>;

/** What was filled in, before anything was. */
export const nothing = { unit: '', person: '', order: '', action: '', from: '', to: '' };
export type Given = typeof nothing;

/** What was filled in; times of this computer's calendar as the log writes them. */
export function askedOf({ unit, person, order, action, from, to }: Given): Asked {
  const text = (name: string, value: string) => (value.trim() === '' ? {} : { [name]: value.trim() });
  const time = (name: string, value: string) => (value === '' ? {} : { [name]: new Date(value).toISOString() });
  return {
    ...text('unit', unit),
    ...text('person', person),
    ...text('order', order),
    ...(action === '' ? {} : { action: action as AuditAction }),
    ...time('from', from),
    ...time('to', to),
  };
}
