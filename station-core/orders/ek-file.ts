import * as z from 'zod/mini';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { readColumns } from './csv.ts';

/** One endorsement key of a TPM maker's list, as it was written, and where it stands. */
export type ListedKey = {
  readonly place: string;
  /** Base64 of the TPM2B_PUBLIC. */
  readonly endorsementKey: string;
  /** PEM, or base64 of the DER. */
  readonly certificate?: string;
  readonly registrationId?: string;
};

const columns = ['endorsementKey', 'certificate', 'registrationId'] as const;
const cell = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const keySchema = z.looseObject({
  endorsementKey: cell(2_048),
  certificate: z.exactOptional(cell(16_384)),
  registrationId: z.exactOptional(cell(128)),
});
const listSchema = z.array(keySchema).check(z.minLength(1), z.maxLength(100_000));

/**
 * Reads a TPM maker's list of endorsement keys (F-102) as CSV with the columns endorsementKey, certificate and registrationId, or
 * as a JSON list of objects with these members. The first is needed. Throws `input.invalid` with the first place that does not fit.
 */
export function readEkFile(text: string, name: string): readonly ListedKey[] {
  return text.trimStart().startsWith('[') ? fromJson(text, name) : fromCsv(text, name);
}

function fromJson(text: string, name: string): readonly ListedKey[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StationError('input.invalid', { place: name, expected: 'JSON', found: 'something else' }, { cause });
  }
  return parse(listSchema, json, name).map(({ endorsementKey, certificate, registrationId }, index) => ({
    place: `${name}, entry ${index + 1}`,
    endorsementKey,
    ...(certificate === undefined ? {} : { certificate }),
    ...(registrationId === undefined ? {} : { registrationId }),
  }));
}

function fromCsv(text: string, name: string): readonly ListedKey[] {
  return readColumns(text, name, columns).map(({ place, cells: { endorsementKey, ...rest } }) => {
    if (endorsementKey !== undefined) return { place, endorsementKey, ...rest };
    const expected = 'base64 of a TPM2B_PUBLIC';
    throw new StationError('input.invalid', { place: `${place}, endorsementKey`, expected, found: 'nothing' });
  });
}
