import type { AuditLog } from '../audit/log.ts';
import type { Records } from '../store/records.ts';
import type { Subject } from './subject.ts';

type Row = {
  readonly id: number;
  readonly target: string;
  readonly action: string;
  readonly version: number;
  readonly credential: number | null;
  readonly commitment: string;
  readonly bundle: number | null;
};

/**
 * Inside the commit of an erasure that is done again: rows that waited for the cloud when the database that was put back was made. They
 * were done before the first erasure; now nobody knows whom they are about, and they are ended as a person's discard ends them.
 */
export function endWaiting(records: Records, audit: AuditLog, { values }: Subject): number {
  const waiting = records.db.prepare<[string], Row>(
    `SELECT o.id, o.target, o.action, o.version, o.credential, d.commitment,
       (SELECT bundle FROM bundle_row b WHERE b.row = o.id AND b.state = 'held') AS bundle
     FROM outbox o JOIN disclosure d ON d.id = o.registration
     WHERE o.state <> 'done' AND o.registration IN (SELECT value FROM json_each(?))`,
  );
  const rows = waiting.all(JSON.stringify(values.map(({ id }) => id)));
  for (const { id, bundle, credential, commitment, ...row } of rows) {
    if (bundle !== null) records.bundles.settle(bundle, id, 'returned');
    records.outbox.done(id, JSON.stringify({ answer: 'discarded', reason: 'identity.erased' }));
    if (credential !== null) records.credentials.destroy(credential);
    const details = { ...row, registrationId: commitment };
    audit.append({ action: 'upload.discarded', result: 'ok', reason: 'identity.erased', details });
  }
  return rows.length;
}
