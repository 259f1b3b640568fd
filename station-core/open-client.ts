import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from './clock.ts';
import type { AzureDps, Config } from './config.ts';
import { StationError } from './contract/errors.ts';
import type { Mode } from './contract/record.ts';
import type { EmulatorReady, StandIns } from './open-parts.ts';
import { type Authorization, SasAuthorization } from './sync/dps/authorization.ts';
import { DpsClient } from './sync/dps/client.ts';
import { parseConnection } from './sync/dps/connection.ts';
import type { Endpoint } from './sync/dps/endpoint.ts';
import { EntraAuthorization } from './sync/dps/entra.ts';
import { type Credential, certificateCredential, secretCredential } from './sync/dps/entra-credential.ts';
import { proxyFor } from './sync/dps/proxy.ts';
import { Pace } from './sync/pace.ts';

/** What is asked for at the start of a station, in words for the person who is asked. */
export function questionOf({ auth }: AzureDps): string {
  if (auth.kind === 'sas') return 'DPS connection string';
  return auth.credential.kind === 'secret' ? 'client secret' : "pass phrase of the application's key";
}

type Opening = { readonly config: Config; readonly folder: string; readonly mode: Mode };

/** The service that the outbox goes to. `secret` is what `questionOf` asked for, zeroed here; none gives no client. */
export function openClient(
  { config, folder, mode }: Opening,
  standIns: StandIns | undefined,
  secret: Buffer | undefined,
): DpsClient | undefined {
  const { dps, budgetPerMinute } = config;
  const common = { pace: new Pace(budgetPerMinute, systemClock), clock: systemClock, mode };
  if (dps.kind === 'emulator') return standIns && new DpsClient({ ...common, ...emulated(standIns.emulator) });
  if (!secret) return undefined;
  try {
    const { bulkCountsAs } = dps;
    return new DpsClient({ ...common, bulkCountsAs, ...real(dps, folder, secret) });
  } finally {
    secret.fill(0);
  }
}

type Way = { readonly endpoint: Endpoint; readonly authorization: Authorization };

function emulated({ connectionStringFile, port, caFile }: EmulatorReady): Way {
  const text = readFileSync(connectionStringFile);
  try {
    const connection = parseConnection(text);
    const connect = { host: '127.0.0.1', port };
    const endpoint = { host: connection.host, connect, ca: readFileSync(caFile, 'utf8') };
    return { endpoint, authorization: new SasAuthorization(connection, systemClock) };
  } finally {
    text.fill(0);
  }
}

function real(dps: AzureDps, folder: string, secret: Buffer): Way {
  const { auth, serviceEndpoint, caFile } = dps;
  const ca = caFile === undefined ? {} : { ca: fileOf(folder, caFile, 'caFile').toString('utf8') };
  const way = (host: string, at?: { host: string; port: number }): Endpoint => {
    const { host: name, port } = at ?? { host, port: 443 };
    const proxy = proxyFor(name, port, process.env);
    return { host, ...(at ? { connect: at } : {}), ...ca, ...(proxy ? { proxy } : {}) };
  };
  if (auth.kind === 'sas') {
    const connection = parseConnection(secret);
    const authorization = new SasAuthorization(connection, systemClock);
    return { endpoint: way(connection.host, serviceEndpoint), authorization };
  }
  const { tenant, clientId, credential, authority } = auth;
  const authorization = new EntraAuthorization({
    authority: way(authority),
    tenant,
    clientId,
    credential: credentialOf(credential, folder, secret),
    clock: systemClock,
  });
  return { endpoint: way(auth.serviceHost, serviceEndpoint), authorization };
}

type EntraCredential = Extract<AzureDps['auth'], { kind: 'entra' }>['credential'];

function credentialOf(credential: EntraCredential, folder: string, secret: Buffer): Credential {
  if (credential.kind === 'secret') return secretCredential(secret);
  const { certificateFile, keyFile, assertion } = credential;
  const certificate = fileOf(folder, certificateFile, 'auth.credential.certificateFile');
  const key = fileOf(folder, keyFile, 'auth.credential.keyFile');
  return certificateCredential({ certificate, key }, secret, assertion, systemClock.now());
}

/** A file that the configuration names, relative to the station's folder. Throws `station.config`. */
function fileOf(folder: string, path: string, place: string): Buffer {
  try {
    return readFileSync(resolve(folder, path));
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code ?? 'none';
    throw new StationError('station.config', { place: `dps.${place}`, expected: 'a file to read', found }, { cause });
  }
}
