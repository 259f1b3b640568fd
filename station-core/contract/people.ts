import * as z from 'zod/mini';
import { type Role, roles } from './record.ts';

// People: what a lead sees of them, what their badges say, and which PINs are taken.

/** The languages that screens speak. */
export const languages = ['en', 'de', 'zh', 'es'] as const;
export type Language = (typeof languages)[number];

const name = z.string().check(z.minLength(1), z.maxLength(80));
const pin = z.string().check(z.minLength(4), z.maxLength(64));

/** `name` is a name or what a badge says; `newPin` takes the place of the PIN, or of a one-time code. */
export const signInSchema = z.strictObject({ name, pin, newPin: z.exactOptional(pin) });
export const personSchema = z.strictObject({ name });
export const addSchema = z.strictObject({ name, role: z.enum(roles) });
export const badgeSchema = z.strictObject({ name, badge: z.string().check(z.minLength(4), z.maxLength(80)) });
export const preferSchema = z.strictObject({ language: z.enum(languages) });

/** `invited`: a one-time code waits for its person. `left`: signs in no more, and is kept until the erasure. */
export const personStates = ['active', 'locked', 'invited', 'left'] as const;
export type PersonState = (typeof personStates)[number];

export type PersonView = {
  readonly name: string;
  readonly role: Role;
  readonly state: PersonState;
  readonly language?: Language;
  /** What this person's badge of the station says. */
  readonly badge: string;
  /** Another badge that names this person. */
  readonly otherBadge?: string;
  /** Until when the one-time code of somebody invited is good, ISO 8601. */
  readonly codeUntil?: string;
};

/** A person who chooses a PIN at the first sign-in, with a code that is told this once. */
export type Invited = {
  readonly name: string;
  readonly role: Role;
  readonly code?: string;
  /** ISO 8601. */
  readonly until?: string;
};

/** Why a session ended without its person asking for it. `changed`: the role or the PIN is another one now. */
export type SessionEnd = 'idle' | 'left' | 'locked' | 'changed';

/** Scanners may say first what kind of code it is, `]` and two characters (ISO/IEC 15424); some type with Caps Lock. */
const badgeForm = /^(?:\][A-Za-z][0-9A-Za-z])?BM-P-(\d{1,9})-(\d{2})$/i;

/** Two check digits by ISO/IEC 7064, MOD 97-10: they find every single wrong digit and every two that changed places. */
const checkOf = (number: number): string => String(98 - ((number * 100) % 97)).padStart(2, '0');

/** What a person's badge says: it names the person, and opens nothing. */
export const badgeText = (number: number): string => `BM-P-${number}-${checkOf(number)}`;

/** Whether a text looks like a badge of a station, right or wrong. */
export const looksLikeBadge = (text: string): boolean => /^(?:\][A-Za-z][0-9A-Za-z])?BM-P-/i.test(text);

/** The number on a badge; none of a text that is no badge or was not read right. */
export function readBadge(text: string): number | undefined {
  const [, number = '', check] = badgeForm.exec(text) ?? [];
  return number !== '' && checkOf(Number(number)) === check ? Number(number) : undefined;
}

export const shortestPin = 6;

/** Why a PIN that somebody chooses is not taken. The one before is known to the station alone. */
export type PinWeakness = 'short' | 'same' | 'run' | 'name';

/** What is wrong with a new PIN; nothing with a good one. Screens tell it while it is typed, and the station judges. */
export function weaknessOf(newPin: string, person: string): PinWeakness | undefined {
  const characters = [...newPin];
  if (characters.length < shortestPin) return 'short';
  if (characters.every((one) => one === characters[0])) return 'same';
  if (isRun(characters, 1) || isRun(characters, -1)) return 'run';
  return saysName(newPin, person) ? 'name' : undefined;
}

/** 123456, 654321, abcdef; after 9 comes 0. */
function isRun(characters: readonly string[], step: 1 | -1): boolean {
  return characters.every((one, index) => {
    const before = characters[index - 1];
    if (before === undefined) return true;
    const digits = /^\d\d$/.test(before + one);
    if (digits) return Number(one) === (Number(before) + step + 10) % 10;
    return (one.codePointAt(0) ?? 0) === (before.codePointAt(0) ?? 0) + step;
  });
}

const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

function saysName(newPin: string, person: string): boolean {
  const said = lettersOf(newPin);
  return [person, ...person.split(/\s+/)].some((one) => lettersOf(one) === said);
}
