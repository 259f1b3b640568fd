// A line whose units came with certificates of their own, or get them from imported stores.
import { createHash, X509Certificate } from 'node:crypto';
import type { OwnKey } from '../../drivers/simulated/unit/factory.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import { unitOf } from '../../station-core/practice.ts';
import { TestStation, type TestStationOptions } from './station.ts';
import type { Certified } from './x509-chains.ts';

type Key = Extract<Recipe['attestation'], { type: 'x509' }>['key'];

/** A station, and what its units bring along, by their labels. */
export type GivenLine = { readonly line: TestStation; readonly owns: Map<string, OwnKey> };

export async function givenLine(options: TestStationOptions = {}): Promise<GivenLine> {
  const owns = new Map<string, OwnKey>();
  const line = await TestStation.open({
    ...options,
    openLane: (fixtures, lane) => async (label, signal) => {
      const own = owns.get(label);
      await fixtures.place(lane, { ...unitOf(label), ...(own ? { own } : {}) });
      return fixtures.link(lane, signal);
    },
  });
  return { line, owns };
}

const common = {
  schema: 1,
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{serial}',
  delivery: 'clear',
  lock: false,
  target: 'dps',
} as const;

/** A recipe for certificates that others made; the registration ID is the serial. */
export const givenRecipe = (name: string, key: Key, more: object = { scope: 'individual' }): Recipe =>
  ({ ...common, name, attestation: { type: 'x509', ...more, key } }) as Recipe;

/** An armed order for these serials. */
export async function orderOf(line: TestStation, recipe: Recipe, serials: readonly string[]): Promise<string> {
  const name = `${recipe.name}-${line.station.records.units.orders().length + 1}`;
  await line.as('lead', 'orders.create', { name, recipe, units: serials.map((serial) => ({ serial })) });
  await line.as('lead', 'orders.arm', { order: name });
  return name;
}

/** How a CA certificate is pinned. */
export const pin = ({ cert }: Pick<Certified, 'cert'>): string =>
  createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');

/** What a unit brings: its key, and its chain with these above. */
export const bringing = (leaf: Certified, ...above: readonly Certified[]): OwnKey => ({
  key: leaf.key,
  chain: [leaf, ...above].map(({ cert }) => cert).join(''),
});
