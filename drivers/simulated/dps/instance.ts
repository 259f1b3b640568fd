import { randomBytes } from 'node:crypto';
import { Background } from './background.ts';
import { timeWriter } from './encoding.ts';
import { Chance } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { type Policy, Store } from './store.ts';
import { type Right, rights, type Switches } from './switches.ts';
import { Throttle } from './throttle.ts';

/** One DPS instance: its names, its state and its switches. Everything that acts on a call gets it. */
export type Instance = {
  readonly serviceHost: string;
  readonly deviceHost: string;
  readonly idScope: string;
  readonly store: Store;
  readonly switches: Switches;
  readonly throttle: Throttle;
  readonly log: RequestLog;
  readonly background: Background;
  /** The random sequence of the storm. */
  readonly chance: Chance;
  /** The service's clock, in milliseconds. */
  readonly now: () => number;
  readonly writeTime: () => string;
};

export type Names = { readonly serviceHost?: string; readonly idScope?: string };

export const OWNER_POLICY = 'provisioningserviceowner';

/** Opens the instance that lives in this file, and makes its names and its owner policy at the first start. */
export function openInstance(file: string, switches: Switches, clock: () => number, names: Names): Instance {
  const store = new Store(file);
  const now = () => clock() + switches.dateSkewSeconds * 1000;
  const instance: Instance = {
    serviceHost: store.setting('service host', () => names.serviceHost ?? randomHost()),
    deviceHost: 'global.azure-devices-provisioning.net',
    idScope: store.setting('ID scope', () => names.idScope ?? `0ne${hex(4).toUpperCase()}`),
    store,
    switches,
    throttle: new Throttle(now),
    log: new RequestLog(),
    background: new Background(),
    chance: new Chance(),
    now,
    writeTime: timeWriter(now),
  };
  ensurePolicy(instance, OWNER_POLICY, [...rights]);
  return instance;
}

/** Makes the policy, or gives an existing one these rights. Its keys stay the same for as long as the state lives. */
export function ensurePolicy(instance: Instance, name: string, wanted: Right[]): Policy {
  const known = instance.store.policy(name);
  const policy = known
    ? { ...known, rights: wanted }
    : { name, rights: wanted, primaryKey: newKey(32), secondaryKey: newKey(32) };
  instance.store.savePolicy(policy);
  return policy;
}

/** What a service client is configured with: host, policy and the policy's primary key. */
export function connectionString(instance: Instance, policy: string): string {
  const known = instance.store.policy(policy);
  if (!known) throw new Error(`the emulator has no policy called ${policy}`);
  return `HostName=${instance.serviceHost};SharedAccessKeyName=${known.name};SharedAccessKey=${known.primaryKey}`;
}

/** A fresh random key in base64. */
export function newKey(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

/** Random, so that a client which looked the name up by mistake would not meet somebody's service. */
function randomHost(): string {
  return `practice-${hex(6)}.azure-devices-provisioning.net`;
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
