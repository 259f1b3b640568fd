import { randomFillSync } from 'node:crypto';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Fate, Keys } from '../targets/target.ts';
import { carriedBody, certifiedBody, isOfTpm } from './bodies.ts';
import { lacksRight } from './diagnosis.ts';
import type { KeyedBody } from './keyed-json.ts';
import { certificatesShown, sameCertificates } from './same.ts';
import type { Enrollment } from './schemas.ts';
import { billed, different, received, type Sending } from './sending.ts';

/** What an enrollment is to become, made anew or changed from what was read (its etag in it), or that it is so already. */
export type Change = { readonly mode: 'create' | 'update'; readonly body: KeyedBody } | Fate;

export type ChangeAction = 'disable' | 'enable' | 'roll' | 'reissue' | 'reprovision';

type Body = KeyedBody['body'];

/** Reads the entry and says what it is to become. Bound to what was read: somebody else's change in between is a conflict. */
export async function changeOf(sending: Sending, row: OutboxRow, action: ChangeAction): Promise<Change> {
  const { client, signal } = sending;
  const theirs = await billed(sending, client.getEnrollment(row.registrationId, signal));
  switch (action) {
    case 'disable':
      return disabled(sending, row, theirs);
    case 'enable':
      return theirs?.provisioningStatus === 'disabled'
        ? changed(sending, row, theirs, { provisioningStatus: 'enabled' })
        : (missing(theirs) ?? received('existing', theirs?.etag));
    case 'reprovision':
      return theirs ? changed(sending, row, theirs, row.body as Body) : nothingThere;
    case 'roll':
      return theirs ? rolled(sending, row, theirs) : nothingThere;
    case 'reissue':
      return reissued(sending, row, theirs);
  }
}

const nothingThere = different('there is no entry to change');
const missing = (theirs: Enrollment | undefined): Fate | undefined => (theirs ? undefined : nothingThere);

/** Disabled, never deleted: a unit whose CA has an enabled group could come back (dps-reference 7.4). */
async function disabled(sending: Sending, row: OutboxRow, theirs: Enrollment | undefined): Promise<Change> {
  if (theirs?.provisioningStatus === 'disabled') return received('existing', theirs.etag);
  const off = { provisioningStatus: 'disabled' };
  if (theirs) return changed(sending, row, theirs, off);
  const { registrationId } = row;
  const own = { ...(row.body as Body), registrationId, ...off };
  return { mode: 'create', body: isOfTpm(row) ? carriedBody(own, await sending.carriedOf(row)) : { body: own } };
}

/** The entry as it was read, with what the unit's new credential holds in place of what it had; or a new entry, where that is gone. */
async function reissued(sending: Sending, row: OutboxRow, theirs: Enrollment | undefined): Promise<Change> {
  const carried = await sending.carriedOf(row);
  if (theirs) return { mode: 'update', body: carriedBody(theirs, carried) };
  const { registrationId } = row;
  return { mode: 'create', body: carriedBody({ registrationId, ...(row.body as Body) }, carried) };
}

/** Both certificates of a rolled leaf in their slots (dps-reference 7.3), or a fresh key in one slot. */
async function rolled(sending: Sending, row: OutboxRow, theirs: Enrollment): Promise<Change> {
  const { slot } = row.body as { readonly slot?: 'primary' | 'secondary' };
  if (slot !== undefined) return rekeyed(sending, row, theirs, slot);
  const carried = await sending.carriedOf(row);
  if (!('certificates' in carried)) return different('attestation type', theirs.etag);
  if (sameCertificates(carried.certificates, theirs.attestation.x509?.clientCertificates))
    return received('existing', theirs.etag);
  return { mode: 'update', body: certifiedBody(theirs, carried.certificates) };
}

/** A new random key in one slot, which nobody keeps; the other one stays. */
async function rekeyed(
  sending: Sending,
  row: OutboxRow,
  theirs: Enrollment,
  slot: 'primary' | 'secondary',
): Promise<Change> {
  const keys = await keysOf(sending, row);
  if ('park' in keys) return keys;
  randomFillSync(keys[slot]);
  return { mode: 'update', body: { body: theirs, keys } };
}

/**
 * The entry as it was read, with changes. What the service does not show with it is put back: it takes an entry without its keys
 * as a wish for new ones, and shows no certificate (dps-reference 2.5).
 */
async function changed(sending: Sending, row: OutboxRow, theirs: Enrollment, changes: Body): Promise<Change> {
  const body = { ...theirs, ...changes };
  const { attestation } = theirs;
  switch (attestation.type) {
    case 'tpm':
    case 'none':
      return { mode: 'update', body: { body } };
    case 'symmetricKey': {
      const keys = await keysOf(sending, row);
      return 'park' in keys ? keys : { mode: 'update', body: { body, keys } };
    }
    case 'x509': {
      const known = await knownCertificates(sending, row);
      const certificates = certificatesShown(known, attestation.x509?.clientCertificates);
      if (!certificates) return different('certificate', theirs.etag);
      return { mode: 'update', body: certifiedBody(body, certificates) };
    }
  }
}

/** What the unit was ever given; of a unit without a credential nothing is known. */
async function knownCertificates(sending: Sending, row: OutboxRow): Promise<readonly string[]> {
  if (row.credential === null) return [];
  const carried = await sending.carriedOf(row);
  return 'certificates' in carried ? carried.known : [];
}

/** Both keys of the entry as the service has them, which are the caller's to zero; or why the row has to wait. */
async function keysOf(sending: Sending, { registrationId }: OutboxRow): Promise<Keys | ReturnType<typeof different>> {
  const { client, signal } = sending;
  try {
    const { symmetricKey } = await billed(sending, client.attestationOf('enrollments', registrationId, signal));
    if (!symmetricKey) return different('attestation type');
    const { primaryKey, secondaryKey } = symmetricKey;
    return { primary: Buffer.from(primaryKey, 'base64'), secondary: Buffer.from(secondaryKey, 'base64') };
  } catch (thrown) {
    if (!lacksRight(thrown)) throw thrown;
    return different('its keys may not be read');
  }
}
