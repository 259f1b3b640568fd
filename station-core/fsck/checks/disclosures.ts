import { commitmentTo } from '../../store/disclosure.ts';
import type { Check } from '../check.ts';

type Row = { id: number; label: string; value: string | null; salt: Buffer | null; commitment: string };

/** Clear values are those that their commitments speak of; an erased one has lost value and salt together. */
export const disclosures: Check = {
  about: 'names and their commitments',
  run({ db, report }) {
    const rows = db.prepare<[], Row>('SELECT id, label, value, salt, commitment FROM disclosure');
    for (const { id, label, value, salt, commitment } of rows.iterate()) {
      const erased = value === null && salt === null;
      const holds = value !== null && salt !== null && commitmentTo(label, value, salt) === commitment;
      if (!erased && !holds)
        report('damage', `disclosure ${id}`, 'its value is not the one that its commitment speaks of');
    }
  },
};
