import { configSchema } from '../config.ts';
import { parse } from '../contract/parse.ts';
import type { SetupPlan } from '../contract/setup.ts';
import type { Founding } from './found.ts';

/** The station that a plan speaks of. Throws `input.invalid`. Pure. */
export function foundingOf(plan: SetupPlan): Founding {
  const { mode, name, lanes, place } = plan;
  const shared = { schema: 1, lanes, ...(place ? { place } : {}) };
  switch (plan.mode) {
    case 'practice': {
      const config = parse(configSchema, { ...shared, hsm: { kind: 'soft' }, dps: { kind: 'emulator' } }, 'setup');
      return { mode, name, config, people: [] };
    }
    case 'production': {
      const { hsm, dps, budgetPerMinute, lead, officer } = plan;
      const parts = { hsm: { kind: 'pkcs11', ...hsm }, dps: { kind: 'azure', ...dps }, budgetPerMinute };
      const config = parse(configSchema, { ...shared, ...parts }, 'setup');
      return {
        mode,
        name,
        config,
        people: [
          { name: lead, role: 'lead' },
          { name: officer, role: 'security-officer' },
        ],
      };
    }
  }
}
