import { verifyLog } from '../../audit/verify.ts';
import type { Check } from '../check.ts';

/** Every entry of the audit trail: canonical bytes, hashes, chain. */
export const audit: Check = {
  about: 'the audit trail',
  async run({ db, report }) {
    const { problem } = await verifyLog(db);
    if (problem) report('damage', `audit entry ${problem.seq}`, problem.reason);
  },
};
