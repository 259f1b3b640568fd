/** `2026-11-27 20:59` in UTC, as the call takes it; nothing for what is no such time. */
export function utcOf(text: string): string | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(:\d{2})?)Z?$/.exec(text.trim());
  if (!found) return undefined;
  const at = `${found[1]}T${found[2]}Z`;
  return Number.isNaN(Date.parse(at)) ? undefined : at;
}
