// Code 128 as a ZPL printer is told it. Without a mode, `>` in the field's data begins an invocation: which code set follows, or `>0`
// for a `>` of the data (Zebra, ZPL II Programming Guide, ^BC, "Code 128 Invocation Characters"). Printers that choose the sets by
// themselves differ in how they take a `>`, so the sets are chosen here.

const startB = '>:';
const startC = '>;';
const toB = '>6';
/** Digits in pairs are half as wide; for fewer the switch costs what it saves. */
const fewestDigits = 4;

/** The field's data for a text of printable ASCII. */
export function code128Field(text: string): string {
  if (!inPairs(text)) return startB + text.replaceAll('>', '>0');
  if (text.length % 2 === 0) return startC + text;
  return startC + text.slice(0, -1) + toB + text.slice(-1);
}

/** How wide that is, in modules: eleven for every character, start and check character too, and thirteen for the stop. */
export function code128Width(text: string): number {
  const characters = inPairs(text) ? (text.length % 2 === 0 ? text.length / 2 : (text.length + 3) / 2) : text.length;
  return (characters + 2) * 11 + 13;
}

const inPairs = (text: string): boolean => text.length >= fewestDigits && /^\d+$/.test(text);
