const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * Finds percents in a line by a pattern: text as it stands there, `*` for any text, and `{percent}` once, after the last `*`. The last one
 * in the line counts. Its cost grows with the line's length alone: every text is looked for once, from where the one before ended, and a
 * number has seven digits at most.
 */
export function percentFinder(pattern: string): (line: string) => number | undefined {
  const [before = '', after = ''] = pattern.split('{percent}');
  const inFront = before.split('*');
  const next = inFront.pop() ?? '';
  const number = new RegExp(`${literal(next)} {0,8}(?<![\\d.])(\\d{1,3}(?:\\.\\d{1,4})?)${literal(after)}`, 'g');
  return (line) => {
    let from = 0;
    for (const text of inFront) {
      const at = line.indexOf(text, from);
      if (at < 0) return undefined;
      from = at + text.length;
    }
    const [, found] = [...line.slice(from).matchAll(number)].at(-1) ?? [];
    return found === undefined || Number(found) > 100 ? undefined : Number(found);
  };
}
