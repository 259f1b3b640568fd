// Numbers that the station's driver has no use for (TPM 2.0 Library Specification, part 2), and how a command is refused.

/** TPM_RC (part 2, 6.6.3): what is below 0x100 and has bit 7 is format one. */
export const rc = {
  badTag: 0x01e,
  initialize: 0x100,
  failure: 0x101,
  authType: 0x124,
  authMissing: 0x125,
  authUnavailable: 0x12f,
  commandSize: 0x142,
  commandCode: 0x143,
  authSize: 0x144,
  authContext: 0x145,
  nvRange: 0x146,
  nvAuthorization: 0x149,
  nvUninitialized: 0x14a,
  nvSpace: 0x14b,
  nvDefined: 0x14c,
  cpHash: 0x151,
  objectMemory: 0x902,
  sessionMemory: 0x903,
  referenceH0: 0x910,
  referenceS0: 0x918,
  lockout: 0x921,
  retry: 0x922,
  attributes: 0x082,
  hash: 0x083,
  value: 0x084,
  hierarchy: 0x085,
  mode: 0x089,
  type: 0x08a,
  handle: 0x08b,
  kdf: 0x08c,
  range: 0x08d,
  authFail: 0x08e,
  nonce: 0x08f,
  scheme: 0x092,
  size: 0x095,
  symmetric: 0x096,
  insufficient: 0x09a,
  key: 0x09c,
  policyFail: 0x09d,
  integrity: 0x09f,
  reservedBits: 0x0a1,
  badAuth: 0x0a2,
  expired: 0x0a3,
  curve: 0x0a6,
  eccPoint: 0x0a7,
} as const;
export type ReturnCode = (typeof rc)[keyof typeof rc];

/** TPM_ST of tickets (part 2, 6.9). */
export const ticketTags = { creation: 0x8021, authSecret: 0x8023 } as const;

/** TPM_CC beyond those that the driver sends (part 2, 6.5.2). */
export const furtherCommands = { EvictControl: 0x0120, Startup: 0x0144 } as const;

/** TPM_HT, the top byte of a handle (part 2, 7.2). */
export const handleTypes = {
  pcr: 0x00,
  nv: 0x01,
  hmacSession: 0x02,
  policySession: 0x03,
  permanent: 0x40,
  transient: 0x80,
  persistent: 0x81,
} as const;
export const typeOf = (handle: number): number => handle >>> 24;

/** Ends a command with a return code. Never leaves `execute`. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`refused with 0x${code.toString(16)}`);
    this.code = code;
  }
}

export function refuse(code: ReturnCode): never {
  throw new Refusal(code);
}

/** Format one leaves room for whom the code is about (part 2, table 15); other codes stay as they are. */
const about = (place: number) => (code: number) => ((code & 0x80) === 0 ? code : code | place);
/** Numbers begin with 1. */
export const ofParameter = (number: number) => about(0x40 | (number << 8));
export const ofHandle = (number: number) => about(number << 8);
export const ofSession = (number: number) => about(0x800 | (number << 8));

/** Lets what `act` refuses be about something. */
export function blaming<T>(place: (code: number) => number, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw thrown instanceof Refusal ? new Refusal(place(thrown.code)) : thrown;
  }
}
