import { StationError } from '../../station-core/contract/errors.ts';

/**
 * A group key as a person pastes it: strict standard base64 (RFC 4648 section 4) with its padding, of 16 to 64 bytes (F-21).
 * No white space, no URL alphabet, no stray bits: a key that lost or changed a character must not become another key.
 * Throws `input.invalid` without quoting it. The caller zeroes the answer.
 */
export function parseGroupKey(text: string): Buffer {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw invalid('standard base64 with padding and without white space', `${text.length} characters that are not`);
  }
  const bytes = Buffer.from(text, 'base64');
  // RFC 4648 section 3.5: the unused bits of the last character must be zero, or several texts would mean one key.
  const canonical = bytes.toString('base64') === text;
  const fits = bytes.length >= 16 && bytes.length <= 64;
  if (canonical && fits) return bytes;
  bytes.fill(0);
  if (!canonical) throw invalid('base64 whose last character has no stray bits', 'stray bits');
  throw invalid('a key of 16 to 64 bytes', `${bytes.length} bytes`);
}

function invalid(expected: string, found: string): StationError {
  return new StationError('input.invalid', { place: 'group key', expected, found });
}
