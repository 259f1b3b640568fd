import { type Head, Heads, type KeyRow, logKeyOf } from '../audit/heads.ts';
import { verifierKeys } from '../audit/note.ts';
import { readLog } from '../audit/reading.ts';
import { keyHash } from '../ca/issuer.ts';
import { StationError } from '../contract/errors.ts';
import { openStore } from '../store/open.ts';
import { note, printJson, Reading } from './terminal.ts';

/** `birthmark audit verify`: read-only, beside the station that may be running. Answers 0 only when the log holds. */
export async function auditVerify(folder: string, json: boolean): Promise<number> {
  const bar = new Reading();
  const report = await readLog({ kind: 'verify', folder }, { progress: bar.at }).finally(bar.end);
  const { entries, sealed, head, problem } = report;
  if (json) printJson({ schema: 1, ...report });
  else if (problem) {
    process.stdout.write(`The audit trail does not hold at entry ${problem.seq}: ${problem.reason}.\n`);
  } else process.stdout.write(`The audit trail holds: ${entries} entries, ${sealed} sealed, head ${head}\n`);
  if (!problem && sealed < entries) note(`${entries - sealed} entries are not sealed yet: no signed head covers them.`);
  return report.ok ? 0 : 1;
}

export type KeyOptions = { readonly station: string; readonly pem: boolean; readonly json: boolean };

/** `birthmark audit key`: what verifiers are given of the log's key in force, read-only, beside a running station. */
export async function auditKey({ station: folder, pem, json }: KeyOptions): Promise<number> {
  const db = openStore(folder, 'reader');
  try {
    const heads = new Heads(db);
    const row = inForce(heads.keys(), heads.newest());
    if (!row) throw new StationError('hsm.key-missing', { label: 'birthmark-audit' });
    const key = logKeyOf(row);
    const keys = verifierKeys(key);
    const fingerprint = keyHash(key.p256).toString('hex');
    if (json) printJson({ schema: 1, n: row.n, origin: row.origin, fingerprint, keys });
    else process.stdout.write(pem ? pemOf(key.p256) : `${keys.join('\n')}\n`);
    return 0;
  } finally {
    db.close();
  }
}

/** The key that signs the next head: one that was rotated in signs once a head of the key before covers its entry. */
function inForce(keys: readonly KeyRow[], newest: Head | undefined): KeyRow | undefined {
  const [last, before] = keys.toReversed();
  const rotatedIn = last !== undefined && before?.origin === last.origin;
  return rotatedIn && (last.since ?? 0) >= (newest?.size ?? 0) ? before : last;
}

/** Base64 in lines of 64 columns (RFC 7468). */
function pemOf(spki: Buffer): string {
  const lines = spki.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}
