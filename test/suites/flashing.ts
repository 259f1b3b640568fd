import { join } from 'node:path';
import type { ImagePlan } from '../../station-core/contract/image.ts';
import { type Recipe, recipeSchema } from '../../station-core/contract/recipe.ts';
import { recipeOf } from '../../station-core/practice.ts';
import type { Station } from '../../station-core/station.ts';
import { top } from '../rules/sources.ts';

/** What puts an image into a simulated unit's memory: a program for node. */
export const flasher = join(top, 'test/suites/esp-flash.main.ts');

/** A recipe whose units get key and certificate as an image; `station` is one with an intermediate. */
export async function flashedBy(
  station: Station,
  image: Partial<ImagePlan> & Pick<ImagePlan, 'programmer'>,
  source: 'station' | 'unit' = 'station',
): Promise<Recipe> {
  const recipe = await recipeOf(station, 'x509-individual');
  return recipeSchema.parse({
    ...recipe,
    name: 'flashed',
    registrationId: '{serial}',
    delivery: 'clear',
    attestation: { ...recipe.attestation, key: { source, algorithm: 'p256' } },
    image: { format: 'esp-secure-cert', ...image },
  });
}
