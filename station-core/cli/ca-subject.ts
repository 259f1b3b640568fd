import type { Params } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';

type Subject = Params<'ca.begin'>['subject'];

const types: readonly string[] = ['CN', 'O', 'OU', 'C'] satisfies (keyof Subject)[];

/** `CN=Line 3,O=Contoso`: parts between commas, a comma inside of one as `\,` (RFC 4514). Throws `input.invalid`. */
export function parseSubject(text: string): Subject {
  const subject: Record<string, string> = {};
  for (const part of text.match(/(?:\\.|[^,\\])+/g) ?? []) {
    const [, type = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    const known = type.toUpperCase();
    if (!types.includes(known) || value === '' || Object.hasOwn(subject, known)) throw wrong(part);
    subject[known] = value.replace(/\\(.)/gs, '$1');
  }
  const { CN, ...rest } = subject;
  if (CN === undefined) throw wrong('no CN');
  return { CN, ...rest };
}

const wrong = (found: string): StationError =>
  new StationError('input.invalid', {
    place: '--subject',
    expected: 'CN=name, then perhaps O=, OU= and C=, each once (a comma inside of a value as \\,)',
    found: found.trim().slice(0, 60),
  });
