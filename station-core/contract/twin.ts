import * as z from 'zod/mini';
import type { Json } from './canonical.ts';

// What a hub takes as a device twin (dps-reference 10.4: IoT Hub, quotas and throttling; device twins). DPS hands an initial twin
// to the hub when a device registers: one that the hub does not take would fail there, long after the unit has left.

const deepest = 10;
const longestKey = 1_024;
const longestValue = 4_096;

/** Words of credentials: a twin is read by whoever may read twins, and its tags by the solution (F-145: no secrets). */
const secretWords = /SharedAccessKey|SharedAccessSignature|AccountKey=|BEGIN [A-Z ]*PRIVATE KEY/i;

/** Bytes of UTF-8: one to four for each character. */
function bytes(text: string): number {
  let count = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}

type Rule = { readonly expected: string; readonly holds: (value: Json, key: string, depth: number) => boolean };

/** Words of credentials have no place anywhere in an enrollment's settings. */
const noSecrets: Rule = {
  expected: 'no keys, tokens or connection strings',
  holds: (value, key) => !secretWords.test(key) && !(typeof value === 'string' && secretWords.test(value)),
};

/** What every member of a twin must be, whatever stands above it. */
const twinRules: readonly Rule[] = [
  { expected: `at most ${deepest} levels`, holds: (_, __, depth) => depth <= deepest },
  { expected: `names of at most ${longestKey} bytes`, holds: (_, key) => bytes(key) <= longestKey },
  {
    expected: 'names without control characters, dots, $ and spaces',
    holds: (_, key) => !/[\p{Cc}.$ ]/u.test(key),
  },
  { expected: 'names of at least one character', holds: (_, key) => key !== '' },
  {
    expected: `texts of at most ${longestValue} bytes`,
    holds: (value) => typeof value !== 'string' || bytes(value) <= longestValue,
  },
  noSecrets,
];

/** The first rule that something in the object breaks, or nothing. Lists count as a level, as objects do. */
function broken(
  object: { readonly [name: string]: Json | undefined },
  rules: readonly Rule[],
  depth = 1,
): string | undefined {
  for (const [key, value = null] of Object.entries(object)) {
    const rule = rules.find(({ holds }) => !holds(value, key, depth));
    if (rule) return rule.expected;
    const below = typeof value === 'object' && value !== null ? broken(membersOf(value), rules, depth + 1) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

/** A list's items as members whose names break no rule. */
function membersOf(value: Extract<Json, object>): { readonly [name: string]: Json | undefined } {
  if (!isList(value)) return value;
  return Object.fromEntries(value.map((item, index) => [`item${index}`, item]));
}

const isList = (value: Extract<Json, object>): value is readonly Json[] => Array.isArray(value);

/** An open object of at most `most` bytes of JSON: the hub counts a little less, so that what passes here fits there. */
function collection(most: number, rules: readonly Rule[]) {
  return z.record(z.string(), z.json()).check(
    z.check<{ [name: string]: Json }>((payload) => {
      const size = bytes(JSON.stringify(payload.value));
      const expected = size > most ? `at most ${most} bytes of JSON` : broken(payload.value, rules);
      if (expected === undefined) return;
      payload.issues.push({ code: 'custom', message: expected, input: payload.value });
    }),
  );
}

/** A twin's tags: at most 8 KB. */
export const twinTags = collection(8 * 1_024, twinRules);
/** A twin's desired properties: at most 32 KB. */
export const desiredProperties = collection(32 * 1_024, twinRules);
/** What an enrollment is remembered with; devices and hubs never get it, so that their rules do not hold. */
export const freeInformation = collection(32 * 1_024, [noSecrets]);
