import type { Hsm, SecretKeyRef } from '../drivers/hsm/hsm.ts';
import { base64 } from './attestation/x509.ts';
import { StationError } from './contract/errors.ts';
import { sealedFor, sealLabel } from './run/steps/prepare.ts';
import type { Credential } from './store/credentials.ts';
import type { OutboxRow } from './store/outbox.ts';
import type { Records } from './store/records.ts';
import type { Carried, Certificates, Keys } from './sync/targets/target.ts';

const secondaryLabel = Buffer.from('birthmark-secondary-v1\0', 'latin1');
const moduleLabel = Buffer.from('birthmark-module-v1\0', 'latin1');

/**
 * What a row puts into its individual enrollment: the endorsement key of a TPM's unit, the certificate of an X.509 one; both keys of a symmetric
 * one. The primary is the unit's own, opened from its seal. The secondary is an
 * HMAC of the operation id under the HSM's sealing key: DPS wants two (F-22), no unit has it, it needs no keeping, and
 * the same question always gets the same answer, so that an entry that is already there can be compared.
 * The caller zeroes both.
 */
export function carriedOf(need: { readonly hsm: Hsm; readonly records: Records; readonly sealing: SecretKeyRef }) {
  return async (row: OutboxRow): Promise<Carried> => {
    const { moduleId } = row.body as { readonly moduleId?: string };
    if (moduleId !== undefined) return { keys: await moduleKeys(need, row.registrationId, moduleId) };
    const credential = row.credential === null ? undefined : need.records.credentials.byId(row.credential);
    if (!credential) {
      const key = need.records.endorsements.ofRegistration(row.registrationId);
      if (key) return { endorsementKey: key.public.toString('base64') };
    }
    if (credential?.kind === 'x509') {
      return { certificates: certificatesOf(need.records, credential, row), known: knownOf(need.records, credential) };
    }
    if (!credential?.sealed) {
      throw new StationError('store.damaged', { what: `outbox row ${row.id}`, reason: 'its secret is not kept' });
    }
    const bound = sealedFor(credential.operation, row.target, row.registrationId);
    const primary = await need.hsm.unseal(need.sealing, sealLabel, credential.sealed, bound);
    const secondary = await need.hsm.mac(need.sealing, Buffer.concat([secondaryLabel, credential.operation]));
    return { keys: { primary, secondary } };
  };
}

/** Every certificate that the unit was ever given: an entry that is to be changed shows only thumbprints of its own. */
function knownOf({ certificates, stored }: Records, { unit }: Credential): string[] {
  const given = stored.ofUnit(unit);
  return [...certificates.leavesOf(unit), ...(given ? [given.leaf] : [])].map(base64);
}

/**
 * The keys of a unit's module: HMACs under the HSM's sealing key, as the secondary key is one, so that they need no keeping. They
 * follow from the unit's operation id, the module and the slot. Throws `unit.unknown`. The caller zeroes both.
 */
export async function moduleKeys(
  { hsm, records, sealing }: Pick<Parameters<typeof carriedOf>[0], 'hsm' | 'records' | 'sealing'>,
  registrationId: string,
  module: string,
): Promise<Keys> {
  const unit = records.units.byRegistration(registrationId);
  const credential = unit && records.credentials.ofUnit(unit.id);
  if (!credential) throw new StationError('unit.unknown', { serial: registrationId });
  const key = (slot: 'primary' | 'secondary') =>
    hsm.mac(sealing, Buffer.concat([moduleLabel, credential.operation, Buffer.from(`${slot}\0${module}`, 'latin1')]));
  return { primary: await key('primary'), secondary: await key('secondary') };
}

/** For a roll, the certificate before goes into the primary slot and the newest into the secondary (dps-reference 7.3). */
function certificatesOf(
  { certificates, stored }: Records,
  credential: Credential,
  { action }: OutboxRow,
): Certificates {
  const { id, unit, certificate, source } = credential;
  const given = source === 'own' || source === 'stored' ? stored.ofUnit(unit) : undefined;
  if (given?.keyHash.equals(credential.fingerprint)) return { primary: base64(given.leaf) };
  const [newest, before] = certificates.liveOf(unit).filter(({ purpose, der }) => purpose === 'leaf' && der !== null);
  const wanted = action === 'roll' ? newest : certificate === null ? undefined : certificates.byId(certificate);
  if (!wanted?.der) {
    throw new StationError('store.damaged', { what: `credential ${id}`, reason: 'its certificate is not there' });
  }
  if (action !== 'roll' || !before?.der) return { primary: base64(wanted.der) };
  return { primary: base64(before.der), secondary: base64(wanted.der) };
}
