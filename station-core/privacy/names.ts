import { erasedMark } from '../store/disclosure.ts';

/** A clear value, and what it is. */
export type NamedValue = { readonly label: string; readonly value: string };

/** Members of an event that the station itself fills: an order's name is nobody's, even where it reads like one. */
const fixed: ReadonlySet<string> = new Set([
  'type',
  'at',
  'order',
  'recipe',
  'step',
  'code',
  'plan',
  'outcome',
  'lane',
]);

/** A MAC is written in several ways (IEEE 802: hyphens; others: colons, none). */
const spellings = ({ label, value }: NamedValue): string[] =>
  label === 'mac' ? [value, value.replaceAll(':', '-'), value.replaceAll(':', '')] : [value];

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const longestWord = (text: string): string =>
  wordsOf(text).reduce((longest, word) => (word.length > longest.length ? word : longest), '');

/**
 * Finds names in free text: whole words in any case. A name shorter than `least` is looked for as a whole text alone, since "12" is
 * a name here and a number there.
 */
export class Names {
  readonly #whole: ReadonlySet<string>;
  readonly #within: RegExp | undefined;
  readonly #words: ReadonlySet<string>;

  constructor(values: readonly NamedValue[], least: number) {
    const all = values.flatMap(spellings);
    this.#whole = new Set(all.map((value) => value.toLowerCase()));
    // The longest first: a registration ID may hold a serial.
    const long = all
      .filter((value) => value.length >= least && longestWord(value) !== '')
      .sort((a, b) => b.length - a.length);
    this.#words = new Set(long.map(longestWord));
    this.#within =
      long.length === 0
        ? undefined
        : new RegExp(`(?<![\\p{L}\\p{N}])(?:${long.map(literal).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  }

  /** Whether a name stands in it; what has none of their words has no name, which spares thousands of comparisons a text. */
  mentionedIn(text: string): boolean {
    const some = wordsOf(text).some((word) => this.#words.has(word));
    return some ? this.without(text) !== text : this.#whole.has(text.toLowerCase());
  }

  /** The text with a mark where a name was. */
  without(text: string): string {
    if (this.#whole.has(text.toLowerCase())) return erasedMark;
    return this.#within === undefined ? text : text.replaceAll(this.#within, erasedMark);
  }

  /** The bytes of a JSON value with marks where its texts had names; the same bytes where they had none. What is no JSON is a text. */
  withoutJson(bytes: string): string {
    const value = jsonOf(bytes);
    if (value === undefined) return this.without(bytes);
    const cleared = this.#cleared(value);
    return cleared.changed ? JSON.stringify(cleared.value) : bytes;
  }

  #cleared(value: unknown): { readonly value: unknown; readonly changed: boolean } {
    if (typeof value === 'string') {
      const text = this.without(value);
      return { value: text, changed: text !== value };
    }
    if (typeof value !== 'object' || value === null) return { value, changed: false };
    const members = Object.entries(value).map(([name, member]) => {
      return [name, fixed.has(name) ? { value: member, changed: false } : this.#cleared(member)] as const;
    });
    const changed = members.some(([, member]) => member.changed);
    const parts = members.map(([name, member]) => [name, member.value] as const);
    return { value: Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts), changed };
  }
}
