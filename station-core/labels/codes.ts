import type { LabelCode } from '../contract/label.ts';
import type { Template } from './template.ts';
import { cannot, fillValue, type LabelValues } from './values.ts';

/**
 * What a scanner reads from each code of a label, in the template's sequence; pure, so that whoever packs a unit can compare. Throws
 * `label.cannot`.
 */
export function codesOf({ elements }: Template, values: LabelValues): readonly LabelCode[] {
  return elements.flatMap((element, index) => {
    if (element.kind === 'text' || element.kind === 'box') return [];
    return [{ kind: element.kind, text: codeText(element.value, values, elementName(element.kind, index)) }];
  });
}

/** How errors name an element of a template, counted from one. */
export const elementName = (kind: string, index: number): string => `element ${index + 1} (${kind})`;

/**
 * Codes hold printable ASCII alone: Code 128 has nothing else, and of the others readers guess the character set, each in its own
 * way. Throws `label.cannot`.
 */
export function codeText(value: string, values: LabelValues, what: string): string {
  const text = fillValue(value, values, what);
  if (!/^[ -~]+$/.test(text)) throw cannot(what, 'a code holds letters, digits and signs of ASCII alone');
  return text;
}
