import { Registry } from 'azure-iothub';
import type { SimulatedHub } from '../../drivers/simulated/hub/hub.ts';
import { systemClock } from '../../station-core/clock.ts';
import type { OutboxRow } from '../../station-core/store/outbox.ts';
import { HubClient, type HubClientNeed } from '../../station-core/sync/hub/client.ts';
import { parseHubConnection } from '../../station-core/sync/hub/connection.ts';
import { Pace } from '../../station-core/sync/pace.ts';
import type { Fate, Sent, Target } from '../../station-core/sync/targets/target.ts';
import { ConnectingAgent } from './azure-sdk.ts';

/** A client of the simulated hub, with the least policy that may write. */
export function hubClientOf(
  hub: SimulatedHub,
  more: Partial<HubClientNeed> = {},
  policy = 'registryReadWrite',
): HubClient {
  return new HubClient({
    endpoint: { host: hub.host, connect: { host: '127.0.0.1', port: hub.port }, ca: hub.ca },
    connection: async () => parseHubConnection(Buffer.from(hub.connectionStringOf(policy))),
    pace: new Pace(100_000, systemClock),
    clock: systemClock,
    mode: 'practice',
    ...more,
  });
}

/** The SDKs keep the transport to themselves; this is the one thing of theirs that the tests reach for. */
type Transport = { setOptions(options: { http: { agent: ConnectingAgent } }): void };

/** The unmodified service SDK's registry for the simulated hub. */
export function registryOf(hub: SimulatedHub, policy = 'iothubowner'): Registry {
  const registry = Registry.fromConnectionString(hub.connectionStringOf(policy));
  (Reflect.get(registry, '_restApiClient') as Transport).setOptions({ http: { agent: new ConnectingAgent(hub) } });
  return registry;
}

/** What became of rows that a target was given, where the call as a whole did not fail. */
export async function fatesOf(target: Target, rows: readonly OutboxRow[]): Promise<ReadonlyMap<number, Fate>> {
  const sent: Sent = { fates: new Map(), operations: 0 };
  await target.send(rows, AbortSignal.timeout(20_000), sent);
  return sent.fates;
}

export const without = { registryPerMinute: null } as const;
