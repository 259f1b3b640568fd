import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from '../drivers/asn1/certificate.ts';
import { readCsr } from '../drivers/asn1/csr.ts';
import { isKeyAlgorithm, readPublicKey } from '../drivers/asn1/keys.ts';
import { type Name, nameText } from '../drivers/asn1/names.ts';
import { readPems, writePem } from '../drivers/asn1/pem.ts';
import { checkIntermediate } from './ca/intermediate.ts';
import { type Issuer, keyHash, type Signer } from './ca/issuer.ts';
import { parseCode, verificationRules } from './ca/possession.ts';
import { intermediateRules, practiceRootName, rootRules } from './ca/practice-root.ts';
import { signRequest } from './ca/sign.ts';
import { beginCeremony, witnessCeremony } from './ceremony.ts';
import type { Method, Params } from './contract/api.ts';
import type { IssuerView } from './contract/ca.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import { type Desk, issueNow } from './run/issuing.ts';
import type { Station } from './station.ts';
import type { IssuerRow } from './store/issuers.ts';

type CaMethod = Extract<
  Method,
  'ca.begin' | 'ca.witness' | 'ca.import' | 'ca.practiceSign' | 'ca.verify' | 'ca.issue' | 'ca.list'
>;

/** The calls about the intermediate CA: ceremony, import, possession, look-up. */
export function caHandlers(station: Station): Pick<Handlers, CaMethod> {
  const { issuers } = station.records;
  return {
    'ca.begin': (params, by) => begin(station, params, by),
    'ca.witness': ({ name }, by) => witnessCeremony(station, issuers.byName(name), by),
    'ca.import': ({ name, chain }, by) => importChain(station, name, chain, by),
    'ca.practiceSign': ({ name }, by) => practiceSign(station, name, by),
    'ca.verify': ({ name, code }, by) => verify(station, name, code, by),
    'ca.issue': ({ order, csrs }, by) => station.batches.issue(order, csrs, by),
    'ca.list': async () => issuers.all().map((row) => viewOf(station, row)),
  };
}

/** Where certificates outside a run are issued, with the people who asked. */
export function deskOf(station: Station, by: By): Desk {
  const { records, audit, parts, ca, hsmSerial } = station;
  const { clock, hsm } = parts;
  return {
    shop: { records, audit, clock, ca, hsm, hsmSerial },
    entry: (entry) => ({ ...people(station.operators, by), ...entry }),
  };
}

/** Makes the key and its request. A label of its own each time: a start that died in between must not block the next one. */
async function begin(station: Station, params: Params<'ca.begin'>, by: By): Promise<IssuerView> {
  const { records } = station;
  const { name, algorithm, subject, quota } = params;
  if (records.issuers.has(name)) throw new StationError('hsm.key-exists', { label: name });
  const ceremony = await beginCeremony(station, name, by);
  const { hsm } = station.parts;
  const key = await hsm.generateSigningKey(`${name}-${ceremony.suffix}`, algorithm);
  const written: Name = (['C', 'O', 'OU', 'CN'] as const).flatMap((type) => {
    const value = subject[type];
    return value === undefined ? [] : [{ type, value }];
  });
  const csr = await signRequest(hsm, key, written);
  await ceremony.record({
    kind: 'intermediate',
    name,
    algorithm,
    subject: nameText(written),
    key,
    csr,
    quota: quota ?? null,
  });
  return viewOf(station, records.issuers.byName(name));
}

async function importChain(station: Station, name: string, chain: string, by: By): Promise<IssuerView> {
  const { records, row, parts } = station;
  const issuer = records.issuers.byName(name);
  if (!issuer.signature)
    throw new StationError('ca.not-ready', { issuer: name, reason: 'its ceremony has no witness yet' });
  if (issuer.state === 'retired' || issuer.state === 'destroyed') {
    throw new StationError('ca.not-ready', { issuer: name, reason: `it is ${issuer.state}` });
  }
  const certificates = certificatesOf(chain, `the chain of ${name}`);
  const spki = Buffer.from(issuer.publicKey, 'base64');
  const production = row.mode === 'production';
  const { chain: ordered, warnings } = checkIntermediate(certificates, { spki, production }, parts.clock.now());
  await activate(station, issuer, ordered, by, warnings);
  return viewOf(station, records.issuers.byName(name), warnings);
}

async function activate(
  station: Station,
  issuer: IssuerRow,
  chain: readonly Certificate[],
  by: By,
  warnings: readonly string[],
): Promise<void> {
  const { records, audit, operators } = station;
  const [own] = chain;
  await records.commits.commit(() => {
    records.issuers.activate(
      issuer.id,
      chain.map(({ certificate }) => certificate),
    );
    station.issuers.forget(issuer.id);
    const sha256 = createHash('sha256')
      .update(own?.certificate ?? '')
      .digest('hex');
    const details = { issuer: issuer.name, sha256, levels: chain.length + 1, warnings: [...warnings] };
    audit.append({ action: 'ca.imported', result: 'ok', ...people(operators, by), details });
  });
}

function certificatesOf(pem: string, place: string): Certificate[] {
  return readPems(pem, place).map(({ label, der }, index) => {
    const where = `${place}, certificate ${index + 1}`;
    if (label === 'CERTIFICATE') return readCertificate(der, where);
    throw new StationError('input.invalid', { place: where, expected: 'CERTIFICATE', found: label.slice(0, 40) });
  });
}

/** Practice only: a root in the HSM signs the intermediate's request, as its owner would offline. Answers the chain. */
async function practiceSign(station: Station, name: string, by: By): Promise<{ chain: string }> {
  if (station.row.mode !== 'practice')
    throw new StationError('station.mode', { what: 'A root in the HSM', mode: 'production' });
  const { records, ca, parts } = station;
  const root = await practiceRoot(station, by);
  const { subject, publicKey } = readCsr(records.issuers.byName(name).csr, `the request of ${name}`);
  const rules = intermediateRules(root, subject, publicKey, parts.clock.now(), ca.serialPrefix);
  const { der } = await issueNow(deskOf(station, by), root, ca.lint(rules), { purpose: 'intermediate' });
  return { chain: [der, root.certificate.certificate].map((one) => writePem('CERTIFICATE', one)).join('') };
}

async function practiceRoot(station: Station, by: By): Promise<Issuer> {
  const { records, ca, parts } = station;
  const found = records.issuers.all().find(({ kind, state }) => kind === 'practice-root' && state === 'active');
  if (found) return station.issuers.byId(found.id);
  const name = `practice-root-${records.issuers.all().length + 1}`;
  const ceremony = await beginCeremony(station, name, by);
  const key = await parts.hsm.generateSigningKey(`${name}-${ceremony.suffix}`, 'p256');
  const subject: Name = [{ type: 'CN', value: practiceRootName }];
  const csr = await signRequest(parts.hsm, key, subject);
  const id = await ceremony.record({
    kind: 'practice-root',
    name,
    algorithm: 'p256',
    subject: nameText(subject),
    key,
    csr,
    quota: null,
  });
  const publicKey = readPublicKey(Buffer.from(key.publicKey, 'base64'), 'the practice root');
  const rules = rootRules(publicKey, 'p256', parts.clock.now(), ca.serialPrefix);
  const self: Signer = { id, name, key, publicKey: publicKey.key, rules: rules.issuer };
  const { der } = await issueNow(deskOf(station, by), self, ca.lint(rules), { purpose: 'root' });
  await activate(station, records.issuers.byId(id), [readCertificate(der, 'the practice root')], by, []);
  return station.issuers.byId(id);
}

/** Proof of possession (F-73): a key made and destroyed on the spot, a day, no clientAuth. */
async function verify(station: Station, name: string, text: string, by: By): Promise<{ certificate: string }> {
  const { records, ca, parts } = station;
  const code = parseCode(text);
  // A code that is a unit's ID would make a certificate in that unit's name.
  if (records.disclosures.find('registrationId', code.toLowerCase())) {
    throw new StationError('identity.taken', { registrationId: code });
  }
  const issuer = station.issuers.ready({ name });
  ca.checkClock(issuer.rules);
  const { hsm } = parts;
  const { algorithm } = issuer.rules;
  const key = await hsm.generateSigningKey(
    `verification-${createHash('sha256').update(code).digest('hex').slice(0, 16)}`,
    isKeyAlgorithm(algorithm) ? algorithm : 'p256',
  );
  try {
    const publicKey = readPublicKey(Buffer.from(key.publicKey, 'base64'), 'the verification key');
    const rules = verificationRules(issuer, code, publicKey, parts.clock.now(), ca.serialPrefix);
    const about = { purpose: 'verification', details: { code } } as const;
    const { der } = await issueNow(deskOf(station, by), issuer, ca.lint(rules), about);
    return { certificate: writePem('CERTIFICATE', der) };
  } finally {
    await hsm.destroyKey(key);
  }
}

/** What people see of an issuer. */
export function viewOf(station: Station, row: IssuerRow, warnings: readonly string[] = []): IssuerView {
  const { name, kind, state, algorithm, subject, issued, quota, csr, chain, signature, publicKey } = row;
  const [own] = chain;
  const thumbprint = (hash: 'sha1' | 'sha256') =>
    createHash(hash)
      .update(own ?? '')
      .digest('hex')
      .toUpperCase();
  const crl = station.records.certificates.lastCrl(row.id);
  const notAfter = own && readCertificate(own, name).notAfter;
  return {
    name,
    kind,
    state,
    algorithm,
    subject,
    publicKey: keyHash(Buffer.from(publicKey, 'base64')).toString('hex'),
    ...(own ? { thumbprints: { sha1: thumbprint('sha1'), sha256: thumbprint('sha256') } } : {}),
    ...(notAfter === undefined ? {} : { notAfter: new Date(notAfter).toISOString() }),
    ...(crl ? { crl: { number: crl.number, signedAt: crl.thisUpdate, until: crl.nextUpdate } } : {}),
    ...(quota === null ? {} : { quota }),
    issued,
    witnessed: signature !== null,
    csr: writePem('CERTIFICATE REQUEST', csr),
    chain: chain.map((der) => writePem('CERTIFICATE', der)).join(''),
    warnings: [...warnings, ...standing(station, row, notAfter)],
  };
}

const dayMs = 86_400_000;

/** What a person should do something about before it stops a line. */
function standing({ parts }: Station, { quota, issued }: IssuerRow, notAfter: number | undefined): string[] {
  const warnings: string[] = [];
  if (quota !== null && issued >= quota * 0.9)
    warnings.push(`${issued} of its quota of ${quota} certificates are used.`);
  const days = notAfter === undefined ? undefined : Math.floor((notAfter - parts.clock.now()) / dayMs);
  if (days !== undefined && days < 0) warnings.push('It has expired.');
  else if (days !== undefined && days < 365) warnings.push(`It expires in ${days} days.`);
  return warnings;
}
