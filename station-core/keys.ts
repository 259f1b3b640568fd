import { createHmac, randomBytes } from 'node:crypto';
import { checkValueMessage, checkValueOf } from '../drivers/hsm/check-value.ts';
import type { Hsm, SecretKeyRef } from '../drivers/hsm/hsm.ts';
import type { AuditLog } from './audit/log.ts';
import { StationError } from './contract/errors.ts';
import type { Records } from './store/records.ts';

/** The HSM keys that the station itself needs, each with one use. */
export type StationKeys = { readonly sealing: SecretKeyRef; readonly pepper: SecretKeyRef };

type Row = { purpose: string; label: string; id: string; checkValue: string };

/** Finds the station's keys, or makes them at the first start; each is pinned by its check value from then on. */
export async function stationKeys(
  hsm: Hsm,
  records: Records,
  audit: AuditLog,
  hsmSerial: string,
): Promise<StationKeys> {
  const find = records.db.prepare<[string], Row>(
    'SELECT purpose, label, id, check_value AS checkValue FROM key_reference WHERE purpose = ?',
  );
  const key = async (purpose: string): Promise<SecretKeyRef> => {
    const row = find.get(purpose);
    if (row) return { label: row.label, id: row.id, checkValue: row.checkValue };
    // A label of its own each time: a start that died between making and noting the key must not block the next one.
    const made = await hsm.generateSigningKey(`birthmark-${purpose}-${randomBytes(3).toString('hex')}`, 'hmac-sha256');
    await records.commits.commit(() => {
      const insert = records.db.prepare(
        'INSERT INTO key_reference (purpose, label, id, check_value) VALUES (?, ?, ?, ?)',
      );
      insert.run(purpose, made.label, made.id, made.checkValue);
      const { label, checkValue } = made;
      audit.append({
        action: 'key.made',
        result: 'ok',
        key: { label, checkValue, hsm: hsmSerial },
        details: { purpose },
      });
    });
    return made;
  };
  return { sealing: await key('sealing'), pepper: await key('pepper') };
}

/** The check value of a key that we were shown, such as a group's in DPS. The caller zeroes `key`. */
export function checkValueOfBytes(key: Buffer): string {
  return checkValueOf(createHmac('sha256', key).update(checkValueMessage).digest());
}

/** Throws unless the recipe's pinned key is the one that the HSM has. */
export async function sameInHsm(hsm: Hsm, key: SecretKeyRef): Promise<void> {
  if ((await hsm.checkValue(key)) !== key.checkValue) throw new StationError('hsm.key-differs', { label: key.label });
}
