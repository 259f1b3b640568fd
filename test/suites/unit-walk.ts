import type { UnitAct, UnitLook } from '../../station-core/contract/after.ts';
import type { Method, Params, Result } from '../../station-core/contract/api.ts';
import { type ErrorCode, StationError } from '../../station-core/contract/errors.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import type { Role } from '../../station-core/contract/record.ts';
import { actor, makeOrder, recipeOf } from '../../station-core/practice.ts';
import type { Station } from '../../station-core/station.ts';

// Units of every kind that are made, let out of quarantine, made once more, shipped and scrapped, in whatever order dice say.

const walked = [
  'symmetric-individual',
  'symmetric-group',
  'x509-individual',
  'x509-group',
  'tpm',
  'x509-made',
] as const;
export type WalkedRecipe = (typeof walked)[number];

/** The practice recipes, and one whose keys the station makes. */
async function walkedRecipe(station: Station, name: WalkedRecipe): Promise<Recipe> {
  if (name !== 'x509-made') return recipeOf(station, name);
  const { attestation, ...rest } = await recipeOf(station, 'x509-individual');
  if (attestation.type !== 'x509' || !('profile' in attestation))
    throw new TypeError('the practice recipe is another one');
  return { ...rest, name, attestation: { ...attestation, key: { ...attestation.key, source: 'station' } } };
}

/** Orders of `each` units of every kind; answers their serials. */
export async function walkedUnits(station: Station, each: number): Promise<string[]> {
  const serials: string[] = [];
  for (const name of walked) {
    serials.push(...(await makeOrder(station, await walkedRecipe(station, name), each)).labels);
  }
  return serials;
}

const as = <M extends Method>(station: Station, role: Role, method: M, params: Params<M>): Promise<Result<M>> =>
  station.call(method, params, { actor: actor(station, role) });

async function agreed<M extends Method>(station: Station, method: M, params: Params<M>): Promise<Result<M>> {
  const { approval } = await as(station, 'security-officer', 'approvals.approve', { method, params });
  return station.call(method, params, { actor: actor(station, 'lead'), approval });
}

export async function lookAt(station: Station, serial: string): Promise<UnitLook> {
  const [unit] = await as(station, 'technician', 'unit.look', { text: serial });
  if (!unit) throw new TypeError('a unit of the walk is gone');
  return unit;
}

const acts: Readonly<
  Record<UnitAct | 'run' | 'disable' | 'enable', (station: Station, serial: string) => Promise<unknown>>
> = {
  run: async (station, serial) => {
    await as(station, 'technician', 'run.start', { lane: 1, serial });
    await station.lanes.ended(1);
  },
  'unit.release': (station, serial) => as(station, 'lead', 'unit.release', { serial, reason: 'looked at' }),
  'unit.rework': (station, serial) => as(station, 'lead', 'unit.rework', { serial }),
  'unit.replace': (station, serial) => agreed(station, 'unit.replace', { serial }),
  'unit.ship': (station, serial) => as(station, 'technician', 'unit.ship', { serial }),
  'unit.scrap': (station, serial) => agreed(station, 'unit.scrap', { serial, reason: 'unspecified' }),
  disable: (station, serial) => as(station, 'lead', 'unit.disable', { serial }),
  enable: (station, serial) => as(station, 'lead', 'unit.enable', { serial }),
};
export type WalkAct = keyof typeof acts;
const all = Object.keys(acts) as WalkAct[];

/** Mostly what suits the unit, its end rarely; sometimes what nobody should do. */
function choose({ may, standing }: UnitLook, random: () => number): WalkAct {
  const rare: ReadonlySet<WalkAct> = new Set(['unit.scrap', 'unit.ship']);
  const suited = [
    'run' as const,
    ...may.filter((act) => !rare.has(act) || random() < 0.1),
    ...(standing === 'finished' ? (['disable', 'enable'] as const) : []),
  ];
  const among = random() < 0.85 ? suited : all;
  return among[Math.floor(random() * among.length)] ?? 'run';
}

/** Whatever a person can do wrong is refused with a reason; these are the station's own faults. */
const faults: ReadonlySet<ErrorCode> = new Set(['internal', 'store.damaged', 'store.failed', 'run.empty']);

/** One act with one unit, as the dice say; answers what it was, and why it was refused. Throws the station's own faults. */
export async function walk(station: Station, serials: readonly string[], random: () => number): Promise<string> {
  const serial = serials[Math.floor(random() * serials.length)] ?? '';
  const unit = await lookAt(station, serial);
  const act = choose(unit, random);
  // A unit that the cloud was never told of has no entry that could be enabled: such a row would wait for a person.
  if ((act === 'disable' || act === 'enable') && unit.standing !== 'finished') return `${act} ${unit.standing}`;
  try {
    await acts[act](station, serial);
    return act;
  } catch (thrown) {
    if (!(thrown instanceof StationError) || faults.has(thrown.code)) throw thrown;
    return `${act} ${thrown.code}`;
  }
}

/** Ships what can be shipped and scraps everything else that has a credential; answers how many of each. */
export async function endAll(
  station: Station,
  serials: readonly string[],
): Promise<{ shipped: string[]; scrapped: string[] }> {
  const ended = { shipped: [] as string[], scrapped: [] as string[] };
  for (const serial of serials) {
    const { may, packing } = await lookAt(station, serial);
    if (may.includes('unit.ship') && packing.every(({ holds }) => holds)) await acts['unit.ship'](station, serial);
    else if (may.includes('unit.scrap')) await acts['unit.scrap'](station, serial);
    const { standing } = await lookAt(station, serial);
    ended[standing === 'shipped' ? 'shipped' : 'scrapped'].push(serial);
  }
  return ended;
}
