import { keyIsInline } from '../contract/edge.ts';
import { StationError } from '../contract/errors.ts';
import type { AttestationOf, Recipe } from '../contract/recipe.ts';
import type { PlannedStep } from '../contract/run.ts';
import { type StepName, steps } from './steps/registry.ts';

const issued = ['request', 'issue', 'install', 'prove'] as const;

/** How a unit gets what it attests with, and proves it. What it came with is kept only once it is proven. */
const attesting = {
  symmetricKey: () => ['prepare', 'release', 'prove'],
  // The endorsement key is all that there is: it was claimed before.
  tpm: () => [],
  x509: ({ key }, { image }) => (image ? certifying[key.source].map(byImage) : certifying[key.source]),
} as const satisfies {
  readonly [T in Recipe['attestation']['type']]: (of: AttestationOf<T>, recipe: Recipe) => readonly StepName[];
};

/** A program writes what the conversation would. */
const byImage = (step: StepName): StepName => (step === 'install' ? 'flash' : step);

const certifying = {
  unit: issued,
  station: issued,
  own: ['present', 'prove', 'adopt'],
  stored: ['draw', 'install', 'prove'],
} as const satisfies Record<AttestationOf<'x509'>['key']['source'], readonly StepName[]>;

function attest(recipe: Recipe): readonly StepName[] {
  const { attestation } = recipe;
  switch (attestation.type) {
    case 'x509':
      return attesting.x509(attestation, recipe);
    case 'tpm':
      return attesting.tpm();
    case 'symmetricKey':
      return attesting.symmetricKey();
  }
}

/** What is asked of a unit's TPM, before it is told who it is: its registration ID may follow from its endorsement key. */
const genuine = ['endorse', 'challenge', 'claim'] as const satisfies readonly StepName[];

const owning = ({ tpm }: Recipe): readonly StepName[] => (tpm?.takeOwnership === undefined ? [] : ['own']);

/** A file that holds the key is released with it, and there is no other to write. */
const configuring = ({ edge }: Recipe): readonly StepName[] =>
  edge === undefined || keyIsInline({ edge }) ? [] : ['configure'];

/** What will be done with a unit of this recipe, in order. Pure: the recipe lists no steps, they follow from it. */
export function plan(recipe: Recipe): readonly PlannedStep[] {
  const names: StepName[] = [
    ...(recipe.programmer ? (['program'] as const) : []),
    'greet',
    'identify',
    ...(recipe.tpm ? genuine : []),
    ...owning(recipe),
    'provision',
    ...attest(recipe),
    ...configuring(recipe),
  ];
  if (recipe.lock) names.push('lock');
  return checked(names.map((name) => ({ name, kind: steps[name].kind })));
}

/** A plan that does nothing would pass every unit (openhtf#1019: no false green). */
export function checked(planned: readonly PlannedStep[]): readonly PlannedStep[] {
  if (planned.length === 0) throw new StationError('run.empty', {});
  return planned;
}
