import { hash } from 'node:crypto';
import { readCertificate } from '../../drivers/asn1/certificate.ts';
import type { Entry } from '../audit/log.ts';
import { Intended } from '../ca/intended.ts';
import { keyHash, type Signer } from '../ca/issuer.ts';
import type { Linted } from '../ca/linted.ts';
import type { Signed } from '../ca/sign.ts';
import { isoTime } from '../clock.ts';
import { StationError } from '../contract/errors.ts';
import type { CertificatePurpose } from '../store/certificates.ts';
import type { Records } from '../store/records.ts';
import type { Shop } from './bench.ts';

/** Where a certificate is issued, and how its entries name who asked and for what. */
export type Desk = {
  readonly shop: Pick<Shop, 'records' | 'audit' | 'clock' | 'ca' | 'hsm' | 'hsmSerial'>;
  readonly entry: (entry: Pick<Entry, 'action' | 'result'> & Partial<Entry>) => Entry;
};

/** What a certificate is about: its unit and registration ID, where it has them. */
export type About = {
  readonly purpose: CertificatePurpose;
  readonly unit?: number;
  readonly registrationId?: string;
  readonly csr?: Buffer;
  /** Further details for the entry of the intent. */
  readonly details?: Entry['details'];
};

/** Inside a commit: the intent, with serial number and exact TBS, and its audit entry. Nothing is signed without it. */
export function intend({ shop, entry }: Desk, signer: Signer, linted: Linted, about: About): Intended {
  const { certificates, disclosures } = shop.records;
  const { purpose, unit = null, registrationId, csr = null, details } = about;
  const intended = Intended.by(linted, ({ bytes, tbs }) =>
    certificates.intend({
      issuer: signer.id,
      serial: tbs.serial,
      purpose,
      unit,
      registration: registrationId === undefined ? null : disclosures.put('registrationId', registrationId).id,
      keyHash: keyHash(tbs.publicKey.spki),
      tbs: bytes,
      csr,
      notAfterMs: tbs.notAfter,
      intendedAt: isoTime(shop.clock),
    }),
  );
  const tbs = hash('sha256', linted.bytes, 'hex');
  const said = { ...saidOf(signer, intended), tbs, purpose, ...details };
  shop.audit.append(entry({ action: 'certificate.intended', result: 'ok', key: keyOf(shop, signer), details: said }));
  return intended;
}

/** Inside a commit: the outcome of an intent and its audit entry. */
export function settle({ shop, entry }: Desk, signer: Signer, intended: Intended, signed: Signed): void {
  const { certificates } = shop.records;
  const details = saidOf(signer, intended);
  const key = keyOf(shop, signer);
  if (signed.state === 'issued') {
    const fingerprint = hash('sha256', signed.der, 'buffer');
    certificates.issued(intended.id, signed.der, fingerprint);
    const issued = { ...details, sha256: fingerprint.toString('hex') };
    shop.audit.append(entry({ action: 'certificate.issued', result: 'ok', key, details: issued }));
    return;
  }
  certificates[signed.state](intended.id);
  const action = `certificate.${signed.state}` as const;
  shop.audit.append(entry({ action, result: 'failed', reason: signed.error.code, key, details }));
}

/**
 * A certificate outside a run: intent, signature, outcome, each durable before the next. `onIssued` writes what follows from it,
 * in the transaction of the outcome. Throws what the signer met.
 */
export async function issueNow(
  desk: Desk,
  signer: Signer,
  linted: Linted,
  about: About,
  onIssued: (id: number) => void = () => undefined,
): Promise<{ readonly id: number; readonly der: Buffer }> {
  const { commits } = desk.shop.records;
  const intended = await commits.commit(() => intend(desk, signer, linted, about));
  const signed = await desk.shop.ca.sign(desk.shop.hsm, signer, intended);
  await commits.commit(() => {
    settle(desk, signer, intended, signed);
    if (signed.state === 'issued') onIssued(intended.id);
  });
  if (signed.state !== 'issued') throw signed.error;
  return { id: intended.id, der: signed.der };
}

/** How entries name a certificate that the store has. */
export function certificateSaid({ certificates, issuers }: Pick<Records, 'certificates' | 'issuers'>, id: number) {
  const row = certificates.byId(id);
  if (!row) throw new StationError('store.damaged', { what: `certificate ${id}`, reason: 'it is not there' });
  return { certificate: id, issuer: issuers.byId(row.issuer).name, serialNumber: row.serial.toString('hex') };
}

/** How entries name a certificate that a unit gets or came with, also one that this station did not sign. */
export function leafSaid(der: Buffer): { readonly sha256: string; readonly serialNumber: string } {
  const { serial } = readCertificate(der, 'the certificate of the unit');
  return { sha256: hash('sha256', der, 'hex'), serialNumber: serial.toString('hex') };
}

const saidOf = ({ name }: Signer, { id, linted }: Intended) => ({
  certificate: id,
  issuer: name,
  serialNumber: linted.tbs.serial.toString('hex'),
});

/** A batch's entries name one key ten thousand times. */
const checkValues = new WeakMap<Signer['key'], string>();

/** A key pair has no check value; the first 8 bytes of its public key's hash name it as shortly. */
export function keyOf({ hsmSerial }: Pick<Shop, 'hsmSerial'>, { key }: Pick<Signer, 'key'>): NonNullable<Entry['key']> {
  const checkValue = checkValues.get(key) ?? keyHash(Buffer.from(key.publicKey, 'base64')).toString('hex').slice(0, 16);
  checkValues.set(key, checkValue);
  return { label: key.label, checkValue, hsm: hsmSerial };
}
