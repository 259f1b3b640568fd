import type { UnitIdentity } from '../../../drivers/protocols/protocol.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, Step } from '../bench.ts';

/** The unit must be the one that was scanned: label, order and unit agree on serial and MAC. */
export const identify: Step = {
  kind: 'reversible',
  async act(bench) {
    const { serial } = bench.unit;
    const found = await asScanned(bench, bench.unit.mac);
    if (found.mac !== undefined) {
      if (bench.shop.records.disclosures.erased('mac', found.mac)) {
        throw new StationError('identity.erased', { what: 'mac' });
      }
      const other = bench.shop.records.units.macTaken(found.mac, bench.unit.id);
      if (other !== undefined) throw new StationError('unit.mac-taken', { serial, other });
    }
    return { model: found.model, firmware: found.firmware, ...(found.mac === undefined ? {} : { mac: found.mac }) };
  },
};

/**
 * Right before something is given to the unit that cannot be taken back: whether it is still the one that was identified. A run waits for
 * the HSM meanwhile, and behind an adapter that stays plugged in nothing tells that the unit was changed for another.
 */
export async function requireSameUnit(bench: Bench): Promise<void> {
  const { mac } = bench.facts;
  await asScanned(bench, typeof mac === 'string' ? mac : null);
}

/** What the unit says of itself; throws `unit.serial-mismatch` and `unit.mac-mismatch` where that is another one. */
async function asScanned({ unit: { serial }, session, signal }: Bench, mac: string | null): Promise<UnitIdentity> {
  const found = await session.identity(signal);
  if (found.serial !== serial) throw new StationError('unit.serial-mismatch', { serial, foundSerial: found.serial });
  if (mac !== null && found.mac !== mac) {
    throw new StationError('unit.mac-mismatch', { mac, foundMac: found.mac ?? 'none' });
  }
  return found;
}
