import type { EdgePlan } from '../contract/edge.ts';
import type { Recipe } from '../contract/recipe.ts';

/** What a unit is told: where it registers, and as whom (F-110). `endpoint` is a host name. */
export type Whereabouts = { readonly idScope: string; readonly endpoint: string; readonly registrationId: string };

export type AttestationType = Recipe['attestation']['type'];

/** All that stands in a file of IoT Edge, of one format, but for a key. */
export type Settings<F extends EdgePlan['format']> = Whereabouts & {
  readonly plan: Extract<EdgePlan, { format: F }>;
  readonly attestation: AttestationType;
};

/** A text around the place of a key, so that the key itself is never part of a string. Without a key there is no `after`. */
export type Around = { readonly before: string; readonly after?: string };

/** DPS's names for how a unit attests, as IoT Edge writes them. */
export const methods = {
  symmetricKey: 'symmetric_key',
  x509: 'x509',
  tpm: 'tpm',
} as const satisfies Record<AttestationType, string>;

/** The endpoint as a URL; where the station is told another one than the global, so is the unit (F-115). */
export const urlOf = ({ endpoint }: Whereabouts): string => `https://${endpoint}`;
