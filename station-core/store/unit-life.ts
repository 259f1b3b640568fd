import type { ErrorData } from '../contract/errors.ts';
import type { CloudRow, CredentialView, UnitCertificate } from '../contract/unit-story.ts';
import type { Disclosures } from './disclosure.ts';
import type { Db } from './open.ts';

// What the tables hold of one unit, the newest first; a unit that was made again and again is cut off.

/** How many rows of each kind are told. */
export const mostOfLife = 50;

/** Its runs' numbers. */
export function runsOf(db: Db, unit: number): number[] {
  return db
    .prepare<[number, number], number>('SELECT id FROM run WHERE unit = ? ORDER BY id DESC LIMIT ?')
    .pluck()
    .all(unit, mostOfLife);
}

/** Its credentials, without what is secret of them. */
export function credentialsOf(db: Db, unit: number): CredentialView[] {
  return db
    .prepare<[number, number], CredentialView>(
      `SELECT lower(hex(operation)) AS operation, kind, source, lower(hex(fingerprint)) AS fingerprint, state, ended, made_at AS madeAt
       FROM credential WHERE unit = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(unit, mostOfLife);
}

type CertificateRow = Omit<UnitCertificate, 'sha256' | 'notAfter' | 'revoked'> & {
  readonly sha256: string | null;
  readonly notAfterMs: number;
  readonly reason: string | null;
  readonly at: string | null;
};

/** Certificates that this station signed for it, or set out to. */
export function certificatesOf(db: Db, unit: number): UnitCertificate[] {
  const rows = db.prepare<[number, number], CertificateRow>(
    `SELECT issuer.name AS issuer, lower(hex(c.serial)) AS serialNumber, purpose, c.state, lower(hex(fingerprint)) AS sha256,
       not_after_ms AS notAfterMs, r.reason, r.at
     FROM certificate c JOIN issuer ON issuer.id = c.issuer LEFT JOIN revocation r ON r.certificate = c.id
     WHERE c.unit = ? ORDER BY c.id DESC LIMIT ?`,
  );
  return rows.all(unit, mostOfLife).map(({ sha256, notAfterMs, reason, at, ...row }) => ({
    ...row,
    notAfter: new Date(notAfterMs).toISOString(),
    ...(sha256 ? { sha256 } : {}),
    ...(reason !== null && at !== null ? { revoked: { reason, at } } : {}),
  }));
}

type OutboxRow = Omit<CloudRow, 'answer' | 'reason'> & {
  readonly receipt: string | null;
  readonly reason: string | null;
};

/** What the cloud was asked under its registration ID, for whichever target. */
export function cloudRowsOf(db: Db, disclosures: Disclosures, registrationId: string): CloudRow[] {
  const rows = db.prepare<[string, number], OutboxRow>(
    `SELECT o.id AS row, target, action, version, o.state, attempts, receipt, reason
     FROM disclosure d JOIN outbox o ON o.registration = d.id AND o.target IN ('dps', 'folder', 'central', 'hub')
     WHERE d.label = 'registrationId' AND d.value = ? ORDER BY o.id DESC LIMIT ?`,
  );
  return rows.all(registrationId, mostOfLife).map(({ receipt, reason, ...row }) => {
    const answer = receipt === null ? undefined : answerOf(receipt);
    return {
      ...row,
      ...(answer === undefined ? {} : { answer }),
      ...(reason === null ? {} : { reason: disclosures.unveil(JSON.parse(reason)) as ErrorData }),
    };
  });
}

/** The word in a receipt of this station; one that an applier signed may be any text, and says none. */
function answerOf(receipt: string): string | undefined {
  const { answer } = jsonObject(receipt);
  return typeof answer === 'string' ? answer : undefined;
}

function jsonObject(text: string): { readonly answer?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // a receipt that an applier signed may be any text
  }
}
