import type { OutboxRow } from '../../store/outbox.ts';
import type { Certificates, Fate } from '../targets/target.ts';
import { certificatesShown, holdsCertificate } from './same.ts';
import type { Group } from './schemas.ts';
import { billed, different, received, type Sending } from './sending.ts';

// Enrollment groups: the station makes those of its own intermediates, changes no keys, and deletes none before its records.

/** The owner's group is there. */
export async function expectGroup(sending: Sending, { registrationId: group }: OutboxRow): Promise<Fate> {
  const theirs = await read(sending, group);
  return theirs ? received('present', theirs.etag) : { park: { code: 'cloud.no-group', details: { group } } };
}

type GroupBody = {
  readonly attestation: {
    readonly x509: { readonly signingCertificates: { readonly primary: { readonly certificate: string } } };
  };
};

/** Makes the group with its signing certificate, unless it is there: then that must be in one of its slots (rollover has two). */
export async function createGroup(sending: Sending, { registrationId: group, body }: OutboxRow): Promise<Fate> {
  const { client, signal } = sending;
  const theirs = await read(sending, group);
  if (!theirs) {
    const wanted = { enrollmentGroupId: group, ...(body as object) };
    return received('created', (await billed(sending, client.putGroup(group, wanted, undefined, signal))).etag);
  }
  const { signingCertificates } = (body as GroupBody).attestation.x509;
  return holdsCertificate(signingCertificates.primary.certificate, theirs.attestation.x509?.signingCertificates)
    ? received('existing', theirs.etag)
    : different('its signing certificate', theirs.etag);
}

/** What a row that changes a group carries: base64 of PEM. */
type Known = {
  /** Every certificate of this station's intermediates: the service does not show those that the group has. */
  readonly known: readonly string[];
  /** For a roll: the new intermediate. */
  readonly certificate?: string;
};

/** Disables or enables a group as it was read. */
export const switchGroup =
  (provisioningStatus: 'enabled' | 'disabled') =>
  async (sending: Sending, row: OutboxRow): Promise<Fate> => {
    const theirs = await read(sending, row.registrationId);
    if (!theirs) return nothingThere;
    if ((theirs.provisioningStatus ?? 'enabled') === provisioningStatus) return received('existing', theirs.etag);
    const { x509 } = theirs.attestation;
    // Without its keys an update would be a wish for new ones, and they are not the station's to read.
    if (!x509) return different('attestation type', theirs.etag);
    if (!x509.signingCertificates) return put(sending, theirs, { provisioningStatus });
    const shown = certificatesShown((row.body as Known).known, x509.signingCertificates);
    return shown
      ? put(sending, theirs, { provisioningStatus, ...signedBy(shown) })
      : different('its signing certificate', theirs.etag);
  };

/** The new intermediate in the secondary slot, the newest before it in the primary one (dps-reference 7.3; F-206). */
export async function rollGroup(sending: Sending, row: OutboxRow): Promise<Fate> {
  const { known, certificate } = row.body as Known;
  const theirs = await read(sending, row.registrationId);
  if (!theirs || certificate === undefined) return nothingThere;
  const signing = theirs.attestation.x509?.signingCertificates;
  if (holdsCertificate(certificate, signing)) return received('existing', theirs.etag);
  const shown = certificatesShown(known, signing);
  if (!shown) return different('its signing certificate', theirs.etag);
  return put(sending, theirs, signedBy({ primary: shown.secondary ?? shown.primary, secondary: certificate }));
}

/** Its registration records first, which would outlive it and count against the quota (F-157); they are looked for once more at last. */
export async function removeGroup(sending: Sending, { registrationId: group }: OutboxRow): Promise<Fate> {
  const { client, signal } = sending;
  const deleted = new Set<string>();
  if (!(await forgetRecords(sending, group, deleted))) return stillThere;
  await billed(sending, client.deleteGroup(group, undefined, signal));
  if (!(await forgetRecords(sending, group, deleted))) return stillThere;
  return { done: JSON.stringify({ answer: 'deleted', records: deleted.size }) };
}

const stillThere: Fate = {
  retry: { code: 'cloud.malformed', details: { what: 'registration records that it said were deleted' } },
};

/**
 * Page by page from the beginning, since what is deleted moves the pages. Answers false, and ends, when a page shows nothing but
 * what was deleted already.
 */
async function forgetRecords(sending: Sending, group: string, deleted: Set<string>): Promise<boolean> {
  const { client, signal } = sending;
  for (;;) {
    const first = await client.queryRegistrations(group, 100, signal).next();
    const page = first.done ? [] : first.value;
    if (page.length === 0) return true;
    const fresh = page.map(({ registrationId }) => registrationId).filter((id) => !deleted.has(id));
    if (fresh.length === 0) return false;
    for (const id of fresh) {
      await billed(sending, client.deleteRegistration(id, undefined, signal));
      deleted.add(id);
    }
  }
}

const nothingThere = different('there is no group to change');

const read = (sending: Sending, group: string): Promise<Group | undefined> =>
  billed(sending, sending.client.getGroup(group, sending.signal));

async function put(sending: Sending, theirs: Group, changes: object): Promise<Fate> {
  const { enrollmentGroupId: group, etag } = theirs;
  const wanted = sending.client.putGroup(group, { ...theirs, ...changes }, etag, sending.signal);
  return received('changed', (await billed(sending, wanted)).etag);
}

function signedBy({ primary, secondary }: Certificates): object {
  const slot = (certificate: string) => ({ certificate });
  const signingCertificates = { primary: slot(primary), ...(secondary ? { secondary: slot(secondary) } : {}) };
  return { attestation: { type: 'x509', x509: { signingCertificates } } };
}
