import type { Db } from './open.ts';
import type { OutboxAction } from './outbox.ts';

/** What the cloud should hold of one registration ID, as far as this station knows. */
export type Expectation = {
  readonly registrationId: string;
  readonly serial?: string;
  readonly order?: string;
  readonly unit?: number;
  /** The group that the unit registers through, where it has no entry of its own. */
  readonly group?: string;
  /** `waiting`, `parked`: what was asked last has not been done yet. */
  readonly state: 'enabled' | 'disabled' | 'absent' | 'waiting' | 'parked' | 'by-group';
};

type Row = {
  readonly registrationId: string;
  readonly unit: number | null;
  readonly serial: string | null;
  readonly order: string | null;
  readonly group: string | null;
  /** `action state` of each row of the outbox, the oldest first, separated by commas; none without one. */
  readonly rows: string | null;
};

/** Every registration ID that the station asked something of at this target, and every finished unit of a group there. */
export function* expectations(db: Db, target: string, order: string | undefined): Generator<Expectation> {
  const rows = db.prepare<{ target: string; order: string | null }, Row>(
    `SELECT r.value AS registrationId, unit.id AS unit, s.value AS serial, work_order.name AS "order",
       iif(json_extract(recipe.bytes, '$.attestation.scope') = 'group', json_extract(recipe.bytes, '$.attestation.group'), NULL) AS "group",
       (SELECT group_concat(action || ' ' || state || ' ' || coalesce(json_extract(receipt, '$.answer'), ''), ',' ORDER BY version)
        FROM outbox WHERE outbox.target = @target AND outbox.registration = r.id AND action <> 'anchor') AS rows
     FROM disclosure r LEFT JOIN unit ON unit.registration = r.id LEFT JOIN work_order ON work_order.id = unit.work_order
       LEFT JOIN recipe ON recipe.hash = work_order.recipe LEFT JOIN disclosure s ON s.id = unit.serial
     WHERE r.label = 'registrationId' AND r.value IS NOT NULL AND (@order IS NULL OR work_order.name = @order)
       AND (rows IS NOT NULL OR (unit.state = 'finished' AND "group" IS NOT NULL AND json_extract(recipe.bytes, '$.target') = @target))`,
  );
  for (const { registrationId, unit, serial, order: name, group, rows: asked } of rows.iterate({
    target,
    order: order ?? null,
  })) {
    yield {
      registrationId,
      ...(serial === null ? {} : { serial }),
      ...(name === null ? {} : { order: name }),
      ...(unit === null ? {} : { unit }),
      ...(group === null ? {} : { group }),
      state: stateOf(asked, group !== null),
    };
  }
}

/** What was done last decides; what has not been done yet comes before it. */
function stateOf(asked: string | null, ofGroup: boolean): Expectation['state'] {
  const rows = (asked ?? '').split(',').filter((row) => row !== '');
  let state: Expectation['state'] = ofGroup ? 'by-group' : 'absent';
  for (const row of rows) {
    const [action, now, answer] = row.split(' ') as [OutboxAction, string, string];
    if (now === 'parked') return 'parked';
    if (now !== 'done') return 'waiting';
    if (answer !== 'discarded') state = after(action, state, ofGroup);
  }
  return state;
}

function after(action: OutboxAction, before: Expectation['state'], ofGroup: boolean): Expectation['state'] {
  switch (action) {
    case 'create':
    case 'enable':
      return 'enabled';
    case 'disable':
      return 'disabled';
    case 'delete':
      return ofGroup ? 'by-group' : 'absent';
    case 'roll':
    case 'reissue':
    case 'reprovision':
    case 'forget':
    case 'expect-group':
    case 'create-group':
    case 'disable-group':
    case 'enable-group':
    case 'roll-group':
    case 'delete-group':
    case 'anchor':
      return before;
  }
}
