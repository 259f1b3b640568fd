import { createHash } from 'node:crypto';
import { newEtag } from './encoding.ts';
import type { Entry, RegisteredCertificates, Registration, RegistrationState } from './entries.ts';

export type Allocation = {
  readonly entry: Entry;
  /** As the device presented it. */
  readonly registrationId: string;
  readonly certificates: RegisteredCertificates | undefined;
  readonly previous: Registration | undefined;
  readonly linkedHubs: readonly string[];
  readonly time: string;
};

/** The outcome of a registration whose credential was good: which hub, which device ID, or why not. */
export function allocate(allocation: Allocation): Registration {
  const { entry, registrationId, certificates, previous, linkedHubs, time } = allocation;
  const before = previous?.state;
  // A device that changes the case of its ID is still the one of its record: hub device IDs are case-sensitive.
  const id = entry.kind === 'individual' ? entry.id : (before?.registrationId ?? registrationId);
  const common = {
    registrationId: id,
    createdDateTimeUtc: before?.createdDateTimeUtc ?? time,
    lastUpdatedDateTimeUtc: time,
    etag: newEtag(),
  };
  return {
    state: { ...common, ...decide(entry, id, before, linkedHubs) },
    ...(entry.kind === 'group' && { groupId: entry.id }),
    ...(certificates && { certificates }),
  };
}

function decide(entry: Entry, id: string, before: RegistrationState | undefined, linkedHubs: readonly string[]) {
  if (entry.settings.provisioningStatus === 'disabled') return { status: 'disabled' } as const;
  if (entry.settings.allocationPolicy === 'custom') {
    // DPS docs, Custom allocation: 400207 is what a device sees when the webhook could not be asked.
    const errorMessage = 'Custom allocation failed: this emulator calls no webhook';
    return { status: 'failed', errorCode: 400207, errorMessage } as const;
  }
  const hub = hubFor(entry, id, linkedHubs);
  // Only individual enrollments choose a device ID; a group's devices are called what they registered as.
  const deviceId = entry.settings.deviceId ?? id;
  return { status: 'assigned', deviceId, ...move(entry, before, hub) } as const;
}

/** DPS docs, Reprovisioning: the default lets a device move, "never" keeps it at its hub, "reset" says so each time. */
function move(entry: Entry, before: RegistrationState | undefined, hub: string) {
  const { updateHubAssignment, migrateDeviceData } = entry.settings.reprovisionPolicy ?? {
    updateHubAssignment: true,
    migrateDeviceData: true,
  };
  if (before?.assignedHub === undefined) return { assignedHub: hub, substatus: 'initialAssignment' } as const;
  if (!updateHubAssignment) return { assignedHub: before.assignedHub, substatus: 'initialAssignment' } as const;
  if (!migrateDeviceData) return { assignedHub: hub, substatus: 'deviceDataReset' } as const;
  const substatus = hub === before.assignedHub ? (before.substatus ?? 'initialAssignment') : 'deviceDataMigrated';
  return { assignedHub: hub, substatus } as const;
}

/**
 * The hub for an ID: the named one, or one of the candidates by hash. The service's hash is not published; this one is
 * SHA-256, so that a device comes out at the same hub in every run. There is no latency to measure, so `geoLatency`
 * takes the first candidate.
 */
function hubFor({ settings }: Entry, id: string, linkedHubs: readonly string[]): string {
  const named = settings.iotHubHostName ?? (settings.allocationPolicy === 'static' ? settings.iotHubs?.[0] : undefined);
  if (named !== undefined) return named;
  const candidates = settings.iotHubs?.length ? settings.iotHubs : linkedHubs;
  const hash = createHash('sha256').update(id.toLowerCase()).digest().readUInt32BE(0);
  const place = settings.allocationPolicy === 'geoLatency' ? 0 : hash % candidates.length;
  const hub = candidates[place];
  if (hub === undefined) throw new Error('the emulator has no linked hub');
  return hub;
}
