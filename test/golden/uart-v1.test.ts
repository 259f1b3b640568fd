import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  channelConversation,
  channelVector,
  sealedTable,
  sealedVector,
  tpmCommands,
  tpmConversation,
} from './uart-v1-deliveries-spec.ts';
import { conversation, messageTables, objectTable, refusalTable, x509Conversation } from './uart-v1-spec.ts';

const path = join(import.meta.dirname, '../../drivers/protocols/uart-v1.md');

/** What stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->` in the specification. */
const generated = async (): Promise<Readonly<Record<string, string>>> => ({
  messages: messageTables(),
  objects: objectTable(),
  sealed: sealedTable(),
  refusals: refusalTable(),
  conversation: conversation(),
  'x509 conversation': x509Conversation(),
  'channel values': channelVector(),
  'channel conversation': channelConversation(),
  'sealed values': sealedVector(),
  'tpm commands': tpmCommands(),
  'tpm conversation': await tpmConversation(),
});

/** The document with its generated parts made anew. */
async function renewed(document: string): Promise<string> {
  let text = document;
  for (const [name, part] of Object.entries(await generated())) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end of ${name} -->)`);
    if (!pattern.test(text)) throw new Error(`the specification has no place for ${name}`);
    text = text.replace(pattern, (_, head: string, tail: string) => `${head}\n${part}\n\n${tail}`);
  }
  return text;
}

// BIRTHMARK_RENEW=1 writes the generated parts; without it a change of the bytes on the wire is seen here.
test('the specification shows the tables and the bytes that the code has', async () => {
  const document = readFileSync(path, 'utf8');
  if (process.env.BIRTHMARK_RENEW === '1') writeFileSync(path, await renewed(document));
  else expect(document).toBe(await renewed(document));
});
