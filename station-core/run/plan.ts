import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { PlannedStep } from '../contract/run.ts';
import { type StepName, steps } from './steps/registry.ts';

/** How a unit gets what it attests with. */
const attesting: Readonly<Record<Recipe['attestation']['type'], readonly StepName[]>> = {
  symmetricKey: ['prepare', 'release'],
  x509: ['request', 'issue', 'install'],
};

/** What will be done with a unit of this recipe, in order. Pure: the recipe lists no steps, they follow from it. */
export function plan(recipe: Recipe): readonly PlannedStep[] {
  const names: StepName[] = ['greet', 'identify', 'provision', ...attesting[recipe.attestation.type], 'prove'];
  if (recipe.lock) names.push('lock');
  return checked(names.map((name) => ({ name, kind: steps[name].kind })));
}

/** A plan that does nothing would pass every unit (openhtf#1019: no false green). */
export function checked(planned: readonly PlannedStep[]): readonly PlannedStep[] {
  if (planned.length === 0) throw new StationError('run.empty', {});
  return planned;
}
