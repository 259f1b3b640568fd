import type * as z from 'zod/mini';
import { acceptAttestation, attestationOf } from './attestation/attestation.ts';
import { isWebhookUrl } from './custom/webhook.ts';
import { etagMatches, newEtag } from './encoding.ts';
import { type Attestation, type Entry, type EntrySettings, type Kind, keyOf } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { requireQuota } from './quotas.ts';
import { stateOf } from './registrations.ts';
import { type Answer, type Call, jsonBody } from './route.ts';
import { checkedId, GroupSchema, IndividualSchema, parsed, withoutNulls } from './schemas.ts';

/** What differs between the two kinds, beside their path. */
export const kinds = {
  individual: { id: 'registrationId', absent: 'noEnrollment', exists: 'enrollmentExists', itemType: 'Enrollment' },
  group: { id: 'enrollmentGroupId', absent: 'noGroup', exists: 'groupExists', itemType: 'EnrollmentGroup' },
} as const;

type EntryInput = z.infer<typeof IndividualSchema> | z.infer<typeof GroupSchema>;

/** When a write may happen: to make an entry, or to change the one that has this tag. */
export type Condition = { readonly ifMatch: string | undefined };

export function get(instance: Instance, kind: Kind, id = ''): Answer {
  const entry = existing(instance, kind, id);
  // Only GET of an individual enrollment carries the registration's state, not PUT and not query.
  if (kind === 'group') return { status: 200, body: shown(entry) };
  return { status: 200, body: { ...shown(entry), registrationState: stateOf(instance, entry.id) } };
}

/** PUT makes an entry; to change one it takes If-Match, and without it says 409 (seen; the name says otherwise). */
export function put(instance: Instance, kind: Kind, id = '', call: Call): Answer {
  const body = withoutNulls(jsonBody(call));
  const pathId = checkedId(id, kinds[kind].id);
  const input = readEntry(kind, body);
  if (keyOf(input.id) !== keyOf(pathId)) {
    throw new DpsError('argumentInvalid', `${kinds[kind].id}: expected the ID of the path`);
  }
  const entry = write(instance, kind, input, { ifMatch: call.header('if-match') });
  return { status: 200, body: { ...shown(entry), attestation: attestationOf(entry.attestation).revealed() } };
}

export function remove(instance: Instance, kind: Kind, id = '', call: Call): Answer {
  erase(instance, kind, id, { ifMatch: call.header('if-match') });
  return { status: 204 };
}

/** The only call beside PUT that tells symmetric keys. */
export function attestationMechanism(instance: Instance, kind: Kind, id = ''): Answer {
  return { status: 200, body: attestationOf(existing(instance, kind, id).attestation).revealed() };
}

/** An entry as GET and query show it: no symmetric keys, no certificate bodies. */
export function shown(entry: Entry): object {
  return {
    [kinds[entry.kind].id]: entry.id,
    ...entry.settings,
    attestation: attestationOf(entry.attestation).shown(),
    etag: entry.etag,
    createdDateTimeUtc: entry.createdDateTimeUtc,
    lastUpdatedDateTimeUtc: entry.lastUpdatedDateTimeUtc,
  };
}

export type ReadEntry = { id: string; input: EntryInput };

/** Reads an entry that a client sent, without its null members. */
export function readEntry(kind: Kind, body: unknown): ReadEntry {
  if (kind === 'individual') {
    const input = parsed(IndividualSchema, body);
    return { id: checkedId(input.registrationId, 'registrationId'), input };
  }
  const input = parsed(GroupSchema, body);
  return { id: checkedId(input.enrollmentGroupId, 'enrollmentGroupId'), input };
}

/** Makes or changes an entry under a condition. */
export function write(instance: Instance, kind: Kind, { id, input }: ReadEntry, { ifMatch }: Condition): Entry {
  if (input.etag?.startsWith('"')) throw new DpsError('argumentInvalid', 'ETag is invalid');
  const previous = instance.store.entry(kind, id);
  if (previous && ifMatch === undefined) throw new DpsError(kinds[kind].exists);
  if (previous && ifMatch !== undefined && !etagMatches(ifMatch, previous.etag)) throw new DpsError('precondition');
  if (!previous && ifMatch !== undefined) {
    throw new DpsError(instance.switches.ifMatchOnAbsent === 412 ? 'precondition' : kinds[kind].absent);
  }
  const attestation = acceptAttestation(input.attestation, {
    kind,
    previous: previous?.attestation,
    keepOmittedKeys: instance.switches.omittedKeysOnUpdate === 'kept',
    eccTpmKeys: instance.switches.eccTpmKeys === 'accepted',
    isVerifiedCa: (name) => instance.store.caCertificate(name)?.isVerified === true,
  });
  const settings = checkedSettings(instance, input);
  if (previous?.attestation.type !== attestation.type) requireRoom(instance, kind, attestation, previous);
  const time = instance.writeTime();
  const entry: Entry = {
    kind,
    id: previous?.id ?? id,
    attestation,
    settings,
    etag: newEtag(),
    createdDateTimeUtc: previous?.createdDateTimeUtc ?? time,
    lastUpdatedDateTimeUtc: time,
  };
  instance.store.saveEntry(entry);
  return entry;
}

/** What is new must fit into the quota of its kind; groups have one for each type of attestation. */
function requireRoom(instance: Instance, kind: Kind, { type }: Attestation, previous: Entry | undefined): void {
  if (kind === 'group') {
    const same = instance.store.groups().filter(({ attestation }) => attestation.type === type);
    requireQuota(instance, type === 'x509' ? 'x509Groups' : 'symmetricKeyGroups', same.length);
  } else if (!previous) requireQuota(instance, 'individualEnrollments', instance.store.tally('individual'));
}

/** Deletes an entry. Registration records outlive it, as they outlive groups at the service. */
export function erase(instance: Instance, kind: Kind, id: string, { ifMatch }: Condition): void {
  const entry = existing(instance, kind, id);
  if (ifMatch !== undefined && !etagMatches(ifMatch, entry.etag)) throw new DpsError('precondition');
  instance.store.deleteEntry(kind, id);
}

function existing(instance: Instance, kind: Kind, id: string): Entry {
  const entry = instance.store.entry(kind, checkedId(id, kinds[kind].id));
  if (!entry) throw new DpsError(kinds[kind].absent);
  return entry;
}

function checkedSettings(instance: Instance, input: EntryInput): EntrySettings {
  const { attestation: _attestation, etag: _etag, ...members } = input;
  const {
    registrationId: _individual,
    enrollmentGroupId: _group,
    ...settings
  } = {
    registrationId: undefined,
    enrollmentGroupId: undefined,
    ...members,
  };
  const { webhookUrl } = settings.customAllocationDefinition ?? {};
  if (webhookUrl !== undefined && !isWebhookUrl(webhookUrl, instance.switches)) {
    throw new DpsError('argumentInvalid', 'customAllocationDefinition.webhookUrl: expected an https URL');
  }
  if (settings.allocationPolicy === 'custom' && !settings.customAllocationDefinition) {
    throw new DpsError('argumentInvalid', 'customAllocationDefinition: expected with the allocation policy custom');
  }
  const linked = instance.switches.linkedHubs.map((hub) => hub.toLowerCase());
  const named = [...(settings.iotHubs ?? []), settings.iotHubHostName ?? []].flat();
  if (!named.every((hub) => linked.includes(hub.toLowerCase()))) {
    throw new DpsError('argumentInvalid', 'iotHubs: expected linked hubs only');
  }
  return { provisioningStatus: 'enabled', ...settings };
}
