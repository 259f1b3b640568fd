import { createHash } from 'node:crypto';
import { registrationIds } from '../../../drivers/tpm/registration-id.ts';
import { isoTime } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import { checkId } from '../../contract/registration-id.ts';
import { fill } from '../../contract/template.ts';
import type { EndorsementKey } from '../../store/endorsements.ts';
import type { Bench, Step } from '../bench.ts';
import { planOf } from './endorse.ts';

/**
 * Keeps the endorsement key that the unit has just shown to be its own: its row, the unit's registration ID where that follows
 * from it, and the audit entry, in one transaction. From here on no other unit can have it (promise G). Before the challenge
 * nothing is kept: whoever shows another one's key, which is public, would keep its owner out for good.
 */
export const claim: Step = {
  kind: 'reversible',
  async act(bench) {
    const { registrationId, again } = await bench.shop.records.commits.commit(() => keep(bench));
    bench.unit = { ...bench.unit, registrationId };
    return { registrationId, endorsementKeyKnown: again };
  },
};

type Kept = { readonly registrationId: string; readonly again: boolean };

/** Inside a commit. */
function keep(bench: Bench): Kept {
  const { shop, unit } = bench;
  const { endorsements, units, disclosures } = shop.records;
  const row = endorsements.bySha256(bench.endorsement.sha256);
  refuseOthers(bench, row);
  const registrationId = unit.registrationId ?? nameOf(bench);
  const { id: registration } = disclosures.put('registrationId', registrationId);
  const namesake = endorsements.ofRegistration(registrationId);
  if (
    (namesake && namesake.id !== row?.id) ||
    (unit.registrationId === null && units.registrationTaken(registration))
  ) {
    throw new StationError('identity.taken', { registrationId });
  }
  if (row && row.registration !== null && row.registration !== registration) {
    throw new StationError('ek.other-id', { list: row.list ?? '', registrationId });
  }
  if (row?.unit === unit.id) return { registrationId, again: true };
  if (unit.registrationId === null) units.setRegistration(unit.id, registration);
  write(bench, row, registration);
  bench.unit = { ...unit, registrationId };
  shop.audit.append(bench.entry({ action: 'endorsement.claimed', result: 'ok', details: claimed(bench, row) }));
  return { registrationId, again: false };
}

/** One key, one unit; and where the recipe names a list, a key of that list. */
function refuseOthers(bench: Bench, row: EndorsementKey | undefined): void {
  const { unit, shop } = bench;
  const { serial } = unit;
  const { endorsements, units } = shop.records;
  const known = endorsements.ofUnit(unit.id);
  if (known && known.id !== row?.id) throw new StationError('ek.changed', { serial });
  if (row && row.unit !== null && row.unit !== unit.id) {
    throw new StationError('ek.taken', { serial, other: units.byId(row.unit).serial });
  }
  const { list } = planOf(bench);
  if (list !== undefined && row?.list !== list) throw new StationError('ek.not-listed', { list });
}

/** The registration ID by the recipe's template, which needs the endorsement key. */
function nameOf({ unit, endorsement }: Bench): string {
  const { public: key } = endorsement.key;
  const ek = { ekSdk: registrationIds.sdk(key), ekSha256: registrationIds['sha256-hex'](key) };
  return checkId(fill(unit.recipe.registrationId, { ...unit, ek }).toLowerCase());
}

function write(bench: Bench, row: EndorsementKey | undefined, registration: number): void {
  const { shop, unit, endorsement } = bench;
  const { endorsements } = shop.records;
  const at = isoTime(shop.clock);
  const certificate = endorsement.certificate ?? null;
  if (row) endorsements.claim(row.id, { unit: unit.id, registration, certificate, seenAt: at });
  else {
    const { sha256, key } = endorsement;
    const whose = { list: null, registration, unit: unit.id };
    endorsements.insert({ sha256, public: key.public, certificate, ...whose, addedAt: at, seenAt: at });
  }
}

/** What the audit says of it: the key as a commitment, since a registration ID may follow from it. */
function claimed(bench: Bench, row: EndorsementKey | undefined) {
  const { endorsement, shop, facts } = bench;
  const { key, sha256, certificate } = endorsement;
  const { commitment } = shop.records.disclosures.put('endorsementKey', sha256.toString('hex'));
  return {
    endorsementKey: commitment,
    kind: key.kind,
    origin: key.origin,
    template: key.template,
    genuine: planOf(bench).genuine,
    manufacturer: endorsement.tpm.manufacturer,
    owned: endorsement.tpm.ownerAuthSet,
    simulated: facts.simulated === true,
    ...(certificate ? { certificate: createHash('sha256').update(certificate).digest('hex') } : {}),
    ...(row?.list ? { list: row.list } : {}),
  };
}
