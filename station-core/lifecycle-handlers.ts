import { base64 } from './attestation/x509.ts';
import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import type { AuditAction } from './contract/audit-actions.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { NewOutboxRow, OutboxAction } from './store/outbox.ts';
import { noteBacklog } from './store/records.ts';
import { isNamed, type NamedUnit, type Unit } from './store/units.ts';
import { oneUnit } from './which-unit.ts';

type LifecycleMethod = Extract<
  Method,
  'unit.disable' | 'unit.enable' | 'unit.rollKey' | 'unit.reprovision' | 'unit.deprovision'
>;
type Which = { readonly serial: string; readonly order?: string };
type Row = Pick<NewOutboxRow, 'action' | 'body' | 'credential'>;

/** What becomes of a unit's cloud entry after it was made: each is a row of the outbox, in order behind what waits already. */
export function lifecycleHandlers(station: Station): Pick<Handlers, LifecycleMethod> {
  return {
    'unit.disable': (which, by) =>
      change(station, which, by, 'unit.disabled', {}, (unit) => [disabling(station, unit)]),
    'unit.enable': (which, by) => change(station, which, by, 'unit.enabled', {}, (unit) => [enabling(station, unit)]),
    'unit.rollKey': ({ slot, ...which }, by) =>
      change(station, which, by, 'unit.keyRolled', { slot }, (unit) => {
        mustHaveOwnEntry(unit, 'symmetricKey');
        return [{ action: 'roll', body: { slot }, credential: null }];
      }),
    'unit.reprovision': ({ changes, ...which }, by) =>
      change(station, which, by, 'unit.reprovisioned', { changed: Object.keys(changes).join(', ') }, (unit) => {
        mustHaveOwnEntry(unit);
        if (unit.recipe.target !== 'dps')
          throw new StationError('recipe.unsupported', { what: 'another hub without DPS' });
        return [{ action: 'reprovision', body: changes, credential: credentialOf(station, unit) }];
      }),
    'unit.deprovision': (which, by) =>
      change(station, which, by, 'unit.deprovisioned', {}, (unit) => [
        leaving(station, unit),
        // After the entry, so that the device cannot register anew in between (dps-reference 7.4).
        { action: 'forget', body: {}, credential: null },
      ]),
  };
}

/** One commit: the audit entry and the rows. Answers null; the cloud hears of it when it is reached. */
async function change(
  station: Station,
  which: Which,
  by: By,
  action: AuditAction,
  details: { readonly [name: string]: string },
  rowsOf: (unit: NamedUnit) => readonly Row[],
): Promise<null> {
  const { records, audit, operators, parts } = station;
  await records.commits.commit(() => {
    const unit = nameable(station, which);
    const going = records.runs.openOf(unit.id);
    if (going) throw new StationError('unit.busy', { serial: unit.serial, lane: going.lane });
    const of = (label: string, value: string) => records.disclosures.put(label, value).commitment;
    const about = { serial: of('serial', unit.serial), registrationId: of('registrationId', unit.registrationId) };
    const { registrationId, recipe } = unit;
    for (const row of rowsOf(unit)) {
      records.outbox.queue({ ...row, target: recipe.target, registrationId, dueMs: parts.clock.now() });
    }
    audit.append({ action, result: 'ok', ...people(operators, by), order: unit.orderName, unit: about, details });
    noteBacklog(records, isoTime(parts.clock));
  });
  station.pump.wake();
  return null;
}

/** The unit with this serial, which has a registration ID, was not scrapped and is made for DPS or a hub. */
function nameable({ records }: Station, which: Which): NamedUnit {
  const unit = oneUnit(records, which);
  const { serial } = unit;
  const scrapped = records.units.scrappedAt(unit.id);
  if (scrapped !== undefined) throw new StationError('unit.scrapped', { serial, at: scrapped });
  if (unit.recipe.target === 'central')
    throw new StationError('recipe.unsupported', { what: 'changes at IoT Central, which takes none by file' });
  if (!isNamed(unit)) throw new StationError('unit.unmade', { serial });
  return unit;
}

/** A hub's registry knows no groups. */
const hasOwnEntry = ({ recipe: { attestation, target } }: Unit): boolean =>
  attestation.scope === 'individual' || target === 'hub';

function mustHaveOwnEntry(unit: Unit, type?: 'symmetricKey'): void {
  const { attestation } = unit.recipe;
  if (!hasOwnEntry(unit)) throw new StationError('recipe.unsupported', { what: 'a change of one unit of a group' });
  if (type !== undefined && attestation.type !== type) {
    throw new StationError('recipe.unsupported', { what: `a key of attestation ${attestation.type}` });
  }
}

const credentialOf = ({ records }: Station, unit: Unit): number | null =>
  records.credentials.ofUnit(unit.id)?.id ?? null;

/**
 * A disabled individual entry comes before every group (dps-reference 7.4): with the unit's certificate where it has one, else
 * with keys that nobody knows.
 */
export function disabling(station: Station, unit: NamedUnit): Row {
  const { records } = station;
  const leaf = records.certificates.leavesOf(unit.id)[0] ?? records.stored.ofUnit(unit.id)?.leaf;
  const attestation = leaf
    ? { type: 'x509', x509: { clientCertificates: { primary: { certificate: base64(leaf) } } } }
    : { type: unit.recipe.attestation.type === 'tpm' ? 'tpm' : 'symmetricKey' };
  return { action: 'disable', body: { attestation }, credential: credentialOf(station, unit) };
}

/** A unit of a group has no entry but the one that blocks it: an enabled one would keep it out, since its keys are others. */
function enabling(station: Station, unit: NamedUnit): Row {
  const action: OutboxAction = hasOwnEntry(unit) ? 'enable' : 'delete';
  return { action, body: {}, credential: credentialOf(station, unit) };
}

/** What may come back through a group is blocked for good, everything else is deleted (dps-reference 7.4; F-209, F-210). */
function leaving(station: Station, unit: NamedUnit): Row {
  const { attestation } = unit.recipe;
  if (!hasOwnEntry(unit) || attestation.type === 'x509') return disabling(station, unit);
  return { action: 'delete', body: {}, credential: credentialOf(station, unit) };
}
