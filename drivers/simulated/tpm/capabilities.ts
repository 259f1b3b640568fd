// TPM2_GetCapability (part 3, 30.2): properties and handles.
import { capabilities, commands, handles, permanent, properties } from '../../tpm/constants.ts';
import { u8, u32 } from '../../tpm/marshal.ts';
import { type Chip, limits } from './chip.ts';
import { handleTypes, ofParameter, Refusal, rc, typeOf } from './codes.ts';
import type { Answer, Call, Command } from './command.ts';
import { nvBufferMax } from './nv.ts';

const word = (text: string): number => Buffer.from(text.padEnd(4, '\0'), 'latin1').readUInt32BE(0);

/** What it says of itself; four words of four characters are all the room for a vendor's string (part 2, 6.13). */
export const maker = {
  manufacturer: 'BMPT',
  vendor: ['prac', 'tice', ' TPM', ''],
  firmware: [0x0001_0000, 0],
} as const;

/** TPM_PT of the fixed group. */
const fixed: readonly (readonly [property: number, value: number])[] = [
  [properties.familyIndicator, word('2.0')],
  [0x101, 0], // level
  [properties.revision, 159],
  [0x103, 312], // day of the year, and year, of the specification: 8 November 2019
  [0x104, 2019],
  [properties.manufacturer, word(maker.manufacturer)],
  ...maker.vendor.map((text, at) => [properties.vendorString1 + at, word(text)] as const),
  [0x10a, 0], // vendor's type
  [properties.firmwareVersion1, maker.firmware[0]],
  [properties.firmwareVersion2, maker.firmware[1]],
  [0x10d, 1_024], // input buffer
  [0x10e, limits.objects],
  [0x10f, limits.persistent],
  [0x110, limits.sessions],
  [0x111, limits.sessionHandles],
  [0x112, 0], // PCRs
  [0x117, 2_048], // longest NV index
  [0x11e, 4_096], // longest command
  [0x11f, 4_096], // longest response
  [0x120, 64], // longest digest
  [properties.nvBufferMax, nvBufferMax],
];

/** TPMA_STARTUP_CLEAR (part 2, 8.7): owner and endorsement hierarchy are enabled, and the platform's NV indices; the platform is not. */
const startupClear = 0b1110;
/** TPMA_PERMANENT.disableClear: there is no TPM2_Clear here. */
const disableClear = 1 << 8;

/** TPM_PT of the group that changes. */
function varying(chip: Chip): readonly (readonly [property: number, value: number])[] {
  const { auths, nv, persistent } = chip.kept;
  const bit = (set: boolean, value: number): number => (set ? value : 0);
  const bits =
    bit(auths.owner.length > 0, permanent.ownerAuthSet) |
    bit(auths.endorsement.length > 0, permanent.endorsementAuthSet) |
    bit(auths.lockout.length > 0, permanent.lockoutAuthSet) |
    bit(chip.inLockout, permanent.inLockout);
  return [
    [properties.permanent, bits | disableClear],
    [0x201, startupClear],
    [0x202, nv.size],
    [0x203, chip.sessions.size],
    [0x204, limits.sessions - chip.sessions.size],
    [0x205, chip.sessions.size],
    [0x206, limits.sessionHandles - chip.sessions.size],
    [0x207, limits.objects - chip.objects.size],
    [0x208, persistent.size],
    [0x209, limits.persistent - persistent.size],
    [0x20e, chip.failedTries],
    [0x20f, limits.tries],
    [0x210, limits.recoverySeconds],
    [0x211, 0], // lockout recovery: at the next reset
  ];
}

/** Handles by their type, which the top byte of the first handle asked for names (part 3, 30.2.1). */
function handlesOf(chip: Chip, type: number): readonly number[] | undefined {
  switch (type) {
    case handleTypes.nv:
      return [...chip.kept.nv.keys()];
    // Asked by 02, sessions that are loaded are told with their own types; by 03, those that were saved: never any.
    case handleTypes.hmacSession:
      return [...chip.sessions.keys()];
    case handleTypes.policySession:
    case handleTypes.pcr:
      return [];
    case handleTypes.permanent:
      return [handles.owner, handles.null, handles.password, handles.lockout, handles.endorsement, handles.platform];
    case handleTypes.transient:
      return [...chip.objects.keys()];
    case handleTypes.persistent:
      return [...chip.kept.persistent.keys()];
    default:
      return undefined;
  }
}

/** Entries of one response (part 2, 10.9: lists of 1,024 bytes). */
const mostProperties = 127;
const mostHandles = 254;

function page(capability: number, entries: readonly Buffer[], count: number): Answer {
  const told = entries.slice(0, count);
  const more = u8(entries.length > told.length ? 1 : 0);
  return { parameters: Buffer.concat([more, u32(capability), u32(told.length), ...told]) };
}

function getCapability({ chip, input }: Call): Answer {
  const capability = input.parameter(1, () => input.u32());
  const isKnown = capability === capabilities.handles || capability === capabilities.tpmProperties;
  if (!isKnown) throw new Refusal(ofParameter(1)(rc.value));
  const from = input.parameter(2, () => input.u32());
  const count = input.parameter(3, () => input.u32());
  input.end();
  if (capability === capabilities.tpmProperties) {
    // One group at a time: its name is the second byte from the end.
    const group = from < properties.permanent ? fixed : varying(chip);
    const found = group.filter(([property]) => property >= from);
    const entries = found.map(([property, value]) => Buffer.concat([u32(property), u32(value >>> 0)]));
    return page(capability, entries, Math.min(count, mostProperties));
  }
  const found = handlesOf(chip, typeOf(from));
  if (!found) throw new Refusal(ofParameter(2)(rc.handle));
  const within = found.filter((handle) => (handle & 0xff_ffff) >= (from & 0xff_ffff)).sort((a, b) => a - b);
  return page(capability, within.map(u32), Math.min(count, mostHandles));
}

/** What a TPM in failure mode still tells: its maker and its firmware, one at a time (part 1, 12.4; part 3, 30.2.1). */
export function tellInFailure(from: number, count: number): Buffer {
  const { manufacturer, firmwareVersion2 } = properties;
  const property = Math.max(from, manufacturer);
  const [entry] = fixed.filter(([one]) => one >= property && one <= firmwareVersion2);
  const entries = entry && count > 0 ? [Buffer.concat([u32(entry[0]), u32(entry[1])])] : [];
  const more = u8(property < firmwareVersion2 ? 1 : 0);
  return Buffer.concat([more, u32(capabilities.tpmProperties), u32(entries.length), ...entries]);
}

export const capabilityCommands: readonly Command[] = [
  {
    code: commands.GetCapability,
    handles: [],
    sessions: true,
    encryptable: { command: false, response: false },
    run: getCapability,
  },
];
