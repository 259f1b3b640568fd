import type { Credential } from '../store/credentials.ts';
import type { Bench } from './bench.ts';

/** What a run knows of its unit's credential before it asks for one. */
export type Known = {
  /** The credential that the unit is to have again; none before its first, and where two people let another take its place. */
  readonly known?: Credential;
  /** The operation that the unit holds and that its new credential names, so that the unit lets it in. */
  readonly replaces?: Buffer;
};

/** The unit is asked what it holds only where two people ever agreed to another credential for it. */
export async function knownOf({ unit, shop, session, signal }: Bench): Promise<Known> {
  const { credentials, after } = shop.records;
  const newest = credentials.ofUnit(unit.id);
  const known = newest && !after.isReplaced(newest.id) ? newest : undefined;
  const found = known ? { known } : {};
  if (!after.hasReplaced(unit.id)) return found;
  const { state, operation } = await session.status(signal);
  if (state !== 'committed' || !operation || known?.operation.equals(operation)) return found;
  // Only a credential of this very unit gives way: what another one left in it stays refused.
  return credentials.isOfUnit(unit.id, operation) ? { ...found, replaces: operation } : found;
}

/** How an object names what it takes the place of. */
export const named = ({ replaces }: { readonly replaces?: Buffer }): { readonly replaces?: Buffer } =>
  replaces === undefined ? {} : { replaces };
