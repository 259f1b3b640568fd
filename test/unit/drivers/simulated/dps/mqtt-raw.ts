// Raw MQTT against the emulator: user names, passwords and topics are the tests' own; the packets are the mqtt package's, or
// bytes.
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { type Device, sas } from './raw.ts';

export const RESPONSES = '$dps/registrations/res/#';

type Options = Partial<IClientOptions> & { idScope?: string; parameters?: string };

/** The user name and password of a device, as the documents say them. */
export function mqttCredential(
  { idScope }: Pick<Emulator, 'idScope'>,
  who: Device,
  parameters = 'api-version=2019-03-31',
) {
  const { id, key, sr = `${idScope}/registrations/${id}`, se, skn = 'registration' } = who;
  const password = sas({ sr, key, skn, ...(se !== undefined && { se }) });
  return { clientId: id, username: `${idScope}/registrations/${id}/${parameters}`, password };
}

/** Connects with a device's symmetric key, unless the options say otherwise; rejects when CONNECT is refused. */
export function connectDevice(emulator: Emulator, who: Device, options: Options = {}): Promise<MqttClient> {
  const { idScope = emulator.idScope, parameters, ...rest } = options;
  const settings: IClientOptions = {
    ...mqttCredential({ idScope }, who, parameters),
    ca: emulator.ca,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 5000,
    ...rest,
  };
  return connectAsync(`mqtts://localhost:${emulator.mqttPort}`, settings, false);
}

export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

export type MqttReply = { status: number; query: URLSearchParams; body: Record<string, unknown>; text: string };

let requests = 0;

/** Publishes a request and waits for its answer; the client has subscribed. */
export function askMqtt(client: MqttClient, topic: string, payload: string, more = ''): Promise<MqttReply> {
  requests += 1;
  const rid = `r-${requests}`;
  client.setMaxListeners(100);
  return new Promise((resolve, reject) => {
    const heard = (answer: string, bytes: Buffer) => {
      const [, status, query] = /^\$dps\/registrations\/res\/(\d+)\/\?(.*)$/.exec(answer) ?? [];
      const parameters = new URLSearchParams(query);
      if (parameters.get('$rid') !== rid) return;
      done();
      const text = bytes.toString();
      resolve({ status: Number(status), query: parameters, text, body: objectOf(text) });
    };
    const gone = () => {
      done();
      reject(new Error('the connection was closed'));
    };
    const done = () => {
      client.off('message', heard);
      client.off('close', gone);
    };
    client.on('message', heard);
    client.on('close', gone);
    client.publish(`${topic}?$rid=${rid}${more}`, payload, { qos: 1 });
  });
}

function objectOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export function registerMqtt(client: MqttClient, body: object | string = {}): Promise<MqttReply> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return askMqtt(client, '$dps/registrations/PUT/iotdps-register/', payload);
}

export function pollMqtt(client: MqttClient, operationId: unknown): Promise<MqttReply> {
  const topic = '$dps/registrations/GET/iotdps-get-operationstatus/';
  return askMqtt(client, topic, ' ', `&operationId=${String(operationId)}`);
}

/** A bare TLS connection to the MQTT port. */
export async function bareConnection({ mqttPort, ca }: Emulator): Promise<TLSSocket> {
  const socket = connectTls({ host: '127.0.0.1', port: mqttPort, ca, servername: 'localhost' });
  await once(socket, 'secureConnect');
  return socket;
}
