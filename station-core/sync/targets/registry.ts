import type { Recipe } from '../../contract/recipe.ts';
import { CentralTarget, type CentralTargetNeed } from './central.ts';
import { DpsTarget, type DpsTargetNeed } from './dps.ts';
import { FolderTarget, type FolderTargetNeed } from './folder.ts';
import { HubTarget, type HubTargetNeed } from './hub.ts';
import type { Target } from './target.ts';

/** How each target is made, from what the station has for it. */
export const targets = {
  dps: (need: DpsTargetNeed) => new DpsTarget(need),
  folder: (need: FolderTargetNeed) => new FolderTarget(need),
  central: (need: CentralTargetNeed) => new CentralTarget(need),
  hub: (need: HubTargetNeed) => new HubTarget(need),
} as const satisfies Record<Recipe['target'], (need: never) => Target>;
