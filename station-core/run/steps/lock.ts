import type { Step } from '../bench.ts';

/** Closes the unit's provisioning commands for good. */
export const lock: Step = {
  kind: 'irreversible',
  intent: (bench) => bench.shop.audit.append(bench.entry({ action: 'unit.lock-begun', result: 'ok' })),
  async act(bench) {
    await bench.session.lock(bench.credential.operation, bench.signal);
    return { locked: true };
  },
};
