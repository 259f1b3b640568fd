import type { Step } from '../bench.ts';

/** Writes where and as whom the unit will register: ID scope, endpoint, registration ID (F-110, F-111). No hub, no key. */
export const provision: Step = {
  kind: 'reversible',
  async act(bench) {
    const { registrationId } = bench.named;
    await bench.session.provision({ ...bench.shop.dps, registrationId }, bench.signal);
    return { idScope: bench.shop.dps.idScope, endpoint: bench.shop.dps.endpoint };
  },
};
