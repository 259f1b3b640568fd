import { type Check, type Ground, reportRows } from '../check.ts';

/** Results, what webhooks were told of them, and the keys and orders of factory systems, as the audit trail has these. */
export const mes: Check = {
  about: 'what factory systems are told and may ask',
  run(ground) {
    results(ground);
    webhooks(ground);
    againstAudit(ground);
  },
};

/** A trigger writes every result with the end of its run; a station has them from its first run on, whether anybody asks or not. */
function results(ground: Ground): void {
  reportRows(
    ground,
    'damage',
    `SELECT 'run ' || run.id AS what, 'it ended and has no result' AS says
     FROM run LEFT JOIN mes_result ON mes_result.run = run.id WHERE run.outcome IS NOT NULL AND mes_result.n IS NULL
     UNION ALL SELECT 'result ' || n, 'its run did not end'
     FROM mes_result JOIN run ON run.id = mes_result.run WHERE run.outcome IS NULL`,
  );
}

function webhooks(ground: Ground): void {
  reportRows(
    ground,
    'damage',
    `SELECT 'webhook ' || name AS what, 'results were looked at up to ' || looked_at || ' and there are ' || newest AS says
     FROM webhook, (SELECT coalesce(max(n), 0) AS newest FROM mes_result) WHERE looked_at NOT BETWEEN 0 AND newest
     UNION ALL SELECT 'webhook message ' || m.id, 'results were looked at up to ' || looked_at || ' and it is of result ' || m.result
     FROM webhook_message m JOIN webhook ON webhook.name = m.webhook WHERE m.result > looked_at
     UNION ALL SELECT 'webhook message ' || m.id, 'its result is of another unit'
     FROM webhook_message m JOIN mes_result ON n = m.result JOIN run ON run.id = mes_result.run WHERE run.unit <> m.unit
     UNION ALL SELECT 'webhook message ' || id, 'it waits for a person without a reason'
     FROM webhook_message WHERE state = 'parked' AND reason IS NULL`,
  );
}

/** What of it people and keys did stands in the audit trail: a key that nobody made would let anybody in. */
function againstAudit(ground: Ground): void {
  ground.db.exec(
    `CREATE TEMP TABLE mes_said AS SELECT said.seq, said.action, bytes ->> '$.order' AS "order", bytes ->> '$.details.name' AS name,
       bytes ->> '$.details.message' AS message, bytes ->> '$.details.sha256' AS sha256
     FROM said JOIN audit_entry USING (seq)
     WHERE said.action IN ('mes.key-added', 'mes.key-revoked', 'mes.order-taken', 'webhook.parked', 'webhook.discarded');
     CREATE INDEX mes_said_message ON mes_said (message, action); CREATE INDEX mes_said_order ON mes_said ("order", action)`,
  );
  const entries = (action: string) =>
    `(SELECT count(*) FROM mes_said a WHERE a.action = '${action}' AND a.name = k.name)`;
  reportRows(
    ground,
    'damage',
    `SELECT 'key ' || name AS what, 'the audit trail has ' || added || ' made and ' || revoked || ' revoked, the store '
       || rows || ' and ' || ended AS says
     FROM (SELECT k.name, count(*) AS rows, count(k.revoked_at) AS ended,
         ${entries('mes.key-added')} AS added, ${entries('mes.key-revoked')} AS revoked FROM mes_key k GROUP BY k.name)
     WHERE rows <> added OR ended <> revoked
     UNION ALL SELECT 'audit entry ' || seq, 'it tells of a key that the store does not have'
     FROM mes_said s WHERE action = 'mes.key-added' AND NOT EXISTS (SELECT 1 FROM mes_key WHERE mes_key.name = s.name)
     UNION ALL SELECT 'order ' || w.name, 'it came by a key and the audit trail does not say so'
     FROM mes_order m JOIN work_order w ON w.id = m.work_order
     WHERE NOT EXISTS (SELECT 1 FROM mes_said a
       WHERE a.action = 'mes.order-taken' AND a."order" = w.name AND a.sha256 = lower(hex(m.sha256)))
     UNION ALL SELECT 'audit entry ' || seq, 'it tells of an order by a key that the store does not have'
     FROM mes_said s WHERE action = 'mes.order-taken' AND NOT EXISTS (
       SELECT 1 FROM mes_order m JOIN work_order w ON w.id = m.work_order
       WHERE w.name = s."order" AND lower(hex(m.sha256)) = s.sha256)
     UNION ALL SELECT 'webhook message ' || m.id, 'it is ' || m.state || ' and the audit trail does not say so'
     FROM webhook_message m WHERE m.state IN ('parked', 'discarded')
       AND NOT EXISTS (SELECT 1 FROM mes_said a WHERE a.message = m.id AND a.action = 'webhook.' || m.state)
     UNION ALL SELECT 'audit entry ' || seq, 'it gives message ' || s.message || ' up, which is ' || coalesce(m.state, 'gone')
     FROM mes_said s LEFT JOIN webhook_message m ON m.id = s.message
     WHERE action = 'webhook.discarded' AND m.state IS NOT 'discarded'`,
  );
}
