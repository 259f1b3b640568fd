import type { HsmKey } from '../../../station-core/contract/hsm.ts';

/** How a key is kept, in one word of the messages: what matters of its guards. */
export function keptAs({ guards }: HsmKey): 'born' | 'imported' | 'weak' {
  if (guards.extractable || !guards.sensitive) return 'weak';
  return guards.local && guards.neverExtractable && guards.alwaysSensitive ? 'born' : 'imported';
}

/** Those that break a rule first, then by label. */
export const inOrder = (keys: readonly HsmKey[]): readonly HsmKey[] =>
  keys.toSorted((one, other) => Number(!one.refused) - Number(!other.refused) || one.label.localeCompare(other.label));

/** PKCS#11's name of a type without its prefix: CKK_EC is EC, CKK_GENERIC_SECRET is SECRET. */
export const typeName = (type: string): string => type.replace(/^CKK_(GENERIC_|EC_(?=E))?/, '').replaceAll('_', ' ');
