import type { Recipe } from '../../contract/recipe.ts';
import { DpsTarget, type DpsTargetNeed } from './dps.ts';
import type { Target } from './target.ts';

/** How each target is made, from what the station has for it. */
export const targets = {
  dps: (need: DpsTargetNeed) => new DpsTarget(need),
} as const satisfies Record<Recipe['target'], (need: DpsTargetNeed) => Target>;
