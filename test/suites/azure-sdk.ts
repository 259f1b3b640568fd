// The unmodified Azure SDKs against the emulator. Their HTTP clients refuse a port in the host's name, so an agent brings
// their connections to it; host name, server name and certificate check stay what they are against Azure.
import { Agent, type RequestOptions } from 'node:https';
import { ProvisioningDeviceClient, type RegistrationResult } from 'azure-iot-provisioning-device';
import { Http } from 'azure-iot-provisioning-device-http';
import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { SymmetricKeySecurityClient } from 'azure-iot-security-symmetric-key';
import { X509Security } from 'azure-iot-security-x509';
import type { Emulator } from '../../drivers/simulated/dps/emulator.ts';

/** What is needed to reach an emulator, in this process or in another. */
export type Reachable = Pick<Emulator, 'port' | 'ca'>;

/** An agent whose connections end at the emulator, whatever host they were meant for. */
export class ConnectingAgent extends Agent {
  readonly #port: number;

  constructor({ port, ca }: Reachable) {
    super({ ca, keepAlive: false });
    this.#port = port;
  }

  override createConnection(...args: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    const [options, callback] = args;
    const here: RequestOptions = { ...(options as RequestOptions), host: '127.0.0.1', port: this.#port };
    return super.createConnection(here as typeof options, callback);
  }
}

/** The SDKs keep the transport to themselves; this is the one thing of theirs that the tests reach for. */
type Transport = { setOptions(options: { http: { agent: Agent }; ca: string }): void };

function connect(owner: object, member: string, emulator: Reachable): void {
  const transport = Reflect.get(owner, member) as Transport;
  transport.setOptions({ http: { agent: new ConnectingAgent(emulator) }, ca: emulator.ca });
}

/** The service SDK's client for the emulator, with the owner's credential or another one. */
export function serviceClient(
  emulator: Reachable & Pick<Emulator, 'connectionString'>,
  connectionString = emulator.connectionString,
): ProvisioningServiceClient {
  const client = ProvisioningServiceClient.fromConnectionString(connectionString);
  connect(client, '_restApiClient', emulator);
  return client;
}

type Security = Parameters<typeof ProvisioningDeviceClient.create>[3];

export type DeviceCredential = { registrationId: string; key: string; idScope: string };

type DeviceEndpoint = Reachable & Pick<Emulator, 'deviceHost'>;

/** Registers a device with a symmetric key through the device SDK, over HTTPS. */
export function registerDevice(
  emulator: DeviceEndpoint,
  { registrationId, key, idScope }: DeviceCredential,
): Promise<RegistrationResult> {
  return register(emulator, idScope, new SymmetricKeySecurityClient(registrationId, key));
}

export type CertifiedDevice = { registrationId: string; idScope: string; cert: string; key: string };

/** Registers a device with an X.509 certificate through the device SDK, over HTTPS; `cert` is the chain that it sends. */
export function registerCertifiedDevice(
  emulator: DeviceEndpoint,
  { registrationId, idScope, cert, key }: CertifiedDevice,
): Promise<RegistrationResult> {
  return register(emulator, idScope, new X509Security(registrationId, { cert, key }));
}

function register(
  emulator: DeviceEndpoint,
  idScope: string,
  security: SymmetricKeySecurityClient | X509Security,
): Promise<RegistrationResult> {
  const http = new Http();
  connect(http, '_httpBase', emulator);
  // The packages bring copies of one class, which their typings tell apart.
  const client = ProvisioningDeviceClient.create(emulator.deviceHost, idScope, http, security as unknown as Security);
  return new Promise((resolve, reject) => {
    void client.register((error, result) => {
      if (result && !error) resolve(result);
      else reject(error ?? new Error('the device SDK gave no result'));
    });
  });
}
