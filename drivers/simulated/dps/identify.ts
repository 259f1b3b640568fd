import { attestationOf, type Evidence } from './attestation/attestation.ts';
import { opened } from './ca-certificates.ts';
import { type CertificateEvidence, judge } from './certificate-chain.ts';
import { commonNameOf, infoOf } from './certificates.ts';
import { type Entry, keyOf, type RegisteredCertificates } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { Call } from './route.ts';
import { isFresh, parseSas } from './sas.ts';

export type Identified = {
  /** The enrollment that decides about the device; it may be disabled. */
  readonly entry: Entry;
  /** The registration ID as the credential has it: a certificate's common name may differ from the path in case. */
  readonly presentedId: string;
  readonly certificates: RegisteredCertificates | undefined;
};

/** Finds out which enrollment a device proves to be of; 401002 if none, whatever was wrong (DPS docs, Terminology). */
export function identify(instance: Instance, call: Call, registrationId: string): Identified {
  const evidence = evidenceOf(instance, call, registrationId);
  const { leaf, issuers, complaint } = evidence.certificate ?? {};
  const entry = entryOf(instance, evidence);
  if (!entry) throw new DpsError('unauthorized', complaint);
  if (entry.attestation.type !== 'x509' || !leaf || !issuers) {
    return { entry, presentedId: registrationId, certificates: undefined };
  }
  const signing = issuers[attestationOf(entry.attestation).membership(evidence) ?? -1]?.certificate;
  const certificates = {
    certificateInfo: infoOf(leaf),
    ...(signing && { signingCertificateInfo: infoOf(signing) }),
  };
  return { entry, presentedId: commonNameOf(leaf) ?? registrationId, certificates };
}

/**
 * An individual enrollment decides alone. A disabled one may be a mere block on a group's device, with another key in
 * it, so the group's proof is good enough to be told "disabled" (DPS docs, Manage disenrollment).
 */
function entryOf(instance: Instance, evidence: Evidence): Entry | undefined {
  const groups = groupsOf(instance, evidence);
  const certified = groups.filter(({ attestation }) => attestation.type === 'x509');
  const blocking = instance.switches.disabledCertificate === 'blocks' ? certified.find(isDisabled) : undefined;
  const individual = instance.store.entry('individual', evidence.registrationId);
  const proven = individual && attestationOf(individual.attestation).proves(evidence);
  if (proven) return isDisabled(individual) ? individual : (blocking ?? individual);
  if (!individual) return blocking ?? groups[0];
  return isDisabled(individual) && groups.length > 0 ? individual : undefined;
}

/**
 * The groups that the device proves to belong to, the one that decides first: the nearest in its chain, and of several
 * equally near ones the oldest, since the service's choice is not published.
 */
function groupsOf(instance: Instance, evidence: Evidence): Entry[] {
  const proven = instance.store.groups().flatMap((entry) => {
    const distance = attestationOf(entry.attestation).membership(evidence);
    if (distance === undefined) return [];
    const skipped = instance.switches.disabledGroup === 'skipped' && isDisabled(entry);
    return [{ entry, distance, skipped }];
  });
  const nearer = (one: number, other: number) => (one === other ? 0 : one - other);
  return proven
    .toSorted((a, b) => nearer(a.distance, b.distance) || Number(a.skipped) - Number(b.skipped))
    .map(({ entry }) => entry);
}

function isDisabled(entry: Entry): boolean {
  return entry.settings.provisioningStatus === 'disabled';
}

function evidenceOf(instance: Instance, call: Call, registrationId: string): Evidence {
  const token = parseSas(call.header('authorization'));
  const target = `${instance.idScope}/registrations/${registrationId}`;
  const good =
    token !== undefined &&
    token.policy === 'registration' &&
    keyOf(token.resource) === keyOf(target) &&
    isFresh(token, instance.now(), instance.switches.clockSkewSeconds);
  return {
    registrationId,
    token: good ? token : undefined,
    foldRegistrationId: instance.switches.derivation === 'folded',
    certificate: certificateEvidence(instance, call, registrationId),
    // TPMs do not register over MQTT (DPS docs, TPM attestation).
    challenge: good && call.transport === 'https' ? instance.store.challenge(registrationId) : undefined,
  };
}

function certificateEvidence(instance: Instance, call: Call, registrationId: string): CertificateEvidence | undefined {
  if (call.certificates.length === 0) return undefined;
  const verified = instance.store.caCertificates().filter((ca) => ca.isVerified);
  return judge(call.certificates, {
    registrationId,
    now: instance.now(),
    verified: verified.map((ca) => ({ name: ca.name, certificate: opened(ca) })),
    completed: instance.switches.verifiedCertificate === 'known',
    anyUsage: instance.switches.leafUsage === 'ignored',
  });
}
