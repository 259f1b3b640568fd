import { createHash } from 'node:crypto';
import { newEtag } from './encoding.ts';
import type { Attempt, Entry, Registration, RegistrationState } from './entries.ts';
import type { Switches } from './switches.ts';

/** What a custom allocation webhook said, or why it said nothing that counts. */
export type Verdict =
  | { readonly hub: string; readonly payload?: Record<string, unknown>; readonly initialTwin?: Record<string, unknown> }
  | { readonly errorCode: 400207 | 400208 | 400209; readonly errorMessage: string };

export type Allocation = Attempt & {
  readonly previous: Registration | undefined;
  readonly hubs: Pick<Switches, 'linkedHubs' | 'hubWeights' | 'hubLatencyMs'>;
  readonly verdict?: Verdict;
  readonly time: string;
};

/** The outcome of a registration whose credential was good: which hub, which device ID, or why not. */
export function allocate(allocation: Allocation): Registration {
  const { entry, registrationId, certificates, previous, time } = allocation;
  const before = previous?.state;
  // A device that changes the case of its ID is still the one of its record: hub device IDs are case-sensitive.
  const id = entry.kind === 'individual' ? entry.id : (before?.registrationId ?? registrationId);
  const common = {
    registrationId: id,
    createdDateTimeUtc: before?.createdDateTimeUtc ?? time,
    lastUpdatedDateTimeUtc: time,
    etag: newEtag(),
  };
  const state: RegistrationState = { ...common, ...decide(allocation, id) };
  const initialHub = previous?.initialHub ?? before?.assignedHub ?? state.assignedHub;
  const initialTwin = twinOf(allocation, state);
  return {
    state,
    ...(entry.kind === 'group' && { groupId: entry.id }),
    ...(certificates && { certificates }),
    ...(initialHub !== undefined && { initialHub }),
    ...(initialTwin && { initialTwin }),
  };
}

/** Whether a webhook has to be asked before the outcome is known. A disabled device is refused without. */
export function needsVerdict({ settings }: Entry): boolean {
  return settings.provisioningStatus !== 'disabled' && settings.allocationPolicy === 'custom';
}

function decide(allocation: Allocation, id: string) {
  const { entry, verdict } = allocation;
  if (entry.settings.provisioningStatus === 'disabled') return { status: 'disabled' } as const;
  if (verdict && 'errorCode' in verdict) return { status: 'failed', ...verdict } as const;
  const hub = verdict?.hub ?? hubFor(entry, id, allocation.hubs);
  // Only individual enrollments choose a device ID; a group's devices are called what they registered as.
  const deviceId = entry.settings.deviceId ?? id;
  const payload = verdict?.payload && { payload: verdict.payload };
  return { status: 'assigned', deviceId, ...move(allocation, hub), ...payload } as const;
}

/** The last version whose devices stay at their first hub where no policy is stored (DPS docs, Reprovisioning). */
const LAST_STICKY_VERSION = '2018-04-01';

const MOVING = { updateHubAssignment: true, migrateDeviceData: true };
const STAYING = { updateHubAssignment: false, migrateDeviceData: false };

function policyOf({ entry, apiVersion }: Attempt) {
  const sticky = apiVersion.slice(0, LAST_STICKY_VERSION.length) <= LAST_STICKY_VERSION;
  return entry.settings.reprovisionPolicy ?? (sticky ? STAYING : MOVING);
}

/** DPS docs, Reprovisioning: the default lets a device move, "never" keeps it at its hub, "reset" says so each time. */
function move(allocation: Allocation, hub: string) {
  const { state: before, initialHub } = allocation.previous ?? {};
  const { updateHubAssignment, migrateDeviceData } = policyOf(allocation);
  if (before?.assignedHub === undefined) return { assignedHub: hub, substatus: 'initialAssignment' } as const;
  if (!updateHubAssignment) return { assignedHub: before.assignedHub, substatus: 'initialAssignment' } as const;
  if (!migrateDeviceData) return { assignedHub: hub, substatus: 'deviceDataReset' } as const;
  const unmoved = before.substatus ?? 'initialAssignment';
  const moved = hub === initialHub ? 'reprovisionedToInitialAssignment' : 'deviceDataMigrated';
  return { assignedHub: hub, substatus: hub === before.assignedHub ? unmoved : moved } as const;
}

/** A device begins with a twin when it first comes to a hub, and again when it is reset; else its own goes with it. */
function twinOf({ entry, verdict, previous }: Allocation, { status, substatus }: RegistrationState) {
  const begins = substatus === 'deviceDataReset' || previous?.state.assignedHub === undefined;
  if (status !== 'assigned' || !begins) return previous?.initialTwin;
  return (verdict && 'hub' in verdict ? verdict.initialTwin : undefined) ?? entry.settings.initialTwin;
}

/** The hubs that an enrollment chooses from. */
export function candidatesOf({ settings }: Entry, linkedHubs: readonly string[]): readonly string[] {
  return settings.iotHubs?.length ? settings.iotHubs : linkedHubs;
}

function hubFor(entry: Entry, id: string, { linkedHubs, hubWeights, hubLatencyMs }: Allocation['hubs']): string {
  const { settings } = entry;
  const named = settings.iotHubHostName ?? (settings.allocationPolicy === 'static' ? settings.iotHubs?.[0] : undefined);
  if (named !== undefined) return named;
  const candidates = candidatesOf(entry, linkedHubs);
  const hub =
    settings.allocationPolicy === 'geoLatency' ? nearest(candidates, hubLatencyMs) : hashed(candidates, id, hubWeights);
  if (hub === undefined) throw new Error('the emulator has no linked hub');
  return hub;
}

/** There is no latency to measure, so a switch says it; of hubs that are equally near the first one wins. */
function nearest(candidates: readonly string[], latencyMs: Switches['hubLatencyMs']): string | undefined {
  const far = Number.MAX_VALUE;
  return candidates.toSorted((one, other) => (latencyMs[one] ?? far) - (latencyMs[other] ?? far))[0];
}

/** The service's hash is not published; this one is SHA-256, so that a device comes out at the same hub in every run. */
function hashed(candidates: readonly string[], id: string, weights: Switches['hubWeights']): string | undefined {
  const places = candidates.flatMap((hub) => Array.from({ length: weights[hub] ?? 1 }, () => hub));
  const hash = createHash('sha256').update(id.toLowerCase()).digest().readUInt32BE(0);
  return places[hash % places.length];
}
