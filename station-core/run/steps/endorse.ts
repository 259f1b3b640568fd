import { createHash } from 'node:crypto';
import { brokenKeyRule, keyObjectOf, type PublicArea, readPublicArea } from '../../../drivers/tpm/public.ts';
import { isPublicSampleKey } from '../../../drivers/tpm/public-samples.ts';
import { isOfKind } from '../../../drivers/tpm/templates.ts';
import type { Endorsement } from '../../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../../contract/errors.ts';
import type { TpmPlan } from '../../contract/tpm.ts';
import type { Bench, Step } from '../bench.ts';

/**
 * Reads the unit's endorsement key, and its certificate where it has one: what is persistent first, and what had to be created is
 * a fact of the run (docs/lessons.md 13). Nothing of it is proven yet, and nothing is kept.
 */
export const endorse: Step = {
  kind: 'reversible',
  async act(bench) {
    const { endorsementKey: kind, endorsementAuth } = planOf(bench);
    const unitTpm = await bench.tpm();
    const tpm = await unitTpm.describe(bench.signal);
    if (tpm.inLockout) throw new StationError('tpm.lockout');
    const auth = endorsementAuth === undefined ? {} : { endorsementAuth: await bench.secret(endorsementAuth) };
    const key = await unitTpm.endorsement({ kind, ...auth }, bench.signal);
    const area = checked(key);
    const sha256 = createHash('sha256').update(key.public).digest();
    if (!bench.shop.practice && isPublicSampleKey(sha256)) throw new StationError('ek.public-sample');
    const known = bench.shop.records.endorsements.ofUnit(bench.unit.id);
    if (known && !known.sha256.equals(sha256)) throw new StationError('ek.changed', { serial: bench.unit.serial });
    bench.endorsement = { tpm, key, area, sha256 };
    const { manufacturer, vendor, firmware, ownerAuthSet } = tpm;
    return {
      endorsementKey: sha256.toString('hex'),
      endorsementKeyKind: kind,
      endorsementKeyOrigin: key.origin,
      endorsementKeyTemplate: key.template,
      tpmManufacturer: manufacturer,
      tpmVendor: vendor,
      tpmFirmware: firmware,
      // F-96: recorded, whoever took it.
      tpmOwned: ownerAuthSet,
    };
  },
};

export function planOf({ unit: { recipe } }: Bench): TpmPlan {
  if (recipe.tpm) return recipe.tpm;
  throw new StationError('recipe.unsupported', { what: 'a TPM without the recipe’s part for it' });
}

/** The key must be one that only this TPM holds and that opens credentials alone, and of the kind that was asked for. */
function checked({ public: bytes, kind, template }: Endorsement): PublicArea {
  const what = 'endorsement key';
  try {
    const area = readPublicArea(bytes, `the ${what}`);
    keyObjectOf(area.key, `the ${what}`);
    const rule =
      brokenKeyRule(area) ?? (template === 'nv' || isOfKind(area, kind) ? undefined : `it is not of the kind ${kind}`);
    if (rule === undefined) return area;
    throw new StationError('tpm.key-refused', { what, rule });
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
    const { place = '?', expected = '?' } = thrown.details;
    throw new StationError('tpm.key-refused', { what, rule: `${place}: expected ${expected}` }, { cause: thrown });
  }
}
