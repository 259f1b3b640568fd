import type { CeremonyView, IssuerView } from '../../../station-core/contract/ca.ts';

// What is shown of an issuer: decided here, purely.

const dayMs = 86_400_000;

/** When a successor has to be begun: a ceremony takes weeks where its root's owner is elsewhere. */
const urgentDays = 30;
const soonDays = 90;

export type Expiry =
  | { readonly level: 'none' }
  | { readonly level: 'expired' | 'urgent' | 'soon' | 'later'; readonly days: number };

/** How long until a time, in whole days, and how bad that is. */
export function expiryOf(notAfter: string | undefined, now: number): Expiry {
  if (notAfter === undefined) return { level: 'none' };
  const days = Math.floor((Date.parse(notAfter) - now) / dayMs);
  if (days < 0) return { level: 'expired', days: -days };
  return { level: days < urgentDays ? 'urgent' : days < soonDays ? 'soon' : 'later', days };
}

export type Quota =
  | { readonly level: 'without' }
  | { readonly level: 'enough' | 'low' | 'used'; readonly part: number; readonly left: number };

/** How much of its quota is used: `part` from 0 to 1. */
export function quotaOf({ issued, quota }: Pick<IssuerView, 'issued' | 'quota'>): Quota {
  if (quota === undefined) return { level: 'without' };
  const part = Math.min(1, issued / quota);
  return { level: issued >= quota ? 'used' : part >= 0.9 ? 'low' : 'enough', part, left: Math.max(0, quota - issued) };
}

export const ceremonySteps = ['key', 'witness', 'request', 'chain', 'proof'] as const;
export type CeremonyStep = (typeof ceremonySteps)[number];
export type Mark = 'done' | 'now' | 'later' | 'always';

/** Which steps are done, which one is next, and which can be done again: out of what the station keeps. */
export function marksOf({ state, witnessed, chain }: IssuerView): Readonly<Record<CeremonyStep, Mark>> {
  const here = chain !== '';
  if (here)
    return {
      key: 'done',
      witness: 'done',
      request: 'done',
      chain: 'done',
      proof: state === 'active' ? 'always' : 'later',
    };
  if (state === 'destroyed')
    return { key: 'done', witness: witnessed ? 'done' : 'later', request: 'later', chain: 'later', proof: 'later' };
  const next = witnessed ? 'now' : 'later';
  return { key: 'done', witness: witnessed ? 'done' : 'now', request: next, chain: next, proof: 'later' };
}

/** Whether a key is as a CA's key must be: made here, never outside, and able to sign alone (docs/ceremony.md, 2). */
export function isLawful({ key: { attributes } }: CeremonyView): boolean {
  const must = ['sign', 'sensitive', 'alwaysSensitive', 'neverExtractable', 'local', 'token', 'private'];
  return Object.entries(attributes).every(([name, set]) => set === must.includes(name));
}
