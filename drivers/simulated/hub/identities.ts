import { randomBytes, randomUUID } from 'node:crypto';
import { HubError } from './errors.ts';
import type { Hub } from './instance.ts';
import type { AuthenticationInput, Item } from './schemas.ts';
import type { Authentication, Kept } from './store.ts';

/** 50 is what the documents commonly state (dps-reference 10.2). */
const MOST_MODULES = 50;

export type Input = {
  readonly deviceId: string;
  readonly moduleId?: string | undefined;
  readonly status: 'enabled' | 'disabled';
  readonly statusReason: string | null;
  readonly authentication?: AuthenticationInput | null | undefined;
  readonly capabilities?: { readonly iotEdge: boolean } | null | undefined;
  readonly managedBy?: string | null | undefined;
  readonly twin?: Pick<Kept, 'tags' | 'desired'>;
};

export function existing(hub: Hub, deviceId: string, moduleId?: string): Kept {
  const found = hub.store.find(deviceId, moduleId);
  if (!found) throw new HubError(moduleId === undefined ? 'DeviceNotFound' : 'ModuleNotFound');
  return found;
}

/** Makes an identity that is not there. */
export function create(hub: Hub, input: Input): Kept {
  const { deviceId, moduleId } = input;
  if (hub.store.find(deviceId, moduleId)) {
    throw new HubError(moduleId === undefined ? 'DeviceAlreadyExists' : 'ModuleAlreadyExistsOnDevice');
  }
  if (moduleId !== undefined) {
    existing(hub, deviceId);
    if (hub.store.modulesOf(deviceId).length >= MOST_MODULES) throw new HubError('TooManyModulesOnDevice');
  }
  const kept = keep(hub, input, undefined);
  // An IoT Edge device has these two from the beginning.
  if (kept.iotEdge) {
    for (const name of ['$edgeAgent', '$edgeHub']) {
      keep(hub, { deviceId, moduleId: name, status: 'enabled', statusReason: null, managedBy: 'iotEdge' }, undefined);
    }
  }
  return kept;
}

/** Replaces one that is there, if the tag is its own; keys that are left out stay. */
export function update(hub: Hub, input: Input, ifMatch: string | undefined): Kept {
  const before = existing(hub, input.deviceId, input.moduleId);
  if (ifMatch !== undefined && !tagMatches(ifMatch, before.etag)) throw new HubError('PreconditionFailed');
  return keep(hub, input, before);
}

export function remove(hub: Hub, deviceId: string, moduleId: string | undefined, ifMatch: string | undefined): void {
  const before = existing(hub, deviceId, moduleId);
  if (ifMatch !== undefined && !tagMatches(ifMatch, before.etag)) throw new HubError('PreconditionFailed');
  hub.store.remove(deviceId, moduleId);
}

/** Tags are quoted on the wire; `*` counts with and without quotes. */
const tagMatches = (ifMatch: string, etag: string): boolean => {
  const wanted = ifMatch.trim().replace(/^"(.*)"$/, '$1');
  return wanted === '*' || wanted === etag;
};

function keep(hub: Hub, input: Input, before: Kept | undefined): Kept {
  const { deviceId, moduleId, status, statusReason, managedBy, twin } = input;
  const kept: Kept = {
    deviceId,
    ...(moduleId === undefined ? {} : { moduleId }),
    generationId: before?.generationId ?? String(BigInt(`0x${randomBytes(7).toString('hex')}`)),
    etag: Buffer.from(randomUUID().slice(0, 8)).toString('base64'),
    status,
    statusReason,
    authentication: authenticationOf(input.authentication, before?.authentication),
    iotEdge: input.capabilities?.iotEdge ?? false,
    ...(managedBy === undefined || managedBy === null ? {} : { managedBy }),
    tags: twin?.tags ?? before?.tags ?? {},
    desired: twin?.desired ?? before?.desired ?? {},
  };
  hub.store.save(kept);
  return kept;
}

/** Without a type a thumbprint means selfSigned and anything else sas; keys that are missing are made (dps-reference 10.1). */
function authenticationOf(
  given: AuthenticationInput | null | undefined,
  before: Authentication | undefined,
): Authentication {
  const prints = given?.x509Thumbprint;
  const type = given?.type ?? (prints?.primaryThumbprint || prints?.secondaryThumbprint ? 'selfSigned' : 'sas');
  switch (type) {
    case 'certificateAuthority':
      return { type };
    case 'selfSigned': {
      const { primaryThumbprint = null, secondaryThumbprint = null } = prints ?? {};
      if (primaryThumbprint === null && secondaryThumbprint === null) {
        throw new HubError('ArgumentInvalid', 'authentication.x509Thumbprint: expected a thumbprint');
      }
      return { type, x509Thumbprint: { primaryThumbprint, secondaryThumbprint } };
    }
    case 'sas': {
      const known = before?.type === 'sas' ? before.symmetricKey : undefined;
      const made = (name: 'primaryKey' | 'secondaryKey') =>
        given?.symmetricKey?.[name] || known?.[name] || randomBytes(32).toString('base64');
      return { type, symmetricKey: { primaryKey: made('primaryKey'), secondaryKey: made('secondaryKey') } };
    }
  }
}

/** How an item of a bulk call says the same. */
export function inputOf({ id, tags, properties, ...item }: Item): Input {
  return { ...item, deviceId: id, twin: { tags, desired: properties?.desired ?? {} } };
}

/** An identity as the hub shows it; the members that a real one has beside, with the values of one that never connected. */
export function shown(kept: Kept): object {
  const { deviceId, moduleId, generationId, etag, status, statusReason, iotEdge, managedBy } = kept;
  const never = '0001-01-01T00:00:00';
  const common = {
    deviceId,
    generationId,
    etag,
    connectionState: 'Disconnected',
    connectionStateUpdatedTime: never,
    lastActivityTime: never,
    cloudToDeviceMessageCount: 0,
    authentication: shownAuthentication(kept.authentication),
  };
  if (moduleId !== undefined) return { ...common, moduleId, managedBy: managedBy ?? null };
  return { ...common, status, statusReason, statusUpdatedTime: never, capabilities: { iotEdge } };
}

function shownAuthentication(authentication: Authentication): object {
  const none = {
    symmetricKey: { primaryKey: null, secondaryKey: null },
    x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null },
  };
  return { ...none, ...authentication };
}

/** A twin as the hub shows it. */
export function shownTwin({ deviceId, moduleId, etag, status, tags, desired, iotEdge }: Kept): object {
  return {
    deviceId,
    ...(moduleId === undefined ? {} : { moduleId }),
    etag,
    version: 1,
    status,
    connectionState: 'Disconnected',
    tags,
    properties: { desired: { ...desired, $version: 1 }, reported: { $version: 1 } },
    capabilities: { iotEdge },
  };
}
