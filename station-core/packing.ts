import { attestationOf } from './attestation/registry.ts';
import { StationError } from './contract/errors.ts';
import { type Packing, type PackingCheck, warehouseDays } from './contract/packing.ts';
import type { Records } from './store/records.ts';
import { isNamed, type Unit } from './store/units.ts';

/** One question to a unit that is to ship, and what is said where the answer is no. */
type Answered = { readonly check: PackingCheck; readonly holds: boolean; readonly error: () => StationError };

const dayMs = 86_400_000;

/**
 * Every check that the unit's recipe asks for, and how it comes out now (Unix milliseconds). `scanned`: what was read from its label;
 * where it is left out and the recipe wants a scan, `label` does not hold.
 */
export function packingOf(records: Records, unit: Unit, now: number, scanned?: string): readonly Answered[] {
  const { packing } = unit.recipe;
  return [
    ...keyOf(records, unit),
    ...(packing ? validityOf(records, unit, packing, now) : []),
    ...(packing?.receipt ? receiptOf(records, unit) : []),
    ...cloudOf(records, unit),
    ...(packing?.scan || scanned !== undefined ? [labelOf(unit, scanned)] : []),
  ];
}

const refusal =
  (code: 'packing.label' | 'packing.no-key' | 'packing.no-receipt' | 'packing.shut-out', { serial }: Unit) =>
  () =>
    new StationError(code, { serial });

function keyOf({ endorsements }: Records, unit: Unit): Answered[] {
  if (!unit.recipe.tpm) return [];
  return [{ check: 'key', holds: endorsements.ofUnit(unit.id) !== undefined, error: refusal('packing.no-key', unit) }];
}

/** Of a unit with a certificate: the leaf's own end, or that of the first of its path where others made it. */
function validityOf(records: Records, unit: Unit, packing: Packing, now: number): Answered[] {
  if (unit.recipe.attestation.type !== 'x509') return [];
  const wanted = packing.remainingDays ?? warehouseDays;
  const left = Math.floor((endOf(records, unit) - now) / dayMs);
  const details = { serial: unit.serial, days: Math.max(0, left), wanted };
  const error = () => new StationError('packing.short-lived', details);
  return [{ check: 'validity', holds: left >= wanted, error }];
}

function endOf({ credentials, certificates, stored }: Records, { id }: Unit): number {
  const certificate = credentials.ofUnit(id)?.certificate ?? null;
  const issued = certificate === null ? undefined : certificates.byId(certificate);
  return issued?.notAfterMs ?? stored.ofUnit(id)?.notAfterMs ?? 0;
}

/** A unit without an entry of its own is let in by its group's. */
function receiptOf({ outbox }: Records, unit: Unit): Answered[] {
  const { recipe } = unit;
  const { attestation, target } = recipe;
  if (!isNamed(unit)) return [];
  const own = attestationOf(recipe).ofUnit(recipe, unit) !== undefined;
  const state =
    own || attestation.scope === 'individual'
      ? outbox.stateOf(target, 'registrationId', unit.registrationId)
      : outbox.stateOf(target, 'enrollmentGroup', attestation.group);
  return [{ check: 'receipt', holds: state === 'done', error: refusal('packing.no-receipt', unit) }];
}

/** What decides whether a unit's entry is there and enabled. */
const entryActions = ['create', 'reissue', 'disable', 'enable', 'delete'] as const;

function cloudOf({ outbox }: Records, unit: Unit): Answered[] {
  if (!isNamed(unit)) return [];
  const action = outbox.newestOf(unit.recipe.target, unit.registrationId, entryActions)?.action;
  const holds = action !== 'disable' && !(action === 'delete' && unit.recipe.attestation.scope === 'individual');
  return [{ check: 'cloud', holds, error: refusal('packing.shut-out', unit) }];
}

/** Registration IDs are the same in any case (docs/decisions.md); serials are not. */
function labelOf(unit: Unit, scanned: string | undefined): Answered {
  const holds = scanned === unit.serial || scanned?.toLowerCase() === unit.registrationId;
  return { check: 'label', holds, error: refusal('packing.label', unit) };
}
