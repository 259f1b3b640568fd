import { isHeld } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import type { Finding } from './check.ts';
import { checks } from './checks/registry.ts';

/** More than this many findings of one kind of damage tell nothing new. */
const mostFindings = 1_000;

/**
 * Replays journal, audit, credentials, outbox and receipts against each other, read-only and beside a running station:
 * one read transaction sees one moment of it. Answers what does not fit; nothing means content.
 * Throws `station.no-folder`.
 */
export async function fsck(folder: string, progress: (about: string) => void = () => undefined): Promise<Finding[]> {
  const db = openStore(folder, 'reader');
  const findings: Finding[] = [];
  try {
    const owned = isHeld(folder);
    db.exec('BEGIN');
    // What the entries say that can be compared, cut out of their JSON once.
    db.exec(
      `CREATE TEMP TABLE said AS SELECT seq, bytes ->> '$.action' AS action, bytes ->> '$.run' AS run,
         bytes ->> '$.details.outcome' AS outcome, bytes ->> '$.details.operation' AS operation,
         bytes ->> '$.details.fingerprint' AS fingerprint, bytes ->> '$.details.target' AS target,
         bytes ->> '$.details.certificate' AS certificate, bytes ->> '$.details.serialNumber' AS serial,
         bytes ->> '$.details.journal' AS journal, bytes ->> '$.details.output' AS output, bytes ->> '$.details.tbs' AS tbs, bytes ->> '$.details.sha256' AS sha256, bytes ->> '$.details.version' AS version, bytes ->> '$.details.registrationId' AS registration,
         bytes ->> '$.unit.serial' AS unit
       FROM audit_entry WHERE json_valid(bytes);
       CREATE INDEX said_run ON said (run); CREATE INDEX said_operation ON said (operation);
       CREATE INDEX said_registration ON said (registration); CREATE INDEX said_certificate ON said (certificate)`,
    );
    for (const [name, check] of Object.entries(checks)) {
      progress(check.about);
      await check.run({
        db,
        owned,
        report: (kind, what, says) => {
          if (findings.length < mostFindings) findings.push({ check: name, kind, what, says });
        },
      });
    }
    return findings;
  } finally {
    db.close();
  }
}
