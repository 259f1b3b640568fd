/**
 * A text in double quotes, in the escapes that TOML 1.0 (String) and YAML 1.2 (5.7, 7.3.1) have in common. Whatever is no printable
 * ASCII is escaped: a control character, a line break of another alphabet or an invisible one would otherwise mean something.
 */
export function quoted(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('half of a surrogate pair is no text that a file could hold');
  return `"${[...text].map(escaped).join('')}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return character;
  const hex = code.toString(16);
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
