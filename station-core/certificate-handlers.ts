import { createHash } from 'node:crypto';
import type { Reason } from '../drivers/asn1/crl.ts';
import { type Csr, readCsr } from '../drivers/asn1/csr.ts';
import { writePem } from '../drivers/asn1/pem.ts';
import { keyHash, signsCrls } from './ca/issuer.ts';
import { signCrl } from './ca/sign.ts';
import { deskOf } from './ca-handlers.ts';
import { isoTime } from './clock.ts';
import type { Method, Params } from './contract/api.ts';
import type { CertificateView, RevocationReason } from './contract/ca.ts';
import { StationError } from './contract/errors.ts';
import { isIssued } from './contract/recipe.ts';
import { fill } from './contract/template.ts';
import type { Handlers } from './handlers.ts';
import { queueModule } from './hub-handlers.ts';
import { disabling } from './lifecycle-handlers.ts';
import { longestCommonName } from './orders/identity.ts';
import { type By, people } from './person.ts';
import { certificateSaid, issueNow, keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';
import { type CertificateFilter, type FoundCertificate, findCertificates } from './store/certificate-finder.ts';
import type { CertificateRow } from './store/certificates.ts';
import { noteBacklog } from './store/records.ts';
import { isNamed, type NamedUnit, unitSaid } from './store/units.ts';
import { oneUnit, requireStill } from './which-unit.ts';

type CertificateMethod = Extract<Method, 'ca.find' | 'ca.module' | 'ca.renew' | 'ca.revoke' | 'ca.crl' | 'unit.scrap'>;

const mostFound = 1_000;

/** The calls about certificates after they were issued: look-up, renewal, revocation, CRLs. */
export function certificateHandlers(station: Station): Pick<Handlers, CertificateMethod> {
  return {
    'ca.find': async ({ most = mostFound, ...params }) =>
      [...findCertificates(station.records.db, filterOf(params), most)].map(viewOf),
    'ca.module': (params, by) => issueModule(station, params, by),
    'ca.renew': ({ certificate }, by) => renew(station, certificate, by),
    'ca.revoke': ({ certificate, reason }, by) => revoke(station, certificate, reason, by),
    'unit.scrap': (params, by) => scrap(station, params, by),
    'ca.crl': ({ name, days }, by) => makeCrl(station, name, days, by),
  };
}

function filterOf({
  serialNumber,
  sha256,
  expiresBefore,
  registrationId,
  to,
  ...rest
}: Params<'ca.find'>): CertificateFilter {
  return {
    ...rest,
    // A day means all of it.
    ...(to === undefined ? {} : { to: to.length === 10 ? `${to}T23:59:59.999Z` : to }),
    ...(registrationId === undefined ? {} : { registrationId: registrationId.toLowerCase() }),
    ...(sha256 === undefined ? {} : { sha256: Buffer.from(sha256, 'hex') }),
    ...(serialNumber === undefined ? {} : { serialNumber: Buffer.from(serialNumber, 'hex') }),
    ...(expiresBefore === undefined ? {} : { expiresBeforeMs: Date.parse(expiresBefore) }),
  };
}

/** A certificate as people see it. */
export function viewOf(found: FoundCertificate): CertificateView {
  const { id, issuer, serial, purpose, registrationId, order, intendedAt, der, fingerprint, revokedAt, reason } = found;
  return {
    id,
    issuer,
    serialNumber: serial.toString('hex'),
    purpose,
    state: revokedAt === null ? found.state : 'revoked',
    ...(registrationId === null ? {} : { registrationId }),
    ...(order === null ? {} : { order }),
    intendedAt,
    notAfter: new Date(found.notAfterMs).toISOString(),
    ...(fingerprint ? { sha256: fingerprint.toString('hex') } : {}),
    ...(revokedAt === null
      ? {}
      : { revoked: { at: revokedAt, reason: (reason ?? 'unspecified') as RevocationReason } }),
    ...(der ? { certificate: writePem('CERTIFICATE', der) } : {}),
  };
}

function shown(station: Station, id: number): CertificateView {
  const [found] = findCertificates(station.records.db, { id }, 1);
  if (!found) throw new StationError('ca.no-certificate', { certificate: id, what: 'shown' });
  return viewOf(found);
}

/**
 * A module's certificate (F-12): under the recipe of its device, with a key of its own. The device ID is the registration ID,
 * or what the recipe's template makes of the unit.
 */
async function issueModule(
  station: Station,
  { registrationId, module, csr: text }: Params<'ca.module'>,
  by: By,
): Promise<{ certificate: CertificateView; chain: string }> {
  const unit = station.records.units.byRegistration(registrationId.toLowerCase());
  if (!unit) throw new StationError('unit.unknown', { serial: registrationId });
  const { attestation } = unit.recipe;
  if (attestation.type !== 'x509') throw new StationError('recipe.unsupported', { what: 'certificates without X.509' });
  const template = attestation.scope === 'individual' ? attestation.enrollment?.deviceId : undefined;
  const commonName = `${template === undefined ? unit.registrationId : fill(template, unit)}/${module}`;
  if (commonName.length > longestCommonName) {
    const rule = `device ID and module ID have ${longestCommonName} characters at most, with the slash between them (F-12)`;
    throw new StationError('identity.invalid', { registrationId: commonName, rule });
  }
  const csr = readCsr(Buffer.from(text, text.startsWith('-----') ? 'latin1' : 'base64'), 'the request of the module');
  // A module proves itself by another key than its device.
  const same = station.records.certificates.ofUnit(unit.id, keyHash(csr.publicKey.spki));
  if (same?.purpose === 'leaf') throw new StationError('ca.key-taken');
  const issued = await issueLeaf(
    station,
    unit,
    { csr, commonName, purpose: 'module', details: { module } },
    by,
    (made) => {
      if (unit.recipe.target === 'hub') queueModule(station, unit, module, made);
    },
  );
  station.pump.wake();
  return issued;
}

/**
 * A new certificate for the same key, from the request that was kept (F-54). The CN stays, so that no second registration
 * record appears (dps-reference 7.3); an individual enrollment gets it in its secondary slot.
 */
async function renew(station: Station, id: number, by: By): Promise<{ certificate: CertificateView; chain: string }> {
  const { records, parts } = station;
  const row = records.certificates.byId(id);
  if (row?.state !== 'issued' || row.purpose !== 'leaf' || row.unit === null || !row.csr) {
    throw new StationError('ca.no-certificate', { certificate: id, what: 'renewed' });
  }
  const unit = records.units.byId(row.unit);
  if (!isNamed(unit)) throw new StationError('ca.no-certificate', { certificate: id, what: 'renewed' });
  const { attestation, target } = unit.recipe;
  if (attestation.type !== 'x509') throw new StationError('recipe.unsupported', { what: 'certificates without X.509' });
  const csr = readCsr(row.csr, 'the stored certificate request');
  const { registrationId } = unit;
  const leaf = { csr, commonName: registrationId, purpose: 'leaf', details: { renews: id } } as const;
  const credential = records.credentials.ofUnit(unit.id);
  const issued = await issueLeaf(station, unit, leaf, by, (renewed) => {
    if (!credential) return;
    records.credentials.certify(credential.id, renewed);
    if (attestation.scope !== 'individual') return;
    const dueMs = parts.clock.now();
    records.outbox.queue({ target, registrationId, action: 'roll', body: {}, credential: credential.id, dueMs });
    noteBacklog(records, isoTime(parts.clock));
  });
  station.pump.wake();
  return issued;
}

type Leaf = {
  readonly csr: Csr;
  readonly commonName: string;
  readonly purpose: 'leaf' | 'module';
  readonly details: { readonly [name: string]: string | number };
};

/** Outside a run: a certificate by the recipe of its unit. Answers it with its full chain, leaf first. */
async function issueLeaf(
  station: Station,
  { id, registrationId, recipe: { attestation } }: NamedUnit,
  { csr, commonName, purpose, details }: Leaf,
  by: By,
  onIssued?: (id: number) => void,
): Promise<{ certificate: CertificateView; chain: string }> {
  if (attestation.type !== 'x509' || !isIssued(attestation)) {
    throw new StationError('recipe.unsupported', { what: 'issuing for certificates that others make' });
  }
  const { key, profile } = attestation;
  const issuer = station.issuers.ready(attestation.issuer);
  const request = { csr, commonName, purpose, algorithm: key.algorithm, profile };
  const { linted } = station.ca.draft(issuer, request);
  const about = { purpose, unit: id, registrationId, csr: csr.der, details };
  const { id: made, der } = await issueNow(deskOf(station, by), issuer, linted, about, onIssued);
  const chain = [der, ...issuer.chain.map(({ certificate }) => certificate)];
  return { certificate: shown(station, made), chain: chain.map((one) => writePem('CERTIFICATE', one)).join('') };
}

async function revoke(station: Station, id: number, reason: Reason, by: By): Promise<CertificateView> {
  const { records } = station;
  const row = records.certificates.byId(id);
  const [found] = findCertificates(records.db, { id }, 1);
  // What may have been signed is revoked like what was: its serial number is known (docs/promises.md A).
  if (!row || !found || found.revokedAt !== null || (row.state !== 'issued' && row.state !== 'possible')) {
    throw new StationError('ca.no-certificate', { certificate: id, what: 'revoked' });
  }
  await records.commits.commit(() => revokeIn(station, row, reason, by));
  return shown(station, id);
}

/** Inside a commit: one revocation and its entry. */
export function revokeIn(station: Station, row: CertificateRow, reason: Reason, by: By): void {
  const { records, audit, operators, parts } = station;
  records.certificates.revoke(row.id, reason, isoTime(parts.clock));
  const details = { ...certificateSaid(records, row.id), why: reason };
  const about = row.unit === null ? {} : records.units.said(row.unit);
  audit.append({ action: 'certificate.revoked', result: 'ok', ...people(operators, by), ...about, details });
}

/** All of the unit's certificates are revoked and its cloud entry is disabled, never deleted (docs/decisions.md, revocation). */
async function scrap(station: Station, { serial, order, reason }: Params<'unit.scrap'>, by: By): Promise<null> {
  const { records, audit, operators, parts } = station;
  await records.commits.commit(() => {
    const unit = oneUnit(records, { serial, ...(order === undefined ? {} : { order }) });
    requireStill(records, unit);
    const before = records.units.scrappedAt(unit.id);
    if (before !== undefined) throw new StationError('unit.scrapped', { serial, at: before });
    records.units.scrap(unit.id, reason, isoTime(parts.clock));
    records.credentials.end(unit.id, 'void');
    const { registrationId, recipe } = unit;
    const live = records.certificates.liveOf(unit.id);
    for (const row of live) revokeIn(station, row, reason, by);
    const about = { order: unit.orderName, unit: unitSaid(records, unit) };
    const details = { why: reason, certificates: live.length };
    audit.append({ action: 'unit.scrapped', result: 'ok', ...people(operators, by), ...about, details });
    // The cloud cannot know a unit that has no registration ID yet.
    if (registrationId === null) return;
    const row = disabling(station, { ...unit, registrationId });
    records.outbox.queue({ ...row, target: recipe.target, registrationId, dueMs: parts.clock.now() });
    noteBacklog(records, isoTime(parts.clock));
  });
  station.pump.wake();
  return null;
}

const dayMs = 86_400_000;

/** Signs the list of what this issuer revoked, under the next number (RFC 5280 section 5.2.3), and keeps it. */
export async function makeCrl(
  station: Station,
  name: string,
  days: number,
  by: By,
): Promise<{ crl: string; number: number }> {
  const { records, audit, operators, parts, ca } = station;
  const row = records.issuers.byName(name);
  if (row.state !== 'active' && row.state !== 'retired') {
    throw new StationError('ca.not-ready', { issuer: name, reason: `it is ${row.state}` });
  }
  const issuer = station.issuers.byId(row.id);
  if (!signsCrls(issuer)) {
    throw new StationError('ca.not-ready', { issuer: name, reason: 'its key usage has no cRLSign (RFC 5280 4.2.1.3)' });
  }
  ca.checkClock(issuer.rules);
  const now = Math.floor(parts.clock.now() / 1_000) * 1_000;
  const nextUpdate = now + days * dayMs;
  const revoked = records.certificates.revokedBy(row.id, now).map(({ serial, reason, at }) => ({
    serial,
    reason: reason as Reason,
    at: Math.floor(Date.parse(at) / 1_000) * 1_000,
  }));
  // Two calls at a time would sign two lists under one number: the number is taken before it is signed.
  const number = await records.commits.commit(() => records.certificates.nextCrlNumber(row.id));
  const der = await signCrl(parts.hsm, issuer, { thisUpdate: now, nextUpdate, number, revoked });
  await records.commits.commit(() => {
    const iso = (ms: number) => new Date(ms).toISOString();
    records.certificates.putCrl(row.id, number, der, iso(now), iso(nextUpdate));
    const sha256 = createHash('sha256').update(der).digest('hex');
    const details = { issuer: name, number, revoked: revoked.length, sha256, until: iso(nextUpdate) };
    const key = keyOf(station, issuer);
    audit.append({ action: 'crl.signed', result: 'ok', ...people(operators, by), key, details });
  });
  return { crl: writePem('X509 CRL', der), number };
}
