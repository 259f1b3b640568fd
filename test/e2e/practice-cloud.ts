import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '../../station-core/clock.ts';
import { DpsClient } from '../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../station-core/sync/dps/connection.ts';
import { Pace } from '../../station-core/sync/pace.ts';

// The DPS emulator of a practice line that runs in other processes: its switches, and entries that others made there.

/** How to reach an emulator. */
export type Reached = { readonly port: number; readonly ca: string; readonly host: string; readonly token: string };

/** Changes switches of the emulator that the station in this folder sends to. */
export async function switchCloud(folder: string, change: object): Promise<void> {
  const status = await ask(await reach(folder), 'PUT', '/birthmark-emulator/switches', change);
  if (status !== 200) throw new Error(`the emulator answered ${status}`);
}

/** An entry that somebody else made under this ID, with keys of their own. */
export async function putForeign(folder: string, registrationId: string): Promise<void> {
  const { port, ca } = await reach(folder);
  const connection = parseConnection(readFileSync(join(folder, 'practice', 'dps', 'connection-string.txt')));
  const client = new DpsClient({
    endpoint: { host: connection.host, connect: { host: '127.0.0.1', port }, ca },
    connection,
    pace: new Pace(10_000, systemClock),
    clock: systemClock,
    mode: 'practice',
  });
  const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(64, 2) };
  const body = { registrationId, provisioningStatus: 'disabled' };
  try {
    await client.putEnrollment(registrationId, body, undefined, AbortSignal.timeout(10_000), keys);
  } finally {
    client.close();
  }
}

/** The registration ID that the unit with this label will have. */
export function registrationOf(folder: string, label: string): string {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  try {
    const id = db.prepare<[string], string>(
      `SELECT r.value FROM disclosure s JOIN unit ON unit.serial = s.id JOIN disclosure r ON r.id = unit.registration
       WHERE s.label = 'serial' AND s.value = ?`,
    );
    const found = id.pluck().get(label);
    if (found === undefined) throw new Error(`no unit ${label}`);
    return found;
  } finally {
    db.close();
  }
}

/** Its port is known to whoever started it alone: the process that has this folder says it by what it listens on. */
export async function reach(folder: string): Promise<Reached> {
  const home = join(folder, 'practice', 'dps');
  const processes = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).stdout.split('\n');
  const pid = processes
    .find((line) => line.includes('dps.main.ts') && line.includes(home))
    ?.trim()
    .split(' ')[0];
  const sockets = spawnSync('ss', ['-Hltnp'], { encoding: 'utf8' }).stdout.split('\n');
  const ports = sockets.flatMap((line) => (line.includes(`pid=${pid},`) ? [Number(/:(\d+)\s/.exec(line)?.[1])] : []));
  const connection = readFileSync(join(home, 'connection-string.txt'), 'utf8');
  const known = {
    ca: readFileSync(join(home, 'ca.pem'), 'utf8'),
    host: /HostName=([^;]+)/.exec(connection)?.[1] ?? '',
    token: readFileSync(join(home, 'admin-token.txt'), 'utf8').trim(),
  };
  for (const port of ports) {
    // The other one is MQTT's, which hangs up.
    const status = await ask({ ...known, port }, 'PUT', '/birthmark-emulator/switches', {}).catch(() => 0);
    if (status === 200) return { ...known, port };
  }
  throw new Error(`no emulator runs in ${home}`);
}

function ask({ port, ca, host, token }: Reached, method: string, path: string, body: object): Promise<number> {
  const headers = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, servername: host, ca, method, path, headers, agent: false });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.end(JSON.stringify(body));
  });
}
