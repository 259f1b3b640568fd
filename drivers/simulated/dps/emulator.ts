import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { askPending } from './custom/allocation-question.ts';
import { connectionString, ensurePolicy, type Instance, type Names, OWNER_POLICY, openInstance } from './instance.ts';
import { certificatesPath } from './management-api.ts';
import { Sessions, serveMqtt } from './mqtt/sessions.ts';
import type { RequestLine } from './request-log.ts';
import { serve } from './server.ts';
import { defaultSwitches, type Right, type Switches } from './switches.ts';
import { openTlsIdentity } from './tls.ts';

export type EmulatorOptions = {
  /** Where the state, the TLS identity and the credentials live; made at the first start. */
  folder: string;
  /** 0 or nothing takes any free port. Only 127.0.0.1 is listened on. */
  port?: number;
  /** As `port`, for MQTT over TLS. */
  mqttPort?: number;
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
  /** HTTPS, and MQTT over WebSocket. */
  readonly port: number;
  readonly mqttPort: number;
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
  const { folder, port = 0, mqttPort = 0, clock = Date.now, switches = {}, policies = {}, names = {} } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tls = openTlsIdentity(folder);
  const instance = openInstance(join(folder, 'dps.db'), { ...defaultSwitches(), ...switches }, clock, names);
  chmodSync(join(folder, 'dps.db'), 0o600);
  for (const [name, rights] of Object.entries(policies)) ensurePolicy(instance, name, rights);
  const adminToken = instance.store.setting('admin token', () => randomBytes(24).toString('hex'));
  const sessions = new Sessions(instance);
  const https = serve(instance, tls, adminToken, sessions);
  const mqtt = serveMqtt(tls, sessions);
  try {
    await Promise.all([listen(https, port), listen(mqtt, mqttPort)]);
  } catch (error) {
    https.close();
    mqtt.close();
    instance.store.close();
    throw error;
  }
  askPending(instance);
  return {
    ...describe(instance),
    port: portOf(https),
    mqttPort: portOf(mqtt),
    ca: tls.ca,
    caFile: join(folder, 'ca.pem'),
    adminToken,
    switches: instance.switches,
    requests: () => instance.log.lines(),
    async close() {
      instance.background.abort();
      const closed = [https, mqtt].map((server) => once(server, 'close'));
      for (const server of [https, mqtt]) server.close();
      https.closeAllConnections();
      sessions.close();
      await instance.background.settled();
      await Promise.all(closed);
      instance.store.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
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
