import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connectionString, ensurePolicy, type Instance, type Names, OWNER_POLICY, openInstance } from './instance.ts';
import { certificatesPath } from './management-api.ts';
import { serve } from './server.ts';
import { defaultSwitches, type RequestLine, type Right, type Switches } from './switches.ts';
import { openTlsIdentity } from './tls.ts';

export type EmulatorOptions = {
  /** Where the state, the TLS identity and the credentials live; made at the first start. */
  folder: string;
  /** 0 or nothing takes any free port. Only 127.0.0.1 is listened on. */
  port?: number;
  /** The time in milliseconds, for tokens, limits and records. */
  clock?: () => number;
  switches?: Partial<Switches>;
  /** The instance's names, for tests with published vectors. They hold from the first start on; random without. */
  names?: Names;
  /** Policies beside `provisioningserviceowner`, by name. */
  policies?: Record<string, Right[]>;
};

/** A running emulator. */
export type Emulator = {
  readonly port: number;
  /** The CA certificate to trust, as PEM, and where it lies. */
  readonly ca: string;
  readonly caFile: string;
  readonly serviceHost: string;
  readonly deviceHost: string;
  readonly idScope: string;
  /** The owner policy's connection string; others by `connectionStringOf`. */
  readonly connectionString: string;
  connectionStringOf(policy: string): string;
  readonly adminToken: string;
  /** Where the instance's CA certificates are managed, with the admin token, at the service host. */
  readonly certificatesPath: string;
  /** Live: what is set here holds from the next request on. */
  readonly switches: Switches;
  requests(): RequestLine[];
  close(): Promise<void>;
};

/** Starts an emulator, whose state is what it was when the last one of this folder ended, however it ended. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { folder, port = 0, clock = Date.now, switches = {}, policies = {}, names = {} } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tls = openTlsIdentity(folder);
  const instance = openInstance(join(folder, 'dps.db'), { ...defaultSwitches(), ...switches }, clock, names);
  chmodSync(join(folder, 'dps.db'), 0o600);
  for (const [name, rights] of Object.entries(policies)) ensurePolicy(instance, name, rights);
  const adminToken = instance.store.setting('admin token', () => randomBytes(24).toString('hex'));
  const closing = new AbortController();
  const { server, settled } = serve(instance, tls, adminToken, closing.signal);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...describe(instance),
    port: (server.address() as AddressInfo).port,
    ca: tls.ca,
    caFile: join(folder, 'ca.pem'),
    adminToken,
    switches: instance.switches,
    requests: () => instance.log.lines(),
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await settled();
      instance.store.close();
    },
  };
}

function describe(instance: Instance) {
  return {
    serviceHost: instance.serviceHost,
    deviceHost: instance.deviceHost,
    idScope: instance.idScope,
    certificatesPath: certificatesPath(instance),
    connectionString: connectionString(instance, OWNER_POLICY),
    connectionStringOf: (policy: string) => connectionString(instance, policy),
  };
}

/** Writes a credential where only its owner can read it. */
export function writeCredential(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // The mode above counts only for a new file.
  chmodSync(file, 0o600);
}
