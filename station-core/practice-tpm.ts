import { createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wrap } from '../drivers/asn1/build.ts';
import { type TbsFields, writeTbs } from '../drivers/asn1/certificate.ts';
import { assemble } from '../drivers/asn1/csr.ts';
import { contextTag } from '../drivers/asn1/der.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  extendedKeyUsage,
  keyIdentifierOf,
  keyUsage,
  oids,
  subjectKeyIdentifier,
} from '../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../drivers/asn1/names.ts';
import { writePem } from '../drivers/asn1/pem.ts';
import { signatureValue } from '../drivers/asn1/signatures.ts';
import { keptMaker } from './practice-maker.ts';

// Whoever makes TPMs, for practice: endorsement keys with certificates under a root of its own, kept in the practice folder.

const dayMs = 86_400_000;
const generate = promisify(generateKeyPair);

/** Production knows this name, and takes no TPM under it. */
const rootName: Name = [{ type: 'CN', value: 'Birthmark practice TPM root' }];

/** Labels of units that have a TPM. */
export const tpmLabel = 'PT';

/** What a TPM leaves its maker with: the private endorsement key as PEM, and its certificate as base64 of the DER. */
export type MadeTpm = { readonly ekKey: string; readonly certificate: string };

export class PracticeTpmMaker {
  readonly #key: KeyObject;
  readonly #made = new Map<string, Promise<MadeTpm>>();
  /** Its root, PEM. */
  readonly root: string;
  /** How a recipe pins it. */
  readonly pin: string;

  /** Found in FOLDER/tpm-maker, or made there. */
  constructor(folder: string) {
    const ofRoot = (own: KeyObject) => writePem('CERTIFICATE', certify(createPublicKey(own), 'root', own));
    const { key, root, pin } = keptMaker(join(folder, 'tpm-maker'), ofRoot);
    this.#key = key;
    this.root = root;
    this.pin = pin;
  }

  /** The TPM of a unit, made once for each serial of this process; the unit's memory keeps it for good. */
  make(serial: string): Promise<MadeTpm> {
    const made = this.#made.get(serial) ?? this.#manufacture();
    this.#made.set(serial, made);
    return made;
  }

  async #manufacture(): Promise<MadeTpm> {
    const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2_048 });
    const ekKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { ekKey, certificate: certify(publicKey, 'endorsement', this.#key).toString('base64') };
  }
}

/** TCG EK Credential Profile 3.2: who made the TPM, its model and version stand in the subject alternative name; OIDs of the TCG. */
const tpmNames: Name = [
  { type: '2.23.133.2.1', value: 'id:424D5054' },
  { type: '2.23.133.2.2', value: 'practice TPM' },
  { type: '2.23.133.2.3', value: 'id:00010000' },
];
const ekPurpose = '2.23.133.8.1';

/** GeneralNames with one directoryName ([4], explicit since Name is a CHOICE); critical beside an empty subject (RFC 5280 4.2.1.6). */
const alternativeName = (): Extension => ({
  oid: oids.subjectAltName,
  critical: true,
  value: wrap(0x30, wrap(contextTag(4, true), encodeName(tpmNames))),
});

/** A certificate over this key, by the maker's key. Answers DER. */
function certify(of: KeyObject, what: 'root' | 'endorsement', by: KeyObject): Buffer {
  const spki = of.export({ type: 'spki', format: 'der' });
  const above = createPublicKey(by).export({ type: 'spki', format: 'der' });
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const ca = what === 'root';
  const tbs: TbsFields = {
    serial: Buffer.concat([Buffer.of(0x42), randomBytes(15)]),
    signatureAlgorithm: 'ecdsa-sha256',
    issuerDer: encodeName(rootName),
    notBefore: now - dayMs,
    notAfter: now + 20 * 365 * dayMs,
    subject: ca ? rootName : [],
    spki,
    extensions: [
      basicConstraints({ ca }),
      keyUsage(ca ? ['keyCertSign', 'cRLSign'] : ['keyEncipherment']),
      ...(ca ? [] : [extendedKeyUsage([ekPurpose]), alternativeName()]),
      subjectKeyIdentifier(spki),
      authorityKeyIdentifier(keyIdentifierOf(above)),
    ],
  };
  const bytes = writeTbs(tbs);
  const raw = sign('sha256', bytes, { key: by, dsaEncoding: 'ieee-p1363' });
  return assemble(bytes, 'ecdsa-sha256', signatureValue('ecdsa-sha256', raw));
}
