import { readFileSync } from 'node:fs';
import { StationError } from './contract/errors.ts';
import { Post } from './mes/post.ts';
import { Reading } from './mes/reading.ts';
import { Telling } from './mes/telling.ts';
import { openSecret } from './secret-handlers.ts';
import type { Station } from './station.ts';
import { UnitList } from './store/unit-list.ts';

/** One for each webhook of station.json. Throws `station.config` for a file of CAs that cannot be read. */
export function tellingsOf(station: Station): Telling[] {
  const { records, parts, audit } = station;
  const { webhooks = [], clock, log } = parts;
  const reading = new Reading(records, new UnitList(records.db));
  return webhooks.map(({ name, url, secret, outcomes, caFile }) => {
    const post = new Post(name, url, caFile === undefined ? undefined : readFor(name, caFile));
    station.stopping.addEventListener('abort', () => post.close(), { once: true });
    const receiver = {
      name,
      ...(outcomes ? { outcomes } : {}),
      send: post.send.bind(post),
      secret: () => openSecret(station, secret),
    };
    return new Telling(receiver, {
      records,
      clock,
      random: Math.random,
      result: (n) => reading.result(n),
      parked: (webhook, { id: message, result }, { code }) => {
        const details = { webhook, message, result };
        audit.append({ action: 'webhook.parked', result: 'failed', reason: code, details });
      },
      incident: log.incident,
    });
  });
}

/** Notes webhooks that are new, which begin with what ends from now on, and tells what was left of before. */
export async function beginTelling({ records, parts, tellings }: Station): Promise<void> {
  const { webhooks = [] } = parts;
  if (webhooks.length === 0) return;
  await records.commits.commit(() => {
    for (const { name } of webhooks) records.webhooks.register(name);
  });
  for (const telling of tellings) telling.wake();
}

function readFor(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    const place = `webhooks.${name}.caFile`;
    throw new StationError('station.config', { place, expected: 'a file', found: code ?? 'none' }, { cause });
  }
}
