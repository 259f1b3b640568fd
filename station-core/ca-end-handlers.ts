import { createHash } from 'node:crypto';
import { readCertificate, readTbs } from '../drivers/asn1/certificate.ts';
import { nameText } from '../drivers/asn1/names.ts';
import { writePem } from '../drivers/asn1/pem.ts';
import { viewOf } from './ca-handlers.ts';
import { signedRecord } from './ceremony.ts';
import { makeCrl } from './certificate-handlers.ts';
import type { Method, Params, Result } from './contract/api.ts';
import type { IssuerView } from './contract/ca.ts';
import { cell } from './contract/csv.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import { keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';
import { type FoundCertificate, findCertificates } from './store/certificate-finder.ts';
import type { IssuerRow, IssuerState } from './store/issuers.ts';

type EndMethod = Extract<Method, 'ca.quota' | 'ca.retire' | 'ca.destroy' | 'ca.lastCrl' | 'ca.record' | 'ca.export'>;

/** The calls about an issuer as a whole: its quota, its end, its record, its exports. */
export function caEndHandlers(station: Station): Pick<Handlers, EndMethod> {
  const { issuers } = station.records;
  return {
    'ca.quota': ({ name, quota }, by) => setQuota(station, name, quota, by),
    'ca.retire': ({ name }, by) => retire(station, name, by),
    'ca.destroy': ({ name }, by) => destroy(station, name, by),
    'ca.lastCrl': async ({ name }) => lastCrl(station, name),
    'ca.record': ({ name }) => signedRecord(station, issuers.byName(name)),
    'ca.export': (params, by) => exportAll(station, params, by),
  };
}

async function setQuota(station: Station, name: string, quota: number | null, by: By): Promise<IssuerView> {
  const { records, audit, operators } = station;
  const row = records.issuers.byName(name);
  await records.commits.commit(() => {
    records.issuers.setQuota(row.id, quota);
    audit.append({ action: 'ca.quota-set', result: 'ok', ...people(operators, by), details: { issuer: name, quota } });
  });
  return viewOf(station, records.issuers.byName(name));
}

async function retire(station: Station, name: string, by: By): Promise<IssuerView> {
  const { records, audit, operators } = station;
  const row = records.issuers.byName(name);
  if (row.state !== 'active') throw new StationError('ca.not-ready', { issuer: name, reason: `it is ${row.state}` });
  await records.commits.commit(() => {
    records.issuers.setState(row.id, 'retired');
    audit.append({ action: 'ca.retired', result: 'ok', ...people(operators, by), details: { issuer: name } });
  });
  return viewOf(station, records.issuers.byName(name));
}

/**
 * The end of a CA key: a final CRL until its certificate ends, the intent, C_DestroyObject, the record. Backup is a second
 * intermediate in a second HSM, so nothing is lost but the right to sign. Done again after a crash it goes on; an issuer that
 * never got a certificate has no CRL to sign.
 */
async function destroy(station: Station, name: string, by: By): Promise<Result<'ca.destroy'>> {
  const { records, parts } = station;
  const row = records.issuers.byName(name);
  if (row.state === 'destroyed') throw new StationError('ca.not-ready', { issuer: name, reason: 'it is destroyed' });
  const final = row.state === 'waiting' ? {} : await finalCrl(station, row, by);
  await noteEnd(station, row, 'ca.destroy-begun', row.state === 'waiting' ? 'waiting' : 'retired', by);
  await gone(parts.hsm.destroyKey({ label: row.label, id: row.keyId }));
  await noteEnd(station, row, 'ca.destroyed', 'destroyed', by);
  return final;
}

/** The final CRL; where the key is gone already, the newest that it signed. */
async function finalCrl(station: Station, { id, name }: IssuerRow, by: By): Promise<Result<'ca.destroy'>> {
  const { rules } = station.issuers.byId(id);
  const days = Math.max(1, Math.ceil((rules.notAfter - station.parts.clock.now()) / 86_400_000));
  try {
    return await makeCrl(station, name, days, by);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'hsm.key-missing') throw thrown;
    return lastCrl(station, name);
  }
}

/** A key that is not there any more was destroyed by the try before. */
async function gone(destroyed: Promise<void>): Promise<void> {
  try {
    await destroyed;
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'hsm.key-missing') throw thrown;
  }
}

async function noteEnd(
  station: Station,
  { id, name, label, keyId, publicKey }: IssuerRow,
  action: 'ca.destroy-begun' | 'ca.destroyed',
  state: IssuerState,
  by: By,
): Promise<void> {
  const { records, audit, operators } = station;
  const key = keyOf(station, { key: { label, id: keyId, publicKey } });
  await records.commits.commit(() => {
    records.issuers.setState(id, state);
    station.issuers.forget(id);
    audit.append({ action, result: 'ok', ...people(operators, by), key, details: { issuer: name } });
  });
}

/** The newest CRL that was signed: a file that was lost is not lost. Throws `ca.not-ready`. */
function lastCrl({ records }: Station, name: string): { crl: string; number: number } {
  const last = records.certificates.lastCrl(records.issuers.byName(name).id);
  if (!last) throw new StationError('ca.not-ready', { issuer: name, reason: 'it signed no CRL yet' });
  return { crl: writePem('X509 CRL', last.der), number: last.number };
}

const writers: Readonly<Record<Params<'ca.export'>['format'], (rows: readonly FoundCertificate[]) => string>> = {
  index: (rows) => rows.map(indexLine).join(''),
  csv: (rows) => [columns.join(','), ...rows.map(csvLine), ''].join('\r\n'),
  pem: (rows) => rows.flatMap(({ der }) => (der ? [writePem('CERTIFICATE', der)] : [])).join(''),
};

/** Certificates alone: there is nothing with a private key that could get in (F-65). */
async function exportAll(
  station: Station,
  { name, format }: Params<'ca.export'>,
  by: By,
): Promise<{ text: string; rows: number }> {
  const { records, audit, operators } = station;
  records.issuers.byName(name);
  const rows = [...findCertificates(records.db, { issuer: name }, -1)].reverse();
  const text = writers[format](rows);
  await records.commits.commit(() => {
    const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
    const details = { issuer: name, format, rows: rows.length, sha256 };
    audit.append({ action: 'ca.exported', result: 'ok', ...people(operators, by), details });
  });
  return { text, rows: rows.length };
}

const subjectOf = ({ der, tbs }: FoundCertificate) =>
  (der ? readCertificate(der, 'a stored certificate') : readTbs(tbs, 'a stored TBS')).subject;

/** openssl-ca(1), index.txt: state, expiry, revocation, serial, file, subject. What may have been signed stands there once it is revoked. */
function indexLine(row: FoundCertificate): string {
  if (row.state !== 'issued' && row.revokedAt === null) return '';
  const state = row.revokedAt === null ? 'V' : 'R';
  const revoked = row.revokedAt === null ? '' : `${utcTime(Date.parse(row.revokedAt))}${reasonWord(row.reason)}`;
  const subject = subjectOf(row)
    .map(({ type, value }) => `/${type}=${value.replace(/[\\/]/g, '\\$&')}`)
    .join('');
  const serial = row.serial.toString('hex').toUpperCase();
  return `${[state, utcTime(row.notAfterMs), revoked, serial, 'unknown', subject].join('\t')}\n`;
}

const reasonWord = (reason: string | null) => (reason === null || reason === 'unspecified' ? '' : `,${reason}`);

/** YYMMDDHHMMSSZ through 2049, four digits of the year from then on, as OpenSSL writes them. */
function utcTime(ms: number): string {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050 ? digits.slice(2) : digits;
}

const columns = [
  'id',
  'serialNumber',
  'state',
  'purpose',
  'registrationId',
  'order',
  'subject',
  'intendedAt',
  'notAfter',
  'sha256',
  'revokedAt',
  'reason',
] as const;

function csvLine(row: FoundCertificate): string {
  const values: Readonly<Record<(typeof columns)[number], string | number | null>> = {
    id: row.id,
    serialNumber: row.serial.toString('hex'),
    state: row.revokedAt === null ? row.state : 'revoked',
    purpose: row.purpose,
    registrationId: row.registrationId,
    order: row.order,
    subject: nameText(subjectOf(row)),
    intendedAt: row.intendedAt,
    notAfter: new Date(row.notAfterMs).toISOString(),
    sha256: row.fingerprint?.toString('hex') ?? null,
    revokedAt: row.revokedAt,
    reason: row.reason,
  };
  return columns.map((column) => cell(values[column])).join(',');
}
