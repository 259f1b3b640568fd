import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openTlsIdentity } from '../dps/tls.ts';
import { connectionString, type Hub, openHub } from './instance.ts';
import { serve } from './server.ts';
import { defaultSwitches, type RequestLine, type Switches } from './switches.ts';

export type HubOptions = {
  /** Where the registry, the TLS identity and the credentials live; made at the first start. */
  readonly folder: string;
  /** 0 or nothing takes any free port. Only 127.0.0.1 is listened on. */
  readonly port?: number;
  /** The time in milliseconds, for tokens and limits. */
  readonly clock?: () => number;
  readonly switches?: Partial<Switches>;
};

/** A running stub. */
export type SimulatedHub = {
  readonly port: number;
  readonly host: string;
  /** The CA certificate to trust, as PEM, and where it lies. */
  readonly ca: string;
  readonly caFile: string;
  /** Of a policy: iothubowner, registryReadWrite or registryRead. */
  connectionStringOf(policy: string): string;
  /** Live: what is set here holds from the next request on. */
  readonly switches: Switches;
  requests(): readonly RequestLine[];
  close(): Promise<void>;
};

/** Starts a hub, whose registry is what it was when the last one of this folder ended, however it ended. */
export async function startHub({
  folder,
  port = 0,
  clock = Date.now,
  switches = {},
}: HubOptions): Promise<SimulatedHub> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tls = openTlsIdentity(folder);
  const file = join(folder, 'hub.db');
  const hub: Hub = openHub(file, { ...defaultSwitches(), ...switches }, clock);
  chmodSync(file, 0o600);
  const closing = new AbortController();
  const { server, settled } = serve(hub, tls, closing.signal);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    host: hub.host,
    ca: tls.ca,
    caFile: join(folder, 'ca.pem'),
    connectionStringOf: (policy) => connectionString(hub, policy),
    switches: hub.switches,
    requests: () => hub.requests,
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await settled();
      hub.store.close();
    },
  };
}
