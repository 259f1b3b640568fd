import type { ListedKey } from '../drivers/hsm/hsm.ts';
import { type HsmKey, keyGuards, keyUses } from './contract/hsm.ts';
import type { Station } from './station.ts';
import type { Db } from './store/open.ts';

type Used = {
  readonly label: string;
  readonly id: string;
  readonly part: 'station' | 'audit' | 'issuer';
  readonly name: string;
};

/** The token's keys as people see them: attributes in words, and what of the station uses each. */
export function shownKeys({ records }: Pick<Station, 'records'>, listed: readonly ListedKey[]): readonly HsmKey[] {
  const users = new Map(usedKeys(records.db).map((used) => [`${used.id} ${used.label}`, used]));
  return listed.map((key) => {
    const { label, id, type, bits, refused } = key;
    const used = users.get(`${id} ${label}`);
    return {
      label,
      id,
      class: key.class,
      type,
      uses: keyUses.filter((use) => key[use]),
      guards: Object.fromEntries(keyGuards.map((guard) => [guard, key[guard]])) as HsmKey['guards'],
      ...(bits === undefined ? {} : { bits }),
      ...(refused ? { refused } : {}),
      ...(used ? { usedBy: { part: used.part, name: used.name } } : {}),
    };
  });
}

/** The keys that the station's records name: some tens of them. */
function usedKeys(db: Db): Used[] {
  const rows = db.prepare<[], Used>(
    `SELECT label, id, 'station' AS part, purpose AS name FROM key_reference
     UNION ALL SELECT label, id, 'audit', origin FROM audit_key
     UNION ALL SELECT ed_label, ed_id, 'audit', origin FROM audit_key WHERE ed_label IS NOT NULL
     UNION ALL SELECT label, key_id, 'issuer', name FROM issuer WHERE state <> 'destroyed'`,
  );
  return rows.all();
}
