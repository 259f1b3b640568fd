// Raw HTTPS against the emulator: every byte that the tests send is theirs, none comes from an SDK.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../../../drivers/simulated/dps/emulator.ts';

export type Reply = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

/** Everything that a call needs; the host is the service's own unless said otherwise. */
export type Ask = {
  method: string;
  path: string;
  host?: string;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is a string. */
  body?: unknown;
  /** TLS options: a client certificate and its key, versions, an agent that keeps connections. */
  tls?: RequestOptions;
};

export type Target = Pick<Emulator, 'port' | 'ca' | 'serviceHost' | 'deviceHost' | 'idScope' | 'connectionString'>;

export function ask(
  target: Target,
  { method, path, host = target.serviceHost, headers = {}, body, tls = {} }: Ask,
): Promise<Reply> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: target.port,
      ca: target.ca,
      servername: host,
      agent: false,
      method,
      path,
      headers: { Host: host, ...type, ...headers },
      ...tls,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.end(text);
  });
}

export const json = (reply: Reply) => JSON.parse(reply.text) as Record<string, unknown>;
export const list = (reply: Reply) => JSON.parse(reply.text) as Record<string, unknown>[];

type Signing = { sr: string; key: Buffer; se?: number; skn?: string };

/** A token whose `sr` is signed as it is written. */
export function sas({ sr, key, se = Math.floor(Date.now() / 1000) + 600, skn }: Signing): string {
  const sig = encodeURIComponent(createHmac('sha256', key).update(`${sr}\n${se}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${se}${skn === undefined ? '' : `&skn=${skn}`}`;
}

/** The parts of a connection string. */
export function credential(connectionString: string) {
  const [, sr = '', skn = '', key = ''] =
    /^HostName=(.*);SharedAccessKeyName=(.*);SharedAccessKey=(.*)$/.exec(connectionString) ?? [];
  return { sr, skn, key: Buffer.from(key, 'base64') };
}

/** A call of the service API with the owner's token. */
export function service(
  target: Target,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const Authorization = sas(credential(target.connectionString));
  return ask(target, { method, path: `${path}?api-version=2021-10-01`, body, headers: { Authorization, ...headers } });
}

export type Device = { id: string; key: Buffer; sr?: string; se?: number; skn?: string };

/** A device's call; `tail` is what follows the registration ID in the path. */
export function device(
  target: Target,
  method: string,
  tail: string,
  who: Device,
  body?: unknown,
  tls: RequestOptions = {},
): Promise<Reply> {
  const { id, key, sr = `${target.idScope}%2Fregistrations%2F${id}`, se, skn = 'registration' } = who;
  const Authorization = sas({ sr, key, skn, ...(se !== undefined && { se }) });
  const path = `/${target.idScope}/registrations/${id}${tail}?api-version=2021-06-01`;
  return ask(target, { method, path, host: target.deviceHost, headers: { Authorization }, body, tls });
}

/** Registers and polls once. */
export async function registration(target: Target, who: Device, tls: RequestOptions = {}): Promise<Reply> {
  const first = await device(target, 'PUT', '/register', who, { registrationId: who.id }, tls);
  if (first.status !== 202) return first;
  return device(target, 'GET', `/operations/${String(json(first).operationId)}`, who, undefined, tls);
}

/** A call of a device that has no token and shows what `tls` holds. */
export function certified(target: Target, method: string, tail: string, id: string, tls: RequestOptions) {
  const path = `/${target.idScope}/registrations/${id}${tail}?api-version=2021-06-01`;
  return ask(target, { method, path, host: target.deviceHost, tls, ...(method !== 'GET' && { body: {} }) });
}

/** Registers by certificate and polls once. */
export async function certifiedRegistration(target: Target, id: string, tls: RequestOptions): Promise<Reply> {
  const first = await certified(target, 'PUT', '/register', id, tls);
  if (first.status !== 202) return first;
  return certified(target, 'GET', `/operations/${String(json(first).operationId)}`, id, tls);
}

export type Managed = Target & Pick<Emulator, 'adminToken' | 'certificatesPath'>;

/** A call to the instance's CA certificates; `tail` is what follows their path. */
export function manage(
  target: Managed,
  method: string,
  tail: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const Authorization = `Bearer ${target.adminToken}`;
  const path = `${target.certificatesPath}${tail}?api-version=2022-02-05`;
  return ask(target, { method, path, body, headers: { Authorization, ...headers } });
}

export const keyOfLetter = (letter: string, bytes = 32) => Buffer.alloc(bytes, letter);

/** A symmetric-key attestation with known keys: primary of one letter, secondary of the other. */
export function symmetric(primary = 'p', secondary = 's') {
  const symmetricKey = {
    primaryKey: keyOfLetter(primary).toString('base64'),
    secondaryKey: keyOfLetter(secondary).toString('base64'),
  };
  return { type: 'symmetricKey', symmetricKey };
}

export const overwrite = { 'If-Match': '*' };

/** PUTs an individual enrollment, with the keys of `symmetric` unless `more` says otherwise. */
export function enroll(target: Target, registrationId: string, more: object = {}, headers = {}): Promise<Reply> {
  const entry = { registrationId, attestation: symmetric(), ...more };
  return service(target, 'PUT', `/enrollments/${registrationId}`, entry, headers);
}

export function putGroup(target: Target, enrollmentGroupId: string, attestation: object, more = {}): Promise<Reply> {
  const entry = { enrollmentGroupId, attestation, ...more };
  return service(target, 'PUT', `/enrollmentGroups/${enrollmentGroupId}`, entry);
}

/** The device that has the primary key of an entry made by `enroll`. */
export const primary = (id: string): Device => ({ id, key: keyOfLetter('p') });

/** The key of a group's device. */
export const derived = (groupKey: Buffer, id: string) => createHmac('sha256', groupKey).update(id).digest();

/** An emulator in a folder of its own, without limits and without waiting unless the switches say otherwise. */
export async function freshEmulator(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const folder = mkdtempSync(join(tmpdir(), 'dps-'));
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  const switches = { retryAfterSeconds: 0, throttle, ...options.switches };
  const emulator = await startEmulator({ folder, ...options, switches });
  const close = async () => {
    await emulator.close();
    rmSync(folder, { recursive: true });
  };
  return { ...emulator, close };
}
