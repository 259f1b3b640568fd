import { labels } from './scanners.ts';

// The test barcode of a shift's start. A scanner that types presses the keys of the keyboard that it was set up for; where the
// computer expects another one, letters change places, and Caps Lock turns them over. Serials would be wrong in silence.

/** Both cases of the letters that change places on QWERTZ and AZERTY keyboards, the hyphen, and digits. */
export const testLabel: string = `${labels.test}AaQqWwYyZzMm-019`;

export type Layout = 'same' | 'qwertz' | 'azerty' | 'other';

/** What the test barcode showed: whether the keyboards agree, and whether Caps Lock is on. */
export type Found = { readonly layout: Layout; readonly capsLock: boolean };

/** What came of the test barcode, or nothing when the text is not that barcode as some keyboard would write it. */
export function readTestLabel(text: string): Found | undefined {
  if (!isRewritten(text)) return undefined;
  const capsLock = isLower(at(text, 'A')) && isUpper(at(text, 'a'));
  return { layout: layoutOf(text), capsLock };
}

/** Whether the text is the test barcode with each of its characters replaced by one of its own. */
function isRewritten(text: string): boolean {
  const [was, is] = [[...testLabel], [...text]];
  if (was.length !== is.length) return false;
  const to = new Map(was.map((character, index) => [character, is[index]]));
  return new Set(to.values()).size === to.size && was.every((character, index) => to.get(character) === is[index]);
}

function layoutOf(text: string): Layout {
  const letter = (name: string) => at(text, name).toLowerCase();
  const sameLetters = ['a', 'q', 'w', 'y', 'z', 'm'].every((name) => letter(name) === name);
  if (sameLetters && at(text, '-') === '-' && at(text, '0') === '0') return 'same';
  if (letter('y') === 'z' && letter('z') === 'y' && letter('a') === 'a') return 'qwertz';
  if (letter('a') === 'q' && letter('q') === 'a') return 'azerty';
  return 'other';
}

/** What stands where the test barcode has this character. */
const at = (text: string, character: string): string => [...text][[...testLabel].indexOf(character)] ?? '';
const isLower = (one: string): boolean => one !== one.toUpperCase();
const isUpper = (one: string): boolean => one !== one.toLowerCase();
