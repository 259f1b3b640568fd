import { StationError } from '../../contract/errors.ts';
import type { Bench, Step } from '../bench.ts';
import { planOf } from './endorse.ts';
import { requireSameUnit } from './identify.ts';

/**
 * Takes ownership of the TPM (F-96): sets the authorisation of its owner hierarchy to the secret that the recipe names. A TPM that
 * is owned already stays as it is; whether by this station or by others is in the audit.
 */
export const own: Step = {
  kind: 'irreversible',
  before: requireSameUnit,
  intent(bench) {
    if (!bench.endorsement.tpm.ownerAuthSet) {
      bench.shop.audit.append(
        bench.entry({ action: 'tpm.ownership-begun', result: 'ok', details: { secret: nameOf(bench) } }),
      );
    }
  },
  async act(bench) {
    if (bench.endorsement.tpm.ownerAuthSet) return { ownershipTaken: false };
    const tpm = await bench.tpm();
    await tpm.takeOwnership(await bench.secret(nameOf(bench)), bench.signal);
    return { ownershipTaken: true, tpmOwned: true };
  },
};

function nameOf(bench: Bench): string {
  const { takeOwnership } = planOf(bench);
  if (takeOwnership !== undefined) return takeOwnership;
  throw new StationError('recipe.unsupported', { what: 'taking ownership without the secret for it' });
}
