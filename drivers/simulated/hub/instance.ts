import { randomBytes } from 'node:crypto';
import { HubError } from './errors.ts';
import { type Policy, Store } from './store.ts';
import type { RequestLine, Right, Switches } from './switches.ts';

/** One IoT hub: its name, its registry and its switches. Everything that acts on a call gets it. */
export type Hub = {
  readonly host: string;
  readonly store: Store;
  readonly switches: Switches;
  readonly throttle: Throttle;
  readonly requests: RequestLine[];
  readonly now: () => number;
};

/** The policies that every hub has, as far as they reach the registry. */
const policies: readonly (readonly [string, readonly Right[]])[] = [
  ['iothubowner', ['RegistryRead', 'RegistryWrite']],
  ['registryReadWrite', ['RegistryRead', 'RegistryWrite']],
  ['registryRead', ['RegistryRead']],
];

/** Opens the hub that lives in this file; its name and its policies are made at the first start. */
export function openHub(file: string, switches: Switches, now: () => number): Hub {
  const store = new Store(file);
  // Random, so that a client which looked the name up by mistake would not meet somebody's service.
  const host = store.setting('host', () => `practice-${randomBytes(6).toString('hex')}.azure-devices.net`);
  for (const [name, rights] of policies) {
    if (!store.policy(name)) store.savePolicy({ name, rights, key: randomBytes(32).toString('base64') });
  }
  return { host, store, switches, throttle: new Throttle(now), requests: [], now };
}

/** What a service client is configured with. */
export function connectionString({ store, host }: Hub, name: string): string {
  const policy: Policy | undefined = store.policy(name);
  if (!policy) throw new Error(`the hub has no policy called ${name}`);
  return `HostName=${host};SharedAccessKeyName=${name};SharedAccessKey=${policy.key}`;
}

/** Counts calls in windows of a minute and refuses what goes over with 429 and Retry-After. */
export class Throttle {
  readonly #now: () => number;
  #began = Number.NEGATIVE_INFINITY;
  #used = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  take(perMinute: number | null): void {
    const now = this.#now();
    if (now - this.#began >= 60_000) [this.#began, this.#used] = [now, 0];
    this.#used += 1;
    if (perMinute === null || this.#used <= perMinute) return;
    const wait = Math.max(1, Math.ceil((this.#began + 60_000 - now) / 1_000));
    throw new HubError('ThrottlingException', undefined, { 'Retry-After': String(wait) });
  }
}
