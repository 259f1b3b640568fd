import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generated } from './uart-v1-spec.ts';

const path = join(import.meta.dirname, '../../drivers/protocols/uart-v1.md');

/** The document with its generated parts made anew. */
function renewed(document: string): string {
  let text = document;
  for (const [name, part] of Object.entries(generated())) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end of ${name} -->)`);
    if (!pattern.test(text)) throw new Error(`the specification has no place for ${name}`);
    text = text.replace(pattern, (_, head: string, tail: string) => `${head}\n${part}\n\n${tail}`);
  }
  return text;
}

// BIRTHMARK_RENEW=1 writes the generated parts; without it a change of the bytes on the wire is seen here.
test('the specification shows the tables and the bytes that the code has', () => {
  const document = readFileSync(path, 'utf8');
  if (process.env.BIRTHMARK_RENEW === '1') writeFileSync(path, renewed(document));
  else expect(document).toBe(renewed(document));
});
