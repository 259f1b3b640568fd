import type { HsmKey } from '../../../station-core/contract/hsm.ts';

/** How a key is kept, in one word of the messages: what matters of its guards. */
export function keptAs({ guards }: HsmKey): 'born' | 'imported' | 'weak' {
  if (guards.extractable || !guards.sensitive) return 'weak';
  return guards.local && guards.neverExtractable && guards.alwaysSensitive ? 'born' : 'imported';
}

/** A name for each that no other has: two objects of a token may have one label and one ID. */
export function namesOf(keys: readonly HsmKey[]): ReadonlyMap<HsmKey, string> {
  const seen = new Map<string, number>();
  return new Map(
    keys.map((key) => {
      const name = `${key.class} ${key.id} ${key.label}`;
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return [key, `${name} ${before}`];
    }),
  );
}

/** Those that break a rule first, then by label. */
export const inOrder = (keys: readonly HsmKey[]): readonly HsmKey[] =>
  keys.toSorted((one, other) => Number(!one.refused) - Number(!other.refused) || one.label.localeCompare(other.label));

/** PKCS#11's name of a type without its prefix: CKK_EC is EC, CKK_GENERIC_SECRET is SECRET. */
export const typeName = (type: string): string => type.replace(/^CKK_(GENERIC_|EC_(?=E))?/, '').replaceAll('_', ' ');
