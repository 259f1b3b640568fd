import { StationError } from '../contract/errors.ts';

/** What templates may speak of, by the words that they use: `serial`, `registrationId`, `mac`, `order`, `recipe`, `date`, and facts of the order. */
export type LabelValues = { readonly [word: string]: string };

/** What is known of a unit whose label is printed. */
type Known = {
  readonly serial: string;
  readonly registrationId: string | null;
  readonly mac: string | null;
  readonly orderName: string;
  readonly recipe: { readonly name: string };
  readonly facts: { readonly [name: string]: string };
  /** ISO 8601. */
  readonly finishedAt: string | null;
};

/** The values of a unit's record. The station's own words win over facts of the same name; `date` is the day, in UTC, on which it passed. */
export function valuesOf({ serial, registrationId, mac, orderName, recipe, facts, finishedAt }: Known): LabelValues {
  return {
    ...facts,
    serial,
    ...(registrationId === null ? {} : { registrationId }),
    ...(mac === null ? {} : { mac }),
    order: orderName,
    recipe: recipe.name,
    ...(finishedAt === null ? {} : { date: finishedAt.slice(0, 10) }),
  };
}

const words = /\{([^{}]*)\}/g;

/** Values for a label that is nobody's: words that a template uses beyond the station's own stand for themselves. */
export function sampleValues(values: readonly string[], date: string): LabelValues {
  const used = values.flatMap((value) => [...value.matchAll(words)].map(([, word]) => word ?? ''));
  return {
    ...Object.fromEntries(used.map((word) => [word, word.toUpperCase()])),
    serial: 'TEST-0001',
    registrationId: 'test-0001',
    mac: '02:00:00:00:00:01',
    order: 'TEST',
    recipe: 'test',
    date: date.slice(0, 10),
  };
}

/**
 * Fills the words of one value, once: braces that a value brings stay what they are. Throws `label.cannot` for a word without a
 * value, and for control characters, which no label can show and no code should carry.
 */
export function fillValue(value: string, values: LabelValues, what: string): string {
  const filled = value.replace(words, (_, word: string) => {
    const found = Object.hasOwn(values, word) ? values[word] : undefined;
    if (found === undefined || found === '') throw cannot(what, `nothing is known for {${word.slice(0, 40)}}`);
    return found;
  });
  if (/\p{Cc}/u.test(filled)) throw cannot(what, 'a control character is in it');
  return filled.toWellFormed();
}

/** `what` is the element, never its content, which may name a unit. */
export const cannot = (what: string, reason: string): StationError =>
  new StationError('label.cannot', { what, reason });
