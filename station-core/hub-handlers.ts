import { createHash } from 'node:crypto';
import { attestationOf } from './attestation/registry.ts';
import { base64 as certificateOf } from './attestation/x509.ts';
import { isoTime } from './clock.ts';
import type { HubLines, Params, Result } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import { carriedOf, moduleKeys } from './credential-keys.ts';
import type { Handlers } from './handlers.ts';
import type { By } from './person.ts';
import { people } from './person.ts';
import type { Station } from './station.ts';
import type { OutboxRow } from './store/outbox.ts';
import { noteBacklog } from './store/records.ts';
import type { NamedUnit } from './store/units.ts';
import { isNamed } from './store/units.ts';
import { zero } from './sync/hub/bulk.ts';
import { identityOf, itemJson } from './sync/hub/identity.ts';

/** The calls about an IoT hub's own registry, beside the rows that go there by themselves. */
export function hubHandlers(station: Station): Pick<Handlers, 'hub.lines' | 'hub.keyLines' | 'hub.module'> {
  return {
    'hub.lines': async (params, by) => {
      const { lines, ...counts } = await makeLines(station, params, by, false);
      return { ...counts, text: lines.toString('utf8') };
    },
    'hub.keyLines': async (params, by) => {
      const keep = kept(by, 'hub.keyLines');
      const { lines, ...counts } = await makeLines(station, params, by, true);
      keep(lines);
      return counts;
    },
    'hub.module': (params, by) => makeModule(station, params, by),
  };
}

/** Keys never travel over the contract: whoever asks for some takes them in this process. */
function kept({ keep }: By, call: string): (secret: Buffer) => void {
  if (keep) return keep;
  throw new StationError('input.invalid', {
    place: call,
    expected: 'a caller in this process, who takes the key',
    found: 'none',
  });
}

/**
 * One JSON object a line for each finished unit of an order (devices.txt of an import job, dps-reference 10.3), made to create and
 * never to overwrite. Without keys, units with keys have no line: a hub would make keys that no unit has. What goes out is in the
 * audit before it goes.
 */
async function makeLines(
  station: Station,
  { order: name }: Params<'hub.lines'>,
  by: By,
  withKeys: boolean,
): Promise<HubLines & { readonly lines: Buffer }> {
  const { records, audit, operators } = station;
  const order = records.units.order(name);
  const { target } = records.units.recipeOf(order.id);
  if (target !== 'hub') throw new StationError('recipe.unsupported', { what: `lines for a hub with target ${target}` });
  const finished = records.units.finishedFor('hub').filter((one) => one.order === order.id);
  const parts: Buffer[] = [];
  for (const { unit } of finished) {
    const line = await lineOf(station, records.units.byId(unit), withKeys);
    if (line) parts.push(line, Buffer.from('\n'));
  }
  const lines = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  const units = parts.length / 2;
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const details = { order: name, units, withKeys, sha256 };
  await records.commits.commit(() => {
    audit.append({ action: 'hub.lines', result: 'ok', ...people(operators, by), details });
  });
  return { units, left: finished.length - units, lines };
}

/** A unit's line; none for one whose key is not asked for, or is kept no more since the hub has it. */
async function lineOf(
  { records, parts, keys }: Station,
  unit: ReturnType<Station['records']['units']['byId']>,
  withKeys: boolean,
): Promise<Buffer | undefined> {
  if (!isNamed(unit)) return undefined;
  const row = rowOf(unit, records.credentials.ofUnit(unit.id)?.id ?? null);
  const { type, scope } = unit.recipe.attestation;
  if (type === 'symmetricKey' && !(withKeys && isKept(records.credentials.ofUnit(unit.id)))) return undefined;
  const carry = carriedOf({ hsm: parts.hsm, records, sealing: keys.sealing });
  const identity = identityOf(row, scope === 'group' ? undefined : await carry(row));
  try {
    return itemJson(identity);
  } finally {
    zero(identity);
  }
}

const isKept = (credential: { readonly sealed: Buffer | null } | undefined): boolean =>
  (credential?.sealed ?? null) !== null;

/** The row that told of the unit, once more. */
function rowOf(unit: NamedUnit, credential: number | null): OutboxRow {
  const { body = {} } = attestationOf(unit.recipe).ofUnit(unit.recipe, unit) ?? {};
  const { registrationId } = unit;
  return {
    id: 0,
    target: 'hub',
    registrationId,
    action: 'create',
    version: 1,
    body,
    credential,
    attempts: 0,
    replaces: null,
  };
}

/** Inside a commit: a hub's registry has an identity for each module; DPS knows none. Here it is one with a certificate. */
export function queueModule({ records, parts }: Station, unit: NamedUnit, module: string, certificate: number): void {
  const der = records.certificates.byId(certificate)?.der;
  const byThumbprint = der ? { x509: { clientCertificates: { primary: { certificate: certificateOf(der) } } } } : {};
  const byAuthority = { scope: 'group' };
  const how = unit.recipe.attestation.scope === 'group' ? byAuthority : byThumbprint;
  const body = { moduleId: module, attestation: { type: 'x509', ...how } };
  const { registrationId } = unit;
  const dueMs = parts.clock.now();
  records.outbox.queue({ target: 'hub', registrationId, action: 'create', body, credential: null, dueMs });
  noteBacklog(records, isoTime(parts.clock));
}

/** A module with keys of its own: its row, and the entry that its key was handed out, are there before the key goes. */
async function makeModule(
  station: Station,
  { registrationId, module }: Params<'hub.module'>,
  by: By,
): Promise<Result<'hub.module'>> {
  const keep = kept(by, 'hub.module');
  const { records, audit, operators, parts, keys, hsmSerial, pump } = station;
  const unit = records.units.byRegistration(registrationId.toLowerCase());
  if (!unit) throw new StationError('unit.unknown', { serial: registrationId });
  if (unit.recipe.target !== 'hub' || !parts.hub)
    throw new StationError('cloud.not-configured', { what: 'no IoT hub for this unit' });
  const deviceId = unit.registrationId;
  const { primary, secondary } = await moduleKeys({ hsm: parts.hsm, records, sealing: keys.sealing }, deviceId, module);
  secondary.fill(0);
  await records.commits.commit(() => {
    const body = { moduleId: module, attestation: { type: 'symmetricKey' } };
    const dueMs = parts.clock.now();
    records.outbox.queue({ target: 'hub', registrationId: deviceId, action: 'create', body, credential: null, dueMs });
    const of = (label: string, value: string) => records.disclosures.put(label, value).commitment;
    const about = { serial: of('serial', unit.serial), registrationId: of('registrationId', deviceId) };
    const { label, checkValue } = keys.sealing;
    audit.append({
      action: 'module.released',
      result: 'ok',
      ...people(operators, by),
      unit: about,
      key: { label, checkValue, hsm: hsmSerial },
      details: { module, fingerprint: createHash('sha256').update(primary).digest('hex') },
    });
    noteBacklog(records, isoTime(parts.clock));
  });
  keep(primary);
  pump.wake();
  return { host: parts.hub.host, deviceId, module };
}
