/** RFC 4180; a leading sign is guarded, since spreadsheets run such cells as formulas (OWASP, CSV injection). */
export function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
