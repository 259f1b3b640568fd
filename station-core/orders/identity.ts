import { StationError } from '../contract/errors.ts';
import { fill, type TemplateValues } from '../contract/template.ts';

/** The longest registration ID (DPS identifiers); with X.509 it is the CN and has 64 at most (F-02). */
export const longestId = 128;

/**
 * The registration ID of a unit: the order's template filled, folded to lower case once, here, before any derivation
 * (DPS ignores case, an HMAC does not; F-04). Throws `identity.invalid` naming the rule that it breaks (F-01).
 */
export function registrationIdOf(template: string, unit: TemplateValues): string {
  return checkId(fill(template, unit).toLowerCase());
}

/** Answers the ID when DPS takes it: letters, digits, `-` `.` `_` `:`, at most 128, ending in a letter, digit or `-`. */
export function checkId(id: string): string {
  const rule = broken(id);
  if (rule) throw new StationError('identity.invalid', { registrationId: id.slice(0, longestId + 1), rule });
  return id;
}

function broken(id: string): string | undefined {
  if (id.length === 0) return 'it must not be empty';
  if (id.length > longestId) return `it has ${id.length} characters, at most ${longestId} are allowed`;
  if (!/^[A-Za-z0-9._:-]*$/.test(id)) return 'only letters, digits, dash, dot, underscore and colon are allowed';
  if (!/[A-Za-z0-9-]$/.test(id)) return 'it must end with a letter, a digit or a dash';
  return undefined;
}

/** Six bytes of a MAC as upper-case hex with colons, whatever separator it was written with. */
export function normalMac(mac: string): string {
  return mac.toUpperCase().replaceAll('-', ':');
}
