import type { ProvisioningInfo } from '../../../drivers/protocols/protocol.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, Step } from '../bench.ts';

/** Where there is no DPS there is no ID scope, and units want a text. */
const noScope = 'none';

/**
 * Writes where and as whom the unit will register: ID scope, endpoint, registration ID (F-110, F-111; IoT Central's units too, whose
 * device ID is the registration ID, F-112). No hub, no key. A unit that is in a hub's own registry is told that hub instead.
 */
export const provision: Step = {
  kind: 'reversible',
  async act(bench) {
    const { registrationId } = bench.named;
    const { idScope, endpoint } = placeOf(bench);
    await bench.session.provision({ idScope, endpoint, registrationId }, bench.signal);
    // A unit that keeps none has them in its firmware: nothing was written that could be said.
    if (!bench.session.hello.capabilities.includes('provisioning')) return { provisioned: false };
    return { idScope, endpoint };
  },
};

function placeOf({ unit, shop }: Bench): Omit<ProvisioningInfo, 'registrationId'> {
  if (unit.recipe.target !== 'hub') return shop.dps;
  if (shop.hub === undefined) throw new StationError('cloud.not-configured', { what: 'no IoT hub' });
  return { idScope: noScope, endpoint: shop.hub };
}
