import type { OwnKey } from './unit/factory.ts';
import type { FaultPlan } from './unit/faults.ts';
import type { PowerCounts } from './unit/power.ts';
import type { TpmGiven } from './unit/units-tpm.ts';

/** What the practice line's fixtures process is told; lanes count from 1. */
export type FixtureCommand =
  | {
      readonly do: 'place';
      readonly lane: number;
      readonly label: string;
      readonly serial: string;
      readonly mac?: string;
      readonly own?: OwnKey;
      readonly tpm?: TpmGiven;
    }
  | { readonly do: 'remove'; readonly lane: number }
  | { readonly do: 'unplug'; readonly lane: number }
  | { readonly do: 'silence'; readonly lane: number; readonly silent: boolean }
  | { readonly do: 'faults'; readonly lane: number; readonly plan: FaultPlan }
  | { readonly do: 'count'; readonly lane: number };

/** Its answer to the command of that id; id 0 says that all lanes listen. */
export type FixtureReply = { readonly id: number; readonly failed?: string; readonly counts?: PowerCounts };
