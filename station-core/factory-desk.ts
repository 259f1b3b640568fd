import { readFileSync } from 'node:fs';
import { StationError } from './contract/errors.ts';
import { isRunEvent } from './contract/events.ts';
import { Metrics, type Now } from './mes/metrics.ts';
import { openApi } from './mes/openapi.ts';
import { Reading } from './mes/reading.ts';
import { type MesPlace, type MesServer, serveMes } from './mes/server.ts';
import type { MesSettings } from './mes/settings.ts';
import { takeOrder } from './mes-orders.ts';
import { RefusedConnections } from './refused-connections.ts';
import type { Station } from './station.ts';
import { UnitList } from './store/unit-list.ts';
import { version } from './version.ts';

/** Answers factory systems where station.json says so; nobody, where it says nothing. */
export async function openFactoryDesk(station: Station | undefined): Promise<{ close(): Promise<void> }> {
  const settings = station?.parts.mes;
  if (!station || !settings) return { close: async () => undefined };
  return serveFactory(station, placeOf(settings));
}

/** As `openFactoryDesk`, at a place that the caller names. Throws `link.refused`. */
export async function serveFactory(station: Station, place: MesPlace): Promise<MesServer> {
  const { records, parts } = station;
  const metrics = new Metrics();
  const stop = records.journal.onEvent((event) => {
    if (isRunEvent(event)) metrics.note(event);
  });
  const refused = new RefusedConnections(() => station);
  const description = openApi();
  try {
    const server = await serveMes(
      {
        clock: parts.clock,
        keys: () => records.mesKeys.inForce(),
        refused: (why) => refused.note(why),
        incident: parts.log.incident,
        desk: {
          reading: new Reading(records, new UnitList(records.db)),
          takeOrder: (key, name, order) => takeOrder(station, key, name, order),
          metrics: async () => metrics.text(await now(station)),
          description: () => description,
        },
      },
      place,
    );
    return {
      port: server.port,
      close: async () => {
        stop();
        await server.close();
        await refused.stop();
      },
    };
  } catch (thrown) {
    stop();
    throw thrown;
  }
}

/** Throws `station.config` for a file that cannot be read. */
function placeOf({ host, port, tls }: MesSettings): MesPlace {
  if (!tls) return { host, port };
  const { certificateFile, keyFile } = tls;
  return { host, port, tls: { cert: fileOf('certificateFile', certificateFile), key: fileOf('keyFile', keyFile) } };
}

function fileOf(member: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    const place = `mes.tls.${member}`;
    throw new StationError('station.config', { place, expected: 'a file', found: code ?? 'none' }, { cause });
  }
}

async function now(station: Station): Promise<Now> {
  const { records, parts, row, stop, sealing } = station;
  const { state, latencyMs } = await parts.hsm.status();
  const waiting = records.webhooks.names().map((name) => records.webhooks.waiting(name));
  const sum = (of: 'queued' | 'parked') => waiting.reduce((total, one) => total + one[of], 0);
  const busy = records.runs.withoutOutcome().length;
  return {
    version,
    mode: row.mode,
    hsm: { ready: state === 'ready', latencyMs },
    cloud: records.outbox.backlog(),
    webhooks: { queued: sum('queued'), parked: sum('parked') },
    audit: {
      entries: station.audit.head().entries,
      unsealed: sealing.unsealed(),
      headAgeMs: headAge(station),
      stopped: stop.error() !== undefined,
    },
    lanes: { busy, idle: Math.max(0, parts.lanes.length - busy) },
  };
}

/** Since the newest entry that a signed head covers; heads say no time of their own. */
function headAge({ records, heads, parts }: Station): number | null {
  const newest = heads.newest();
  const at =
    newest &&
    records.db
      .prepare<[number], string | null>(
        `SELECT CASE WHEN json_valid(bytes) THEN bytes ->> '$.at' END FROM audit_entry WHERE seq = ?`,
      )
      .pluck()
      .get(newest.size - 1);
  return at ? Math.max(0, parts.clock.now() - Date.parse(at)) : null;
}
