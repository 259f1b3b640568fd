import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';

// The ledger of erasures lies beside the database and in no backup, so that whatever database is put back, what was erased is
// erased again. It names nobody: commitments, and what erased identities are recognised by.

/** The file in the station's folder. */
export const ledgerFile = 'erasures';

const lineSchema = z.strictObject({
  at: z.string().check(z.maxLength(40)),
  commitment: z.string().check(z.regex(/^hmac-sha256:[A-Za-z0-9+/]{43}=$/, 'a commitment')),
  /** Base64; identities alone. */
  fingerprint: z.exactOptional(z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64'))),
});
export type LedgerLine = z.output<typeof lineSchema>;

/** What was erased so far. A last line without its end was cut off by a crash before its erasure began. Throws `store.damaged`. */
export function readLedger(folder: string): LedgerLine[] {
  const file = join(folder, ledgerFile);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return parse(lineSchema, JSON.parse(line) as unknown, '');
    } catch (cause) {
      const reason = `line ${index + 1} is none of an erasure`;
      throw new StationError('store.damaged', { what: ledgerFile, reason }, { cause });
    }
  });
}

/**
 * Writes lines and waits until they are on the disk. Answers how to take them back, for an erasure that was refused after all.
 */
export function appendLedger(folder: string, lines: readonly LedgerLine[]): () => void {
  const file = join(folder, ledgerFile);
  const whole = existsSync(file) ? readFileSync(file).lastIndexOf(0x0a) + 1 : 0;
  const write = (act: (descriptor: number) => void) => {
    const descriptor = openSync(file, existsSync(file) ? 'r+' : 'w', 0o600);
    try {
      act(descriptor);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  write((descriptor) => {
    ftruncateSync(descriptor, whole);
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8');
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, whole + at);
  });
  return () => write((descriptor) => ftruncateSync(descriptor, whole));
}
