import { StationError } from '../contract/errors.ts';
import { readColumns } from './csv.ts';

/** A certificate of a vendor's list and where it stands: PEM or base64 of its DER, as it was written. */
export type ListedCertificate = { readonly place: string; readonly text: string };

/**
 * Reads a vendor's list of pre-loaded secure elements (F-69) as CSV: a header with the column `certificate`, PEM in quotes or
 * base64 of the DER. Throws `input.invalid` with the first line that does not fit.
 */
export function readVendorCsv(text: string, name: string): readonly ListedCertificate[] {
  return readColumns(text, name, ['certificate']).map(({ place, cells: { certificate } }) => {
    if (certificate !== undefined) return { place: `${place}, certificate`, text: certificate };
    const expected = 'PEM, or base64 of the DER';
    throw new StationError('input.invalid', { place: `${place}, certificate`, expected, found: 'nothing' });
  });
}
