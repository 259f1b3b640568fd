// What tpm2_getcap of tpm2-tools 5 prints, read strictly: the values that are needed, each there once and in its form.
import { StationError } from '../../station-core/contract/errors.ts';
import { u32 } from '../tpm/marshal.ts';
import type { TpmDescription } from '../tpm/unit-tpm.ts';

const garbled = (place: string, expected: string): StationError =>
  new StationError('tpm.garbled', { command: 'TPM2_GetCapability', place, expected });

/** `tpm2_getcap handles-…`: a list of handles, which may be empty. */
export function readHandles(text: string): readonly number[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const handle = /^- (0x[0-9A-Fa-f]{1,8})$/.exec(line)?.[1];
    if (handle === undefined) throw garbled('a list of handles', 'a handle');
    return Number(handle);
  });
}

/** `tpm2_getcap properties-fixed` and `properties-variable` as what the TPM says of itself. Throws `tpm.version`, `tpm.garbled`. */
export function readDescription(fixed: string, variable: string): TpmDescription {
  const word = (property: string): number => rawOf(fixed, property);
  const family = textOf([word('FAMILY_INDICATOR')]);
  if (family !== '2.0') throw new StationError('tpm.version', { found: family });
  const vendor = [1, 2, 3, 4].map((number) => word(`VENDOR_STRING_${number}`));
  const firmware = [word('FIRMWARE_VERSION_1'), word('FIRMWARE_VERSION_2')];
  return {
    manufacturer: textOf([word('MANUFACTURER')]),
    vendor: textOf(vendor),
    firmware: firmware.flatMap((part) => [part >>> 16, part & 0xffff]).join('.'),
    ownerAuthSet: flagOf(variable, 'ownerAuthSet'),
    endorsementAuthSet: flagOf(variable, 'endorsementAuthSet'),
    lockoutAuthSet: flagOf(variable, 'lockoutAuthSet'),
    inLockout: flagOf(variable, 'inLockout'),
  };
}

/** The number behind a property of the TPM. */
function rawOf(text: string, property: string): number {
  const number = '(0x[0-9A-Fa-f]{1,8}|[0-9]{1,10})';
  const raw = only(text, new RegExp(`^TPM2_PT_${property}:\\n {2}raw: ${number}$`, 'gm'));
  if (raw === undefined) throw garbled(`TPM_PT_${property}`, 'its number, once');
  return Number(raw);
}

/** A flag of TPM_PT_PERMANENT. */
function flagOf(text: string, flag: string): boolean {
  const bit = only(text, new RegExp(`^ {2}${flag}: +([01])$`, 'gm'));
  if (bit === undefined) throw garbled(`TPM_PT_PERMANENT, ${flag}`, '0 or 1, once');
  return bit === '1';
}

function only(text: string, pattern: RegExp): string | undefined {
  const found = [...text.matchAll(pattern)];
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** Words of four characters each, without the zeros and blanks that fill them up. */
const textOf = (words: readonly number[]): string =>
  Buffer.concat(words.map((word) => u32(word >>> 0)))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
