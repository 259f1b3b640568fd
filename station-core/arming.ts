import { createHash } from 'node:crypto';
import { base64 } from './attestation/x509.ts';
import { StationError } from './contract/errors.ts';
import { type AttestationOf, type GivenAttestation, type IssuedAttestation, isIssued } from './contract/recipe.ts';
import type { Order } from './contract/record.ts';
import { checkValueOfBytes, sameInHsm } from './keys.ts';
import { type By, people } from './person.ts';
import { keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';
import type { DpsClient } from './sync/dps/client.ts';
import { holdsCertificate } from './sync/dps/same.ts';

/**
 * Arms an order: what its units will be known by is compared with DPS once, a group's key by check value or a group's
 * intermediate by thumbprint, or a lead accepts that this was not proven, which stays in the audit (docs/design.md, Orders).
 */
export async function arm(station: Station, order: Order, accept: boolean, by: By): Promise<Order> {
  const { attestation, target } = station.records.units.recipeOf(order.id);
  if (attestation.scope !== 'group') return order;
  // IoT Central shows its keys in a file for people, and a hub does not say which CA it trusts for which devices.
  if ((target === 'central' || target === 'hub') && !accept) {
    throw new StationError('order.not-comparable', { order: order.name, target: placeOf[target] });
  }
  const how = { accept, who: people(station.operators, by) };
  if (attestation.type === 'x509' && !isIssued(attestation)) {
    return armByStore(station, order, attestation, how);
  }
  if (attestation.type === 'x509') return armByIssuer(station, order, attestation, how);
  return armByKey(station, order, attestation, how);
}

const placeOf = { central: 'IoT Central', hub: 'the IoT hub' } as const;

type How = { readonly accept: boolean; readonly who: ReturnType<typeof people> };
type SymmetricGroup = Extract<AttestationOf<'symmetricKey'>, { scope: 'group' }>;
type StoredGroup = Extract<GivenAttestation, { scope: 'group' }>;
type IssuedGroup = Extract<IssuedAttestation, { scope: 'group' }>;

/** The group's keys are read once and compared by check value; what was read is zeroed. */
async function armByKey(
  station: Station,
  order: Order,
  { key, group }: SymmetricGroup,
  { accept, who }: How,
): Promise<Order> {
  const { orders, hsmSerial, parts } = station;
  await sameInHsm(parts.hsm, key);
  const used = { label: key.label, checkValue: key.checkValue, hsm: hsmSerial };
  if (accept) return orders.arm(order, 'accepted', who, used);
  const client = clientOf(station);
  const signal = AbortSignal.timeout(60_000);
  if (!(await client.getGroup(group, signal))) throw new StationError('cloud.no-group', { group });
  const { symmetricKey } = await client.attestationOf('enrollmentGroups', group, signal);
  // Which of the two keys it is says from which the units' keys are derived (F-22).
  const slots = { primary: symmetricKey?.primaryKey, secondary: symmetricKey?.secondaryKey };
  const same = (text: string | undefined) => text !== undefined && checkValueOfText(text) === key.checkValue;
  const slot = (['primary', 'secondary'] as const).find((one) => same(slots[one]));
  if (!slot) throw new StationError('order.key-differs', { label: key.label, group });
  return orders.arm(order, 'proven', who, used, slot);
}

/** The group must have our intermediate, or one above it, among its signing certificates. The order's own row may still make it. */
async function armByIssuer(
  station: Station,
  order: Order,
  { issuer: pin, group }: IssuedGroup,
  { accept, who }: How,
): Promise<Order> {
  const { orders, pump } = station;
  const issuer = station.issuers.ready(pin);
  const used = keyOf(station, issuer);
  if (accept) return orders.arm(order, 'accepted', who, used);
  const client = clientOf(station);
  await pump.run();
  const theirs = await client.getGroup(group, AbortSignal.timeout(60_000));
  if (!theirs) throw new StationError('cloud.no-group', { group });
  const shown = theirs.attestation.x509?.signingCertificates;
  const ours = issuer.chain.some(({ certificate }) => holdsCertificate(base64(certificate), shown));
  if (!ours) throw new StationError('order.key-differs', { label: issuer.name, group });
  return orders.arm(order, 'proven', who, used);
}

/** The group must name a CA above whatever the store holds for the order's units; the station never makes this group. */
async function armByStore(
  station: Station,
  order: Order,
  { key: { store }, group }: StoredGroup,
  { accept, who }: How,
): Promise<Order> {
  const { orders, records } = station;
  const paths = records.stored.pathsOf(order.id, store);
  const [issuer] = paths[0] ?? [];
  if (!issuer) throw new StationError('store.empty', { store, order: order.name });
  // No key of the HSM stands behind these: the CA that issued them is what the entry names.
  const checkValue = createHash('sha256').update(issuer).digest('hex').slice(0, 16);
  const used = { label: `store ${store}`, checkValue, hsm: 'none' };
  if (accept) return orders.arm(order, 'accepted', who, used);
  const theirs = await clientOf(station).getGroup(group, AbortSignal.timeout(60_000));
  if (!theirs) throw new StationError('cloud.no-group', { group });
  const shown = theirs.attestation.x509?.signingCertificates;
  const ours = paths.every((path) => path.some((der) => holdsCertificate(base64(der), shown)));
  if (!ours) throw new StationError('order.key-differs', { label: store, group });
  return orders.arm(order, 'proven', who, used);
}

function clientOf({ parts }: Station): DpsClient {
  if (parts.client) return parts.client;
  throw new StationError('cloud.not-configured', { what: 'no DPS connection string was given' });
}

function checkValueOfText(base64Text: string): string {
  const bytes = Buffer.from(base64Text, 'base64');
  try {
    return checkValueOfBytes(bytes);
  } finally {
    bytes.fill(0);
  }
}
