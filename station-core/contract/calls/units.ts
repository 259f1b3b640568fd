import * as z from 'zod/mini';
import {
  lookUnitSchema,
  type OpenUnit,
  openUnitsSchema,
  releaseUnitSchema,
  shipSchema,
  type UnitLook,
  whichOne,
} from '../after.ts';
import { issuerName, revocationReasons } from '../ca.ts';
import { reprovisionSchema } from '../enrollment.ts';
import type { Page } from '../orders.ts';
import { groupId } from '../recipe.ts';
import type { UnitStory } from '../unit-story.ts';
import { call, name, serial } from './call.ts';

const whichUnit = z.strictObject({ serial, order: z.exactOptional(name) });

const whichGroup = z.strictObject({ group: groupId });

/** Calls about units after their verdict, and the groups that they are in. */
export const unitsCalls = {
  /** Everything that is kept of the units with this serial, and no secret. */
  'unit.story': call<readonly UnitStory[]>()(z.strictObject({ serial })),
  /** The unit is thrown away: its certificates are revoked, its cloud entry is disabled, it is never made again. */
  'unit.scrap': call<null>()(
    z.strictObject({ serial, order: z.exactOptional(name), reason: z.enum(revocationReasons) }),
  ),
  /** The units that a label means, where each stands, and what may be done with it now. */
  'unit.look': call<readonly UnitLook[]>()(lookUnitSchema),
  /** Out of quarantine: a lead looked at the unit, which may be made again. */
  'unit.release': call<null>()(releaseUnitSchema),
  /** Through the line once more, with the same operation id and credential. */
  'unit.rework': call<null>()(whichOne),
  /** Through the line once more, where its key is kept no more: another credential, which names the one before. */
  'unit.replace': call<null>()(whichOne),
  /** The unit leaves, once it is all that its recipe asks of a unit that is packed. */
  'unit.ship': call<null>()(shipSchema),
  /** Units whose credential was neither shipped, nor made void, nor re-issued, in the order of their orders. */
  'unit.open': call<Page<OpenUnit>>()(openUnitsSchema),
  /** The unit may not register until it is enabled again. */
  'unit.disable': call<null>()(whichUnit),
  'unit.enable': call<null>()(whichUnit),
  /** A new random key in one slot of a symmetric enrollment. With the primary one the unit is out until it is made again. */
  'unit.rollKey': call<null>()(z.extend(whichUnit, { slot: z.enum(['primary', 'secondary']) })),
  /** Another policy, hub or twin for the next time that the unit registers. */
  'unit.reprovision': call<null>()(z.extend(whichUnit, { changes: reprovisionSchema })),
  /** The unit leaves the cloud: its entry is deleted, or disabled where a group could let it in again, then its registration record. */
  'unit.deprovision': call<null>()(whichUnit),
  /** An enrollment group of X.509 units; one with symmetric keys is its owner's alone. */
  'group.disable': call<null>()(whichGroup),
  'group.enable': call<null>()(whichGroup),
  /** Another intermediate of this station in the group's secondary slot, before the one in force ends. */
  'group.roll': call<null>()(z.extend(whichGroup, { issuer: issuerName })),
  /** Its registration records, then the group: its units cannot register any more. */
  'group.delete': call<null>()(whichGroup),
} as const;
