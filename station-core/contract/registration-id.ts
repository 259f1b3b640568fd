import { StationError } from './errors.ts';

/** The longest registration ID (DPS identifiers). */
export const longestId = 128;

/** Answers the ID when DPS takes it: letters, digits, `-` `.` `_` `:`, not too long, ending in a letter, digit or `-` (F-01). */
export function checkId(id: string, longest = longestId): string {
  const rule = broken(id, longest);
  if (rule) throw new StationError('identity.invalid', { registrationId: id.slice(0, longestId + 1), rule });
  return id;
}

function broken(id: string, longest: number): string | undefined {
  if (id.length === 0) return 'it must not be empty';
  if (id.length > longest) return `it has ${id.length} characters, at most ${longest} are allowed`;
  if (!/^[A-Za-z0-9._:-]*$/.test(id)) return 'only letters, digits, dash, dot, underscore and colon are allowed';
  if (!/[A-Za-z0-9-]$/.test(id)) return 'it must end with a letter, a digit or a dash';
  return undefined;
}
