import { wrongDisclosures } from '../../store/disclosure.ts';
import type { Check } from '../check.ts';

/** Clear values are those that their commitments speak of. */
export const disclosures: Check = {
  about: 'names and their commitments',
  run({ db, report }) {
    for (const id of wrongDisclosures(db)) {
      report('damage', `disclosure ${id}`, 'its value is not the one that its commitment speaks of');
    }
  },
};
