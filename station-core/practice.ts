import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { UnitInput } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Recipe } from './contract/recipe.ts';
import type { Actor, Order, Role } from './contract/record.ts';
import { practiceCa } from './practice-ca.ts';
import { givenRecipe, labelsOf, stockUp, tpmRecipe } from './practice-given.ts';
import type { Station } from './station.ts';

// The practice line: the whole product on stand-ins that ship with it. Everything is done through the same calls as on a
// real line, by four ready-made people.

/** Ready-made people. Their PINs are no secret: practice protects nothing. */
export const people = [
  { name: 'Tess Technician', role: 'technician', pin: '1111' },
  { name: 'Lee Lead', role: 'lead', pin: '2222' },
  { name: 'Sol Security', role: 'security-officer', pin: '3333' },
  { name: 'Ada Auditor', role: 'auditor', pin: '4444' },
] as const satisfies readonly { name: string; role: Role; pin: string }[];

/** The enrollment group of the practice line, and the label of its key in the HSM. */
const group = 'practice-line';
const groupKeyLabel = 'practice-group-key';

const x509Group = 'practice-line-x509';
const leafKey = { source: 'unit', algorithm: 'p256' } as const;
const profile = { validityDays: 730, renewal: 'by a new certificate for the same key, at the yearly service' } as const;

export const recipeNames = [
  'symmetric-group',
  'symmetric-individual',
  'x509-group',
  'x509-individual',
  'x509-own',
  'x509-stored',
  'tpm',
  'symmetric-sealed',
  'symmetric-channel',
  'edge',
  'central',
  'hub',
] as const;
export type RecipeName = (typeof recipeNames)[number];

/** The configuration of a fresh practice folder. */
export function practiceConfig(lanes: number, recipe?: RecipeName): Config {
  return {
    schema: 1,
    hsm: { kind: 'soft' },
    lanes: Array.from({ length: lanes }, (_, index) => ({ lane: index + 1, kind: 'simulated' })),
    dps: { kind: 'emulator' },
    budgetPerMinute: 200,
    // One more process, for whoever wants it.
    ...(recipe === 'hub' ? { hub: { kind: 'emulator' } as const } : {}),
  };
}

/** Writes station.json unless there is one. */
export function prepareFolder(folder: string, lanes: number, recipe?: RecipeName): void {
  mkdirSync(join(folder, 'practice'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'station.json');
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(practiceConfig(lanes, recipe), null, 2)}\n`);
}

/** A technician's mistake to practise with: this label sticks on a unit that says another serial. */
const isMixedUp = (label: string) => label.endsWith('-X');

/** The simulated unit that belongs to a label; its MAC follows from the label, so that orders and units agree. */
export function unitOf(label: string): { label: string; serial: string; mac: string } {
  const serial = isMixedUp(label) ? label.replace(/X$/, 'Y') : label;
  return { label, serial, mac: macOf(label) };
}

function macOf(label: string): string {
  const bytes = createHash('sha256').update(label, 'utf8').digest().subarray(0, 5);
  // 02: locally administered, so that no maker's addresses are used (IEEE 802).
  return ['02', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase())].join(':');
}

/** The ready-made people, added at the first start. */
export async function addPeople(station: Station): Promise<void> {
  for (const { name, role, pin } of people) {
    // Whoever was erased does not come back by a start.
    if (station.operators.ofRole(role).length > 0) continue;
    const bytes = Buffer.from(pin, 'utf8');
    await station.operators.members.add(name, role, bytes, undefined, 'published');
    bytes.fill(0);
  }
}

/** The ready-made person of a role, or whoever came after. Throws `person.none` when all of them were erased. */
export function actor(station: Station, role: Role): Actor {
  const found = station.operators.ofRole(role).find((one) => one !== undefined);
  if (!found) throw new StationError('person.none', { role });
  return found;
}

/**
 * A recipe of the practice line. The group's key is made once: given to the emulator as its owner would, and to the HSM
 * as a security officer with a lead's approval would.
 */
export async function recipeOf(station: Station, name: RecipeName): Promise<Recipe> {
  const common = {
    schema: 1,
    name,
    version: 1,
    protocol: 'uart-v1',
    delivery: 'clear',
    lock: false,
    target: 'dps',
  } as const;
  const registrationId = 'sn-{serial}-mac-{mac}';
  if (name === 'x509-group' || name === 'x509-individual') {
    const attestation = { issuer: await practiceCa(station), key: leafKey, profile } as const;
    if (name === 'x509-individual') {
      return { ...common, registrationId, attestation: { type: 'x509', scope: 'individual', ...attestation } };
    }
    return {
      ...common,
      registrationId,
      attestation: { type: 'x509', scope: 'group', group: x509Group, ...attestation },
    };
  }
  if (name === 'edge') return { ...common, registrationId, ...(await edgeRecipe(station)) };
  if (name === 'tpm' || name === 'symmetric-sealed') return { ...common, ...tpmRecipe(station, name) };
  if (name === 'symmetric-channel') {
    const attestation = { type: 'symmetricKey', scope: 'individual' } as const;
    return { ...common, delivery: 'channel', registrationId, attestation };
  }
  if (name === 'x509-own' || name === 'x509-stored') return { ...common, ...givenRecipe(station, name) };
  if (name === 'symmetric-individual' || name === 'hub') {
    const target = name === 'hub' ? 'hub' : 'dps';
    return { ...common, target, registrationId, attestation: { type: 'symmetricKey', scope: 'individual' } };
  }
  const key = knownGroupKey(station) ?? (await makeGroup(station));
  if (name === 'central') {
    const central = { deviceName: 'Practice unit {serial}' };
    const attestation = { type: 'symmetricKey', scope: 'group', group, key } as const;
    return { ...common, target: 'central', central, registrationId, attestation };
  }
  return { ...common, registrationId, attestation: { type: 'symmetricKey', scope: 'group', group, key } };
}

/** A gateway that runs IoT Edge: its key and certificate are its agent's, its configuration says where that keeps them. */
async function edgeRecipe(station: Station): Promise<Pick<Recipe, 'attestation' | 'edge'>> {
  const certified = { issuer: await practiceCa(station), key: leafKey, profile } as const;
  const enrollment = { capabilities: { iotEdge: true } } as const;
  const secrets = 'file:///var/secrets/device-id';
  return {
    attestation: { type: 'x509', scope: 'individual', ...certified, enrollment },
    edge: { format: 'toml', x509: { certificate: `${secrets}.pem`, privateKey: `${secrets}.key.pem` } },
  };
}

/** The group key's reference, from the recipe of an earlier order. */
function knownGroupKey(station: Station) {
  for (const order of station.records.units.orders()) {
    const { attestation } = station.records.units.recipeOf(order.id);
    if (attestation.type === 'symmetricKey' && attestation.scope === 'group') return attestation.key;
  }
  return undefined;
}

async function makeGroup(station: Station) {
  const { client } = station.parts;
  if (!client) throw new TypeError('practice has no DPS');
  const bytes = randomBytes(64);
  try {
    const signal = AbortSignal.timeout(30_000);
    const before = await client.getGroup(group, signal);
    const groupKeys = { primary: bytes, secondary: randomBytes(64) };
    await client.putEmulatedGroup(group, groupKeys, before?.etag, signal);
    const params = { label: `${groupKeyLabel}-${randomBytes(3).toString('hex')}` };
    const operation = { method: 'hsm.importGroupKey', params } as const;
    const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
    const officer = { actor: actor(station, 'security-officer'), approval, secret: bytes };
    return await station.call('hsm.importGroupKey', params, officer);
  } finally {
    bytes.fill(0);
  }
}

export type Batch = { readonly order: Order; readonly labels: readonly string[] };

/** A new order of `units` units with fresh serials, armed; those that `mixedUp` names carry the wrong label. */
export async function makeOrder(
  station: Station,
  recipe: Recipe,
  units: number,
  mixedUp: (index: number) => boolean = () => false,
): Promise<Batch> {
  const number = station.records.units.orders().length + 1;
  const prefix = labelsOf(recipe);
  const labels = Array.from({ length: units }, (_, index) => {
    const label = `${prefix}${number}-${String(index + 1).padStart(4, '0')}`;
    return mixedUp(index) ? `${label}-X` : label;
  });
  const inputs: UnitInput[] = labels.map((label) => ({ serial: label, mac: macOf(label) }));
  await stockUp(station, recipe, labels);
  const name = `practice-${number}`;
  const lead = { actor: actor(station, 'lead') };
  await station.call('orders.create', { name, recipe, units: inputs }, lead);
  return {
    order: await station.call(
      'orders.arm',
      { order: name, accept: recipe.target === 'central' || recipe.target === 'hub' },
      lead,
    ),
    labels,
  };
}

/**
 * The batch of this recipe that an earlier practice in the folder did not finish: its order, armed, and the labels that
 * are left. None when there is no such order.
 */
export async function unfinishedBatch(station: Station, recipe: RecipeName): Promise<Batch | undefined> {
  const { units } = station.records;
  const order = units
    .orders()
    .find((one) => one.recipe === recipe && one.state === 'open' && one.finished < one.quantity);
  if (!order) return undefined;
  const lead = { actor: actor(station, 'lead') };
  const armed = order.armed === 'no' ? await station.call('orders.arm', { order: order.name }, lead) : order;
  return { order: armed, labels: units.next(order.id, order.quantity) };
}

/** An order for people to scan, made unless one is open; every seventh label sticks on a wrong unit. Answers what to scan next. */
export async function ordersToScan(station: Station, recipe: RecipeName): Promise<readonly string[]> {
  if (!station.records.units.orders().some((order) => order.finished < order.quantity)) {
    await makeOrder(station, await recipeOf(station, recipe), 42, (index) => index % 7 === 2);
  }
  const { labels } = await station.call('station.describe', {}, { actor: actor(station, 'technician') });
  return labels;
}
