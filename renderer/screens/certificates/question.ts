import type { Params } from '../../../station-core/contract/api.ts';

/** What certificates are found by here; each has an index, so that a million of them make no one wait. */
export const kinds = ['registrationId', 'unit', 'serialNumber', 'sha256'] as const;
export type Kind = (typeof kinds)[number];

export type Question =
  | { readonly state: 'empty' }
  | { readonly state: 'wrong'; readonly why: 'hexWrong' | 'thumbprintWrong' }
  | { readonly state: 'right'; readonly params: Params<'ca.find'> };

/** A question out of what a person typed or pasted: thumbprints come with colons and spaces, and in capitals. */
export function questionOf(kind: Kind, typed: string): Question {
  const text = typed.trim();
  if (text === '') return { state: 'empty' };
  switch (kind) {
    case 'registrationId':
    case 'unit':
      return { state: 'right', params: { [kind]: text.slice(0, 128) } };
    case 'serialNumber':
    case 'sha256':
      return hexQuestion(kind, text.replace(/[\s:]/g, '').toLowerCase());
  }
}

function hexQuestion(kind: 'serialNumber' | 'sha256', hex: string): Question {
  if (kind === 'sha256') {
    return /^[0-9a-f]{64}$/.test(hex)
      ? { state: 'right', params: { sha256: hex } }
      : { state: 'wrong', why: 'thumbprintWrong' };
  }
  return /^([0-9a-f]{2}){1,20}$/.test(hex)
    ? { state: 'right', params: { serialNumber: hex } }
    : { state: 'wrong', why: 'hexWrong' };
}
