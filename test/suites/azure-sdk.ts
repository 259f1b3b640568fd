// The unmodified Azure SDKs against the emulator. Their HTTP clients refuse a port in the host's name, so an agent brings
// their connections to it; host name, server name and certificate check stay what they are against Azure.
import { once } from 'node:events';
import { Agent, type RequestOptions } from 'node:https';
import { createRequire } from 'node:module';
import { connect as connectSocket, type Socket } from 'node:net';
import { ProvisioningDeviceClient, type RegistrationResult } from 'azure-iot-provisioning-device';
import { Http } from 'azure-iot-provisioning-device-http';
import { Mqtt, MqttWs } from 'azure-iot-provisioning-device-mqtt';
import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { SymmetricKeySecurityClient } from 'azure-iot-security-symmetric-key';
import { X509Security } from 'azure-iot-security-x509';
import type { Emulator } from '../../drivers/simulated/dps/emulator.ts';
import type { Swtpm } from './swtpm.ts';

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

export type TpmDevice = {
  /** Without one, the SDK makes it from the endorsement key. */
  registrationId?: string;
  idScope: string;
  swtpm: Pick<Swtpm, 'port'>;
};

/**
 * Registers a device with a TPM through the device SDK, over HTTPS. The SDK makes EK and SRK persistent where they are
 * not, and leaves the hub's key in the TPM at 0x81000100. The TPM is free for others when the promise settles.
 */
export async function registerTpmDevice(
  emulator: DeviceEndpoint,
  { registrationId, idScope, swtpm }: TpmDevice,
): Promise<RegistrationResult> {
  const tpm = new sdk.Tpm(false);
  tpm.device = new RawTransport(swtpm.port);
  try {
    const security = new sdk.TpmSecurityClient(registrationId, tpm);
    // Against its typings the SDK gives the whole operation here, and with other credentials the state in it alone.
    const operation = (await register(emulator, idScope, security)) as { registrationState?: RegistrationResult };
    if (!operation.registrationState) throw new Error('the device SDK gave no registration state');
    return operation.registrationState;
  } finally {
    tpm.close();
  }
}

/** The parts of the TPM packages that are used here; they are installed in a folder of their own (build/setup.mjs). */
type Tpm = { device: TssTransport; close(): void };
type TpmPackages = {
  Tpm: new (useSimulator: boolean) => Tpm;
  TpmSecurityClient: new (registrationId: string | undefined, tpm: Tpm) => object;
};

const require = createRequire(new URL('../azure-tpm/package.json', import.meta.url));

const sdk: TpmPackages = {
  get Tpm() {
    return (require('tss.js') as TpmPackages).Tpm;
  },
  get TpmSecurityClient() {
    return (require('azure-iot-security-tpm') as TpmPackages).TpmSecurityClient;
  },
};

/** What tss.js calls a device. It calls back with an error or null, and with a whole response. */
type TssTransport = {
  connect(continuation: (error: Error | null) => void): null;
  dispatchCommand(command: Buffer, continuation: (error: Error | null, response?: Buffer) => void): void;
  close(): void;
};

/** tss.js itself speaks TCP only with the Microsoft simulator's framing; swtpm takes bare commands. */
class RawTransport implements TssTransport {
  readonly #port: number;
  #socket: Socket | undefined;
  #chunks: AsyncIterator<unknown> | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  connect(continuation: (error: Error | null) => void): null {
    const socket = connectSocket(this.#port, '127.0.0.1');
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
    once(socket, 'connect').then(
      () => continuation(null),
      (error: Error) => continuation(error),
    );
    return null;
  }

  dispatchCommand(command: Buffer, continuation: (error: Error | null, response?: Buffer) => void): void {
    this.#exchange(command).then(
      (response) => continuation(null, response),
      (error: Error) => continuation(error),
    );
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #exchange(command: Buffer): Promise<Buffer> {
    if (!this.#socket || !this.#chunks) throw new Error('not connected to the TPM');
    this.#socket.write(command);
    let response = Buffer.alloc(0);
    // The size of a response stands behind its tag (TPM 2.0 part 1, Response Header).
    while (response.length < 10 || response.length < response.readUInt32BE(2)) {
      const { done, value } = await this.#chunks.next();
      if (done) throw new Error('the TPM has closed the connection');
      response = Buffer.concat([response, value as Buffer]);
    }
    return response;
  }
}

function register(emulator: DeviceEndpoint, idScope: string, security: object): Promise<RegistrationResult> {
  const http = new Http();
  connect(http, '_httpBase', emulator);
  return settled(emulator.deviceHost, idScope, http, security);
}

export type MqttEndpoint = DeviceEndpoint & Pick<Emulator, 'mqttPort'>;

/** MQTT takes a port in the host's name; over WebSocket an agent brings the connection to it, as over HTTPS. */
export type MqttOver = 'TLS' | 'WebSocket';

/** Registers a device with a symmetric key through the device SDK, over MQTT. */
export function registerDeviceByMqtt(
  emulator: MqttEndpoint,
  over: MqttOver,
  { registrationId, key, idScope, payload }: DeviceCredential & { payload?: object },
): Promise<RegistrationResult> {
  return registerByMqtt(emulator, over, idScope, new SymmetricKeySecurityClient(registrationId, key), payload);
}

/** Registers a device with an X.509 certificate through the device SDK, over MQTT. */
export function registerCertifiedDeviceByMqtt(
  emulator: MqttEndpoint,
  over: MqttOver,
  { registrationId, idScope, cert, key }: CertifiedDevice,
): Promise<RegistrationResult> {
  return registerByMqtt(emulator, over, idScope, new X509Security(registrationId, { cert, key }));
}

function registerByMqtt(
  emulator: MqttEndpoint,
  over: MqttOver,
  idScope: string,
  security: object,
  payload?: object,
): Promise<RegistrationResult> {
  const transport = over === 'TLS' ? new Mqtt() : new MqttWs();
  const base = Reflect.get(transport, '_mqttBase') as { setOptions(options: object): void };
  base.setOptions({ ca: emulator.ca, mqtt: { webSocketAgent: new ConnectingAgent(emulator) } });
  const host = over === 'TLS' ? `localhost:${emulator.mqttPort}` : emulator.deviceHost;
  return settled(host, idScope, transport, security, payload);
}

type DeviceTransport = Parameters<typeof ProvisioningDeviceClient.create>[2];

function settled(
  host: string,
  idScope: string,
  transport: object,
  security: object,
  payload?: object,
): Promise<RegistrationResult> {
  // The packages bring copies of one class, which their typings tell apart.
  const client = ProvisioningDeviceClient.create(
    host,
    idScope,
    transport as unknown as DeviceTransport,
    security as unknown as Security,
  );
  if (payload) client.setProvisioningPayload(payload);
  return new Promise((resolve, reject) => {
    void client.register((error, result) => {
      if (result && !error) resolve(result);
      else reject(error ?? new Error('the device SDK gave no result'));
    });
  });
}
