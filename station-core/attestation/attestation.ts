import type { Issuer } from '../ca/issuer.ts';
import { type EnrollmentTemplate, filledParts } from '../contract/enrollment.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { TemplateValues } from '../contract/template.ts';

/** What the cloud is to be told: one row for the outbox. Never holds a secret. */
export type Upload = {
  readonly registrationId: string;
  readonly action: 'create' | 'expect-group' | 'create-group';
  readonly body: { readonly [name: string]: unknown };
  /** What the unit's credential holds, keys or a certificate, goes into the request when it is sent. */
  readonly credential: boolean;
};

/** The identity that an enrollment is made from. */
export type Identity = TemplateValues & { readonly registrationId: string };

/** One way to attest, as DPS names it: facts in, enrollment out. One file each, one line in registry.ts. */
export interface Attestation {
  /** What the unit must be able to do, in the words of its protocol. */
  capabilities(recipe: Recipe): readonly string[];
  /** What a person should know of the recipe before units are made by it; nothing that stops them. */
  warnings(recipe: Recipe): readonly string[];
  /** What is told once for an order, or nothing. `issuer` is the intermediate that an X.509 recipe names. */
  ofOrder(recipe: Recipe, issuer: Issuer | undefined): Upload | undefined;
  /** What is told for each unit that passed, or nothing: units of a group need no write. */
  ofUnit(recipe: Recipe, identity: Identity): Upload | undefined;
}

/** The part of an individual enrollment that is the same for all units of a recipe, with this unit's values in its templates. */
export function enrollmentOf(template: EnrollmentTemplate, identity: Identity): { readonly [name: string]: unknown } {
  return { ...template, ...filledParts(template, identity) };
}

const honest = {
  clear: [],
  channel: [
    'Delivery by channel stops passive listeners only: whoever sits in the middle, or poses as the unit, gets the key.',
  ],
  sealed: ["A sealed key is still in clear in the unit's memory and on the wires of its TPM."],
} as const satisfies Record<Recipe['delivery'], readonly string[]>;

/** What a way of delivering secrets does not protect from. */
export const deliveryWarnings = (delivery: Recipe['delivery']): readonly string[] => honest[delivery];
