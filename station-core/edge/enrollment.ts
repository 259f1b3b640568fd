import { keyIsInline } from '../contract/edge.ts';
import type { Recipe } from '../contract/recipe.ts';

/** What a group must say of its units where they run IoT Edge; individual enrollments say it in the recipe. */
export const edgeOfGroup = ({ edge }: Recipe) => (edge === undefined ? {} : { capabilities: { iotEdge: true } });

/** What a person should know of a recipe that writes for IoT Edge. */
export function edgeWarnings(recipe: Recipe): readonly string[] {
  const { edge, attestation, tpm } = recipe;
  if (edge === undefined) return [];
  const said: string[] = [];
  if (keyIsInline(recipe)) {
    said.push(`Who may read ${edge.format === 'toml' ? 'config.toml' : 'config.yaml'} on the unit has its key.`);
  }
  if (attestation.scope === 'group') {
    said.push(
      `Units of the group ${attestation.group} are IoT Edge devices only if the group says so (capabilities.iotEdge), which is looked at by nobody where the group exists already.`,
    );
  }
  if (attestation.type === 'tpm' && (tpm?.takeOwnership ?? tpm?.endorsementAuth) !== undefined) {
    said.push(
      "The unit's TPM has an authorisation that IoT Edge needs as well ([tpm.hierarchy_authorization]); the station does not write it.",
    );
  }
  return said;
}
