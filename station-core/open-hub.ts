import { readFileSync } from 'node:fs';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { StationError } from './contract/errors.ts';
import type { Mode } from './contract/record.ts';
import type { HubReady, StandIns } from './open-parts.ts';
import type { Endpoint } from './sync/dps/endpoint.ts';
import { proxyFor } from './sync/dps/proxy.ts';
import { HubClient } from './sync/hub/client.ts';
import { parseHubConnection } from './sync/hub/connection.ts';
import { Pace } from './sync/pace.ts';

/**
 * The registry of the IoT hub that the configuration names. `secret` opens a secret of the station; its connection string is opened
 * for every call and zeroed after it.
 */
export function openHub(
  { hub }: Config,
  mode: Mode,
  standIns: StandIns | undefined,
  secret: (name: string) => Promise<Buffer>,
): HubClient | undefined {
  if (!hub) return undefined;
  const { text, endpoint, budget } = hub.kind === 'azure' ? real(hub, secret) : practised(standIns?.hub);
  const connection = async () => {
    const opened = await text();
    try {
      return parseHubConnection(opened);
    } finally {
      opened.fill(0);
    }
  };
  return new HubClient({ endpoint, connection, pace: new Pace(budget, systemClock), clock: systemClock, mode });
}

type From = { readonly endpoint: Endpoint; readonly text: () => Promise<Buffer>; readonly budget: number };
type AzureHub = Extract<NonNullable<Config['hub']>, { kind: 'azure' }>;

function real({ host, secret: name, budgetPerMinute }: AzureHub, secret: (name: string) => Promise<Buffer>): From {
  const proxy = proxyFor(host, 443, process.env);
  return { endpoint: { host, ...(proxy ? { proxy } : {}) }, text: () => secret(name), budget: budgetPerMinute };
}

function practised(ready: HubReady | undefined): From {
  if (!ready) throw new StationError('station.mode', { what: 'The IoT hub of the practice line', mode: 'production' });
  const { host, port, caFile, connectionStringFile } = ready;
  const endpoint = { host, connect: { host: '127.0.0.1', port }, ca: readFileSync(caFile, 'utf8') };
  return { endpoint, text: async () => readFileSync(connectionStringFile), budget: 100 };
}
