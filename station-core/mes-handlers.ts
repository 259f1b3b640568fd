import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { MesLook, WebhookView } from './contract/mes.ts';
import type { Handlers } from './handlers.ts';
import { newKey } from './mes/gate.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { mostKeys } from './store/mes-keys.ts';

/** The calls about factory systems: their keys, and webhooks. */
export function mesHandlers(station: Station): Pick<Handlers, Extract<Method, `mes.${string}`>> {
  const { records, audit, operators, parts } = station;
  return {
    'mes.addKey': async ({ name, scopes }, by) => {
      const { key, hash } = newKey();
      await records.commits.commit(() => {
        const inForce = records.mesKeys.inForce();
        if (inForce.some((one) => one.name === name)) throw refused('name', 'a new name', 'one that is in force');
        if (inForce.length >= mostKeys) throw refused('keys', `at most ${mostKeys} in force`, 'that many');
        records.mesKeys.add(name, hash, scopes, isoTime(parts.clock));
        const details = { name, scopes };
        audit.append({ action: 'mes.key-added', result: 'ok', ...people(operators, by), details });
      });
      return { key };
    },
    'mes.revokeKey': async ({ name }, by) => {
      await records.commits.commit(() => {
        const revoked = records.mesKeys.revoke(name, isoTime(parts.clock));
        if (!revoked) throw refused('name', 'a key that is in force', 'another name');
        audit.append({ action: 'mes.key-revoked', result: 'ok', ...people(operators, by), details: { name } });
      });
      return null;
    },
    'mes.look': async () => look(station),
    'mes.retry': ({ webhook }, by) => retry(station, webhook, by),
    'mes.discard': ({ message }, by) => discard(station, message, by),
  };
}

const refused = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place: `mes.${place}`, expected, found });

function look({ records, parts }: Station): MesLook {
  const { mes, webhooks = [] } = parts;
  const names = new Set([...webhooks.map(({ name }) => name), ...records.webhooks.names()]);
  return {
    server: mes ? { host: mes.host, port: mes.port, tls: mes.tls !== undefined } : null,
    keys: records.mesKeys.list(),
    webhooks: [...names].map((name): WebhookView => {
      const { reason, until } = records.webhooks.of(name);
      const held = reason && until > parts.clock.now() ? { reason, until: new Date(until).toISOString() } : null;
      const configured = webhooks.some((one) => one.name === name);
      return { name, configured, ...records.webhooks.waiting(name), held };
    }),
    parked: records.webhooks.parked(),
  };
}

async function retry(station: Station, webhook: string, by: By): Promise<{ messages: number }> {
  const { records, audit, operators, parts } = station;
  const messages = await records.commits.commit(() => {
    if (!records.webhooks.names().includes(webhook)) throw refused('webhook', 'the name of a webhook', 'another name');
    records.webhooks.lift(webhook);
    const due = records.webhooks.allDue(webhook, parts.clock.now());
    const details = { webhook, messages: due };
    audit.append({ action: 'webhook.retried', result: 'ok', ...people(operators, by), details });
    return due;
  });
  wake(station);
  return { messages };
}

async function discard(station: Station, message: number, by: By): Promise<null> {
  const { records, audit, operators } = station;
  await records.commits.commit(() => {
    const webhook = records.webhooks.discard(message);
    if (webhook === undefined) throw new StationError('sync.not-parked', { row: message });
    const details = { webhook, message };
    audit.append({ action: 'webhook.discarded', result: 'ok', ...people(operators, by), details });
  });
  wake(station); // a later message of its unit may go now
  return null;
}

function wake({ tellings }: Station): void {
  for (const telling of tellings) telling.wake();
}
