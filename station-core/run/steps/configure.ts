import type { EdgePlan } from '../../contract/edge.ts';
import { StationError } from '../../contract/errors.ts';
import { chainFile, configFile, type EdgeFile } from '../../edge/files.ts';
import type { Bench, Step } from '../bench.ts';
import { fullChain } from './install.ts';

/**
 * Writes what IoT Edge reads on the unit, and the certificate chain where that says that it lies: files without a secret, which the
 * unit says afterwards that it holds (F-111, F-113). What holds a key is written by `release`.
 */
export const configure: Step = {
  kind: 'reversible',
  async act(bench) {
    const files = filesOf(bench);
    for (const file of files) await bench.session.writeFile(file, bench.signal);
    return { edgeFormat: edgeOf(bench).format, edgeFiles: files.length };
  },
};

/** The chain first: what names it is there last. */
function filesOf(bench: Bench): readonly EdgeFile[] {
  const edge = edgeOf(bench);
  const { attestation } = bench.unit.recipe;
  const chain = attestation.type === 'x509' ? chainFile(edge, fullChain(bench.certified)) : undefined;
  return [...(chain ? [chain] : []), configFile(edge, attestation.type, whereaboutsOf(bench))];
}

/** Where and as whom the unit will register. */
export const whereaboutsOf = ({ shop, named }: Bench) => ({ ...shop.dps, registrationId: named.registrationId });

export function edgeOf({ unit }: Bench): EdgePlan {
  const { edge } = unit.recipe;
  if (edge) return edge;
  throw new StationError('recipe.unsupported', { what: 'a file for IoT Edge without saying which' });
}
