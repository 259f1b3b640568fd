// GS1 element strings: what barcodes of goods and assets say, application identifier by application identifier (AI).
// Lengths, kinds and the list of predefined lengths: GS1 General Specifications, sections 3.2 and 7.8.

/** Group separator: what scanners send for FNC1 between two elements. */
export const gs = '\u001d';

/** What the value behind an AI may be: how many characters, and of which kind; `check`: its last digit is a check digit. */
type Rule = { readonly least: number; readonly most: number; readonly digits: number; readonly check?: true };

const fixed = (length: number): Rule => ({ least: length, most: length, digits: length });
const checked = (length: number): Rule => ({ ...fixed(length), check: true });
/** Up to so many characters, of which the first ones are digits. */
const text = (most: number, digits = 0): Rule => ({ least: Math.max(1, digits), most, digits });
const number = (most: number): Rule => ({ least: 1, most, digits: most });

/** AI by AI; `n` stands for one digit more that says where the decimal point is. */
const rules: Readonly<Record<string, Rule>> = {
  '00': checked(18),
  '01': checked(14),
  '02': checked(14),
  '10': text(20),
  '11': fixed(6),
  '12': fixed(6),
  '13': fixed(6),
  '15': fixed(6),
  '16': fixed(6),
  '17': fixed(6),
  '20': fixed(2),
  '21': text(20),
  '22': text(20),
  '235': text(28),
  '240': text(30),
  '241': text(30),
  '242': number(6),
  '243': text(20),
  '250': text(30),
  '251': text(30),
  '253': text(30, 13),
  '254': text(20),
  '255': { least: 13, most: 25, digits: 25 },
  '30': number(8),
  '37': number(8),
  '400': text(30),
  '401': text(30),
  '402': checked(17),
  '403': text(30),
  '410': checked(13),
  '411': checked(13),
  '412': checked(13),
  '413': checked(13),
  '414': checked(13),
  '415': checked(13),
  '416': checked(13),
  '417': checked(13),
  '420': text(20),
  '421': text(12, 3),
  '422': fixed(3),
  '7001': fixed(13),
  '7002': text(30),
  '7003': fixed(10),
  '8001': fixed(14),
  '8002': text(20),
  '8003': text(30, 14),
  '8004': text(30),
  '8005': fixed(6),
  '8006': fixed(18),
  '8007': text(34),
  '8008': { least: 8, most: 12, digits: 12 },
  '8010': text(30),
  '8011': number(12),
  '8012': text(20),
  '8013': text(25),
  '8017': checked(18),
  '8018': checked(18),
  '8019': number(10),
  '8020': text(25),
  '8200': text(70),
  '90': text(30),
  ...Object.fromEntries(['91', '92', '93', '94', '95', '96', '97', '98', '99'].map((ai) => [ai, text(90)])),
};

/** Measures (310n to 369n) have six digits; amounts (390n, 392n) up to fifteen. */
const measures: readonly (readonly [RegExp, Rule])[] = [
  [/^3[1-6]\d\d$/, fixed(6)],
  [/^39[02]\d$/, number(15)],
  [/^39[13]\d$/, { least: 4, most: 18, digits: 18 }],
];

/** AIs whose length is predefined, by their first two digits: no separator has to follow them. */
const predefined: ReadonlySet<string> = new Set(
  '00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41'.split(' '),
);

/** The 82 characters that texts are made of (GS1 General Specifications, figure 7.11-1). */
const allowed = /^[!-"%-?A-Z_a-z]*$/;

export type Element = { readonly ai: string; readonly value: string };

/**
 * The elements of a string without its symbology identifier, in order; none when it is no whole element string: an AI that is
 * not known, a value of another form, a wrong check digit.
 */
export function elementsOf(string: string): readonly Element[] | undefined {
  const elements: Element[] = [];
  let rest = string.startsWith(gs) ? string.slice(1) : string;
  while (rest !== '') {
    const found = aiOf(rest);
    if (!found) return undefined;
    const { ai, rule } = found;
    const behind = rest.slice(ai.length);
    const end = predefined.has(ai.slice(0, 2)) ? rule.most : endOf(behind);
    const value = behind.slice(0, end);
    if (!fits(value, rule)) return undefined;
    elements.push({ ai, value });
    rest = behind.slice(end);
    if (rest.startsWith(gs)) rest = rest.slice(1);
  }
  return elements.length > 0 ? elements : undefined;
}

function aiOf(text: string): { readonly ai: string; readonly rule: Rule } | undefined {
  for (const length of [2, 3, 4]) {
    const ai = text.slice(0, length);
    if (ai.length < length) return undefined;
    const rule = Object.hasOwn(rules, ai) ? rules[ai] : measures.find(([form]) => form.test(ai))?.[1];
    if (rule) return { ai, rule };
  }
  return undefined;
}

function endOf(text: string): number {
  const at = text.indexOf(gs);
  return at < 0 ? text.length : at;
}

function fits(value: string, { least, most, digits, check }: Rule): boolean {
  if (value.length < least || value.length > most || !allowed.test(value)) return false;
  if (!/^\d*$/.test(value.slice(0, digits))) return false;
  return check !== true || isMod10(value);
}

/** Whether the last digit is the check digit of those before it: weights 3 and 1 from the right (section 7.9). */
export function isMod10(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}
