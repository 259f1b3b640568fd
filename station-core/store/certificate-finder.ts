import type { CertificatePurpose, CertificateState } from './certificates.ts';
import type { Db } from './open.ts';

/** What a look-up may ask; all that is said must be so. Times are ISO 8601, `expiresBeforeMs` Unix milliseconds. */
export type CertificateFilter = {
  readonly id?: number;
  readonly before?: number;
  readonly serialNumber?: Buffer;
  readonly sha256?: Buffer;
  readonly registrationId?: string;
  readonly unit?: string;
  readonly order?: string;
  readonly issuer?: string;
  readonly from?: string;
  readonly to?: string;
  readonly expiresBeforeMs?: number;
  readonly state?: CertificateState | 'revoked';
};

export type FoundCertificate = {
  readonly id: number;
  readonly issuer: string;
  readonly serial: Buffer;
  readonly purpose: CertificatePurpose;
  readonly state: CertificateState;
  readonly registrationId: string | null;
  readonly order: string | null;
  readonly intendedAt: string;
  readonly notAfterMs: number;
  readonly tbs: Buffer;
  readonly der: Buffer | null;
  readonly fingerprint: Buffer | null;
  readonly revokedAt: string | null;
  readonly reason: string | null;
};

/** How each question is asked of the tables; only those that are asked stand in the query, so that an index answers it. */
const conditions: Readonly<Record<keyof CertificateFilter, string>> = {
  id: 'c.id = @id',
  before: 'c.id < @before',
  serialNumber: 'c.serial = @serialNumber',
  sha256: 'c.fingerprint = @sha256',
  // By its unit: whatever names a registration ID has one, and certificates have no index by registration.
  registrationId: `c.unit = (SELECT unit.id FROM unit JOIN disclosure d ON d.id = unit.registration
    WHERE d.label = 'registrationId' AND d.value = @registrationId)`,
  unit: `c.unit IN (SELECT unit.id FROM unit JOIN disclosure d ON d.id = unit.serial WHERE d.label = 'serial' AND d.value = @unit)`,
  order: 'o.name = @order',
  issuer: 'i.name = @issuer',
  from: 'c.intended_at >= @from',
  to: 'c.intended_at <= @to',
  expiresBeforeMs: 'c.not_after_ms < @expiresBeforeMs',
  state: `(CASE WHEN r.certificate IS NULL THEN c.state ELSE 'revoked' END) = @state`,
};

const shown = `SELECT c.id, i.name AS issuer, c.serial, c.purpose, c.state, d.value AS registrationId, o.name AS "order",
    c.intended_at AS intendedAt, c.not_after_ms AS notAfterMs, c.tbs, c.der, c.fingerprint, r.at AS revokedAt, r.reason
  FROM certificate c JOIN issuer i ON i.id = c.issuer LEFT JOIN disclosure d ON d.id = c.registration
    LEFT JOIN unit u ON u.id = c.unit LEFT JOIN work_order o ON o.id = u.work_order
    LEFT JOIN revocation r ON r.certificate = c.id`;

/** Looks certificates up, the newest first. Reads only. */
export function findCertificates(db: Db, filter: CertificateFilter, most: number): IterableIterator<FoundCertificate> {
  const asked = (Object.keys(conditions) as (keyof CertificateFilter)[]).filter((key) => filter[key] !== undefined);
  const where = asked.length === 0 ? '' : `WHERE ${asked.map((key) => conditions[key]).join(' AND ')}`;
  const rows = db.prepare<[object], FoundCertificate>(`${shown} ${where} ORDER BY c.id DESC LIMIT @most`);
  return rows.iterate({ ...filter, most });
}

/** Where a page ended in the order of certificates by their end. */
export type ExpiryMark = { readonly notAfter: number; readonly id: number };

/** How many certificates are looked at for a page: those that are revoked or have a successor are not shown, but cost as much. */
const looked = 200;

/**
 * Certificates that end between two times (Unix milliseconds) and are in use, as far as the station knows: issued or perhaps
 * issued, not revoked, without a younger one of the same key, and no proof of possession, which lives for a day. Those that end first come first; `after` is where the next page begins,
 * if there may be one.
 */
export function expiringCertificates(
  db: Db,
  { from, to, after = { notAfter: from, id: 0 } }: { from: number; to: number; after?: ExpiryMark },
): { readonly found: readonly FoundCertificate[]; readonly after?: ExpiryMark } {
  const page = db.prepare<object, ExpiryMark>(
    `SELECT id, not_after_ms AS notAfter FROM certificate WHERE (not_after_ms, id) > (@notAfter, @id) AND not_after_ms <= @to
     ORDER BY not_after_ms, id LIMIT @looked`,
  );
  const marks = page.all({ ...after, to, looked });
  const used = db.prepare<[number], FoundCertificate>(
    `${shown} WHERE c.id = ? AND c.purpose <> 'verification' AND c.state IN ('issued', 'possible') AND r.certificate IS NULL AND NOT EXISTS
       (SELECT 1 FROM certificate n WHERE n.key_hash = c.key_hash AND n.id > c.id AND n.state = 'issued')`,
  );
  const last = marks.length === looked ? marks.at(-1) : undefined;
  return { found: marks.flatMap(({ id }) => used.all(id)), ...(last ? { after: last } : {}) };
}
