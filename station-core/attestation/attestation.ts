import type { Recipe } from '../contract/recipe.ts';
import type { TemplateValues } from '../contract/template.ts';

/** What the cloud is to be told: one row for the outbox. Never holds a secret; `secret` says that one is to be put in. */
export type Upload = {
  readonly registrationId: string;
  readonly action: 'create' | 'expect-group';
  readonly body: { readonly [name: string]: unknown };
  /** The credential's secret goes into the request when it is sent. */
  readonly secret: boolean;
};

/** The identity that an enrollment is made from. */
export type Identity = TemplateValues & { readonly registrationId: string };

/** One way to attest, as DPS names it: facts in, enrollment out. One file each, one line in registry.ts. */
export interface Attestation {
  /** Where a unit's secret comes from: derived again whenever it is needed, or random and kept sealed. */
  source(recipe: Recipe): 'derived' | 'random';
  /** What the unit must be able to do, in the words of its protocol. */
  readonly capability: string;
  /** What is told once for an order, or nothing. */
  ofOrder(recipe: Recipe): Upload | undefined;
  /** What is told for each unit that passed, or nothing: units of a group need no write. */
  ofUnit(recipe: Recipe, identity: Identity): Upload | undefined;
}
