import { StationError } from '../../contract/errors.ts';
import type { Step } from '../bench.ts';

/** The unit must be the one that was scanned: label, order and unit agree on serial and MAC. */
export const identify: Step = {
  kind: 'reversible',
  async act(bench) {
    const { serial, mac } = bench.unit;
    const found = await bench.session.identity(bench.signal);
    if (found.serial !== serial) throw new StationError('unit.serial-mismatch', { serial, foundSerial: found.serial });
    if (mac !== null && found.mac !== mac) {
      throw new StationError('unit.mac-mismatch', { mac, foundMac: found.mac ?? 'none' });
    }
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
