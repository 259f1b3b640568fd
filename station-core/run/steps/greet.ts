import { attestationOf } from '../../attestation/registry.ts';
import { StationError } from '../../contract/errors.ts';
import type { Step } from '../bench.ts';

/** Opens the link, agrees on the protocol's version and on what the unit can do. */
export const greet: Step = {
  kind: 'reversible',
  async act(bench) {
    const { protocol, lock, attestation } = bench.unit.recipe;
    const spoken = bench.shop.protocols[protocol];
    if (!spoken) throw new StationError('recipe.unsupported', { what: `protocol ${protocol}` });
    const { hello } = await bench.greet(spoken);
    if (hello.simulated && !bench.shop.practice) {
      throw new StationError('station.mode', { what: 'A simulated unit', mode: 'production' });
    }
    const needed = [...attestationOf(bench.unit.recipe).capabilities(bench.unit.recipe), ...(lock ? ['lock'] : [])];
    const missing = needed.find((capability) => !hello.capabilities.includes(capability));
    if (missing) throw new StationError('unit.cannot', { what: missing });
    return {
      protocolVersion: hello.version,
      storage: hello.storage,
      simulated: hello.simulated,
      attestation: attestation.type,
    };
  },
};
