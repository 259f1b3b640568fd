import type { AuditAction } from '../../../station-core/contract/audit-actions.ts';
import type { Named } from '../../../station-core/contract/audit-search.ts';
import { type Role, roles } from '../../../station-core/contract/record.ts';
import { acts } from '../../messages/en/acts.ts';
import { audit } from '../../messages/en/audit.ts';
import type { Say } from '../../say.ts';

// Words of the audit trail in the person's language. What a newer station writes stays as it is written.

/** Every action that can be asked for, in the order of the table of actions. */
export const actions: readonly AuditAction[] = Object.entries(acts).flatMap(([group, members]) =>
  Object.keys(members).map((name) => `${group}.${name}` as AuditAction),
);

const isAction = (action: string): action is AuditAction => (actions as readonly string[]).includes(action);

export const actSaid = ({ t }: Say, action: string): string => (isAction(action) ? t(`acts.${action}`) : action);

export const resultSaid = ({ t }: Say, result: string): string =>
  Object.hasOwn(audit.results, result) ? t(`audit.results.${result as keyof typeof audit.results}`) : result;

export const isRole = (role: unknown): role is Role => (roles as readonly unknown[]).includes(role);

/** A person as far as whoever looks may see: the name, else the role, else that there is somebody. */
export function whoSaid({ t }: Say, who: Named | undefined, role: string | undefined): string {
  if (who?.name !== undefined) return who.name;
  if (isRole(role)) return t(`frame.roles.${role}`);
  return who ? t('audit.entry.hidden') : '–';
}
