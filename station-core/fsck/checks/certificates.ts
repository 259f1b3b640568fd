import { createHash } from 'node:crypto';
import { type Check, type Ground, reportRows } from '../check.ts';

/** Certificates against what the audit trail says of them, and against their own bytes. */
export const certificates: Check = {
  about: 'every certificate and its intent',
  run(ground) {
    ownBytes(ground);
    // No certificate without the entry of its intent, none issued without that of its outcome, and no entry without a row.
    reportRows(
      ground,
      'damage',
      `SELECT 'certificate ' || c.id AS what, 'the audit trail has no intent of its serial number' AS says
       FROM certificate c WHERE NOT EXISTS (SELECT 1 FROM said WHERE said.action = 'certificate.intended'
         AND said.certificate = c.id AND said.serial = lower(hex(c.serial)))
       UNION ALL SELECT 'certificate ' || c.id, 'it is ' || c.state || ' and the audit trail does not say so'
       FROM certificate c WHERE c.state <> 'intended' AND NOT EXISTS (
         SELECT 1 FROM said WHERE said.action = 'certificate.' || c.state AND said.certificate = c.id)
       UNION ALL SELECT 'certificate ' || c.id, 'it is issued and the audit trail tells of another one'
       FROM certificate c WHERE c.state = 'issued' AND NOT EXISTS (SELECT 1 FROM said
         WHERE said.action = 'certificate.issued' AND said.certificate = c.id AND said.sha256 = lower(hex(c.fingerprint)))
       UNION ALL SELECT 'audit entry ' || said.seq, 'it tells of a certificate that the store does not have' FROM said
       WHERE said.action LIKE 'certificate.%' AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.id = said.certificate)`,
    );
    reportRows(
      ground,
      'damage',
      `SELECT 'credential ' || id AS what, 'it is ' || state || ' and has no issued certificate' AS says FROM credential
       WHERE kind = 'x509' AND source NOT IN ('own', 'stored') AND state <> 'made' AND NOT EXISTS (
         SELECT 1 FROM certificate c WHERE c.id = credential.certificate AND c.state = 'issued')
       UNION ALL SELECT 'issuer ' || i.name, 'it counts ' || issued || ' leaves and has ' || (SELECT count(*)
         FROM certificate c WHERE c.issuer = i.id AND c.purpose IN ('leaf', 'module')) FROM issuer i
       WHERE issued <> (SELECT count(*) FROM certificate c WHERE c.issuer = i.id AND c.purpose IN ('leaf', 'module'))
       UNION ALL SELECT 'issuer ' || name, 'it made ' || issued || ' leaves, more than its quota of ' || quota FROM issuer
       WHERE issued > quota
       UNION ALL SELECT 'certificate ' || certificate, 'it is revoked and was never signed' FROM revocation r
       JOIN certificate c ON c.id = r.certificate WHERE c.state NOT IN ('issued', 'possible')`,
    );
    if (ground.owned) return;
    reportRows(
      ground,
      'open',
      `SELECT 'certificate ' || id AS what, 'it was being signed; the next start counts it as possibly issued' AS says
       FROM certificate WHERE state = 'intended'`,
    );
  },
};

type Row = { id: number; tbs: Buffer; der: Buffer | null; fingerprint: Buffer | null; said: string | null };

/** What was stored before signing is what the entry of the intent names, and what the certificate holds. */
function ownBytes({ db, report }: Ground): void {
  const rows = db.prepare<[], Row>(
    `SELECT c.id, c.tbs, c.der, c.fingerprint, said.tbs AS said FROM certificate c
     LEFT JOIN said ON said.certificate = c.id AND said.action = 'certificate.intended'`,
  );
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  for (const { id, tbs, der, fingerprint, said } of rows.iterate()) {
    const what = `certificate ${id}`;
    if (said !== null && said !== sha256(tbs).toString('hex'))
      report('damage', what, 'it was intended with other bytes');
    if (!der) continue;
    if (der.indexOf(tbs) < 0) report('damage', what, 'it does not hold the bytes that were to be signed');
    if (!fingerprint?.equals(sha256(der))) report('damage', what, 'its fingerprint is not that of its bytes');
  }
}
