import { createHash, randomBytes } from 'node:crypto';
import { writePem } from '../drivers/asn1/pem.ts';
import type { KeyAttributes, PublicKeyRef } from '../drivers/hsm/hsm.ts';
import { EntrySearch } from './audit/search.ts';
import { auditHsm, auditKey } from './audit-keys.ts';
import { keyHash } from './ca/issuer.ts';
import { signRecord } from './ca/sign.ts';
import { isoTime } from './clock.ts';
import type { CeremonyRecord, CeremonyView } from './contract/ca.ts';
import { canonical, type Json } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import { type By, people, person } from './person.ts';
import { keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';
import type { IssuerKind, IssuerRow } from './store/issuers.ts';

// The key ceremony of a CA key: two custodians make it, a third person witnesses, and a record of it is signed with the
// audit key, which the first ceremony makes as well. The HSM's SO PIN and user PIN are held apart by its owners: the station
// asks for the user PIN alone and has no field for the other.

/** What the ceremony made. */
export type Made = {
  readonly kind: IssuerKind;
  readonly name: string;
  readonly algorithm: string;
  readonly subject: string;
  readonly key: PublicKeyRef;
  readonly csr: Buffer;
  readonly quota: number | null;
};

/** Notes that a ceremony begins, before the key is made. `record` puts down what came of it and answers the issuer's row. */
export async function beginCeremony(
  station: Station,
  name: string,
  by: By,
): Promise<{ readonly suffix: string; record(made: Made): Promise<number> }> {
  const { records, audit, operators } = station;
  const suffix = randomBytes(3).toString('hex');
  const named = people(operators, by);
  await records.commits.commit(() =>
    audit.append({ action: 'ca.ceremony-begun', result: 'ok', ...named, details: { issuer: name, suffix } }),
  );
  return { suffix, record: (made) => recordOf(station, made, by) };
}

async function recordOf(station: Station, made: Made, by: By): Promise<number> {
  const { records, audit, operators, parts } = station;
  const attributes = await parts.hsm.inspect(made.key);
  const named = people(operators, by);
  const custodians = [named.actor, ...(named.approver ? [named.approver] : [])];
  const record = canonical(await describe(station, made, attributes, custodians));
  return records.commits.commit(() => {
    const { kind, name, algorithm, subject, key, csr, quota } = made;
    const { label, id: keyId, publicKey } = key;
    const madeAt = isoTime(parts.clock);
    const row = { kind, name, algorithm, subject, label, keyId, publicKey, csr, quota, record, madeAt };
    const details = { issuer: name, record: sha256(record), csr: sha256(csr) };
    audit.append({ action: 'ca.key-made', result: 'ok', ...named, key: keyOf(station, { key }), details });
    return records.issuers.insert(row);
  });
}

async function describe(
  { row, parts }: Station,
  { kind, name, algorithm, subject, key, csr }: Made,
  attributes: KeyAttributes,
  custodians: readonly string[],
): Promise<{ readonly [field: string]: Json }> {
  const { token, module, kind: hsmKind } = await parts.hsm.status();
  return {
    v: 1,
    kind: `ceremony of ${kind}`,
    station: row.station,
    origin: row.origin,
    mode: row.mode,
    at: isoTime(parts.clock),
    issuer: name,
    subject,
    algorithm,
    hsm: {
      kind: hsmKind,
      module: module.sha256,
      label: token.label,
      serial: token.serial,
      model: token.model,
      firmware: token.firmware,
    },
    key: { label: key.label, id: key.id, attributes: { ...attributes } },
    publicKey: keyHash(Buffer.from(key.publicKey, 'base64')).toString('hex'),
    csr: sha256(csr),
    custodians: [...custodians],
  };
}

/** The witness: a third person, after whom the record is complete and signed. Doing it again answers the same record. */
export async function witnessCeremony(station: Station, issuer: IssuerRow, by: By): Promise<CeremonyRecord> {
  const { records, audit, operators, parts } = station;
  const { actor } = people(operators, by);
  if (!issuer.signature) {
    const begun = JSON.parse(issuer.record) as { custodians: string[] };
    if (begun.custodians.includes(actor)) {
      const { role } = person(by);
      throw new StationError('person.not-allowed', {
        role,
        method: 'ca.witness',
        allowed: 'somebody who is no custodian',
      });
    }
    const key = await auditKey(station);
    const auditPublicKey = keyHash(Buffer.from(key.publicKey, 'base64')).toString('hex');
    const record = canonical({ ...begun, witness: actor, witnessedAt: isoTime(parts.clock), auditKey: auditPublicKey });
    const signature = await signRecord(auditHsm(parts), key, Buffer.from(record, 'utf8'));
    await records.commits.commit(() => {
      records.issuers.witness(issuer.id, record, signature);
      const details = { issuer: issuer.name, record: sha256(record) };
      const named = people(operators, by);
      audit.append({ action: 'ca.witnessed', result: 'ok', ...named, key: keyOf(station, { key }), details });
    });
  }
  return signedRecord(station, records.issuers.byId(issuer.id));
}

type Begun = {
  readonly at: string;
  readonly custodians: readonly string[];
  readonly hsm: CeremonyView['hsm'];
  readonly key: { readonly label: string; readonly id: string; readonly attributes: Readonly<Record<string, Json>> };
  readonly witness?: string;
  readonly witnessedAt?: string;
};

/** How far a ceremony came, as its record says, signed or not yet. */
export function begunCeremony(station: Station, row: IssuerRow): CeremonyView {
  const { operators } = station;
  const { at, custodians, hsm, key, witness, witnessedAt } = JSON.parse(row.record) as Begun;
  const imported = row.chain.length > 0 ? importOf(station, row.name) : undefined;
  const nameOf = (commitment: string) => operators.behind(commitment)?.name ?? '(erased)';
  const flags = Object.entries(key.attributes).filter(
    (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
  );
  return {
    at,
    custodians: custodians.map(nameOf),
    hsm: { label: hsm.label, serial: hsm.serial, model: hsm.model },
    key: { label: key.label, id: key.id, attributes: Object.fromEntries(flags) },
    ...(witness === undefined || witnessedAt === undefined
      ? {}
      : { witnessed: { at: witnessedAt, by: nameOf(witness) } }),
    ...(imported ? { imported } : {}),
  };
}

/** So many imports are looked through at most: a station has a few issuers, and each is imported once or twice. */
const mostImports = 200;

/** Who brought an issuer's certificate in, as its newest entry says. */
function importOf({ records, operators }: Station, issuer: string): CeremonyView['imported'] {
  const { found } = new EntrySearch(records.db).find({ action: 'ca.imported' }, Number.MAX_SAFE_INTEGER, mostImports);
  const entry = found
    .map(({ members }) => members as ImportEntry | undefined)
    .find((members) => members?.details.issuer === issuer);
  if (!entry) return undefined;
  const people = [entry.actor, entry.approver].filter((one) => one !== undefined);
  return { at: entry.at, people: people.map((one) => operators.behind(one)?.name ?? '(erased)') };
}

type ImportEntry = {
  readonly at: string;
  readonly actor: string;
  readonly approver?: string;
  readonly details: { readonly issuer: string };
};

/** The signed record with what a stranger needs to check it. */
export async function signedRecord(station: Station, { record, signature, name }: IssuerRow): Promise<CeremonyRecord> {
  if (!signature) throw new StationError('ca.not-ready', { issuer: name, reason: 'its ceremony has no witness yet' });
  const said = JSON.parse(record) as { custodians: string[]; witness: string; auditKey: string };
  const names = [...said.custodians, said.witness].map((commitment) => {
    const { name = '(erased)', salt } = station.operators.behind(commitment) ?? {};
    return { name, commitment, salt: salt?.toString('base64') ?? '' };
  });
  return {
    record,
    signature: signature.toString('base64'),
    auditKey: writePem('PUBLIC KEY', signedWith(station, said.auditKey)),
    people: names,
  };
}

/** The audit key with this fingerprint: the one that is in force, or one before it. */
function signedWith({ heads }: Station, fingerprint: string): Buffer {
  const keys = heads.keys().map(({ publicKey }) => Buffer.from(publicKey, 'base64'));
  const key = keys.find((one) => keyHash(one).toString('hex') === fingerprint);
  if (!key) throw new StationError('store.damaged', { what: 'the audit key', reason: 'a record names another one' });
  return key;
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
