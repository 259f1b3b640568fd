import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { type TbsFields, writeTbs } from '../drivers/asn1/certificate.ts';
import { assemble } from '../drivers/asn1/csr.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifierOf,
  keyUsage,
  subjectKeyIdentifier,
} from '../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../drivers/asn1/names.ts';
import { writePem } from '../drivers/asn1/pem.ts';
import { signatureValue } from '../drivers/asn1/signatures.ts';
import type { OwnKey } from '../drivers/simulated/unit/factory.ts';
import { keptMaker } from './practice-maker.ts';

// Whoever makes certificates elsewhere, for practice: the vendor of units that come with their own, and the third-party PKI whose
// store is imported. One root, kept in the practice folder, so that a later practice trusts the same one.

const dayMs = 86_400_000;
const rootName: Name = [{ type: 'CN', value: 'Birthmark Practice Vendor, Test Only' }];

/** Labels of units that come with a certificate of their own. */
export const vendorLabel = 'PV';

export class PracticeVendor {
  readonly #key: KeyObject;
  /** Its root, PEM. */
  readonly root: string;
  /** How a recipe pins it. */
  readonly pin: string;

  /** Found in FOLDER/vendor, or made there. */
  constructor(folder: string) {
    const { key, root, pin } = keptMaker(join(folder, 'vendor'), (own) => certify(own, rootName, own));
    this.#key = key;
    this.root = root;
    this.pin = pin;
  }

  /** A key and its chain for a unit of this name. */
  certify(commonName: string): OwnKey {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const leaf = certify(privateKey, [{ type: 'CN', value: commonName }], this.#key);
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), chain: leaf + this.root };
  }

  /** A simulated unit as its maker ships it: those with the vendor's label bring a certificate. */
  equip<U extends { readonly label: string; readonly serial: string }>(unit: U): U & { readonly own?: OwnKey } {
    return unit.label.startsWith(vendorLabel) ? { ...unit, own: this.certify(unit.serial.toLowerCase()) } : unit;
  }
}

/** A certificate over this key, by the vendor's key; the root when both are one. */
function certify(of: KeyObject, subject: Name, by: KeyObject): string {
  const spki = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });
  const ca = of === by;
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const tbs: TbsFields = {
    serial: Buffer.concat([Buffer.of(0x41), randomBytes(15)]),
    signatureAlgorithm: 'ecdsa-sha256',
    issuerDer: encodeName(rootName),
    notBefore: now - dayMs,
    notAfter: now + (ca ? 20 : 10) * 365 * dayMs,
    subject,
    spki: spki(of),
    extensions: [
      basicConstraints({ ca }),
      keyUsage(ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']),
      ...(ca ? [] : [extendedKeyUsage(['clientAuth'])]),
      subjectKeyIdentifier(spki(of)),
      authorityKeyIdentifier(keyIdentifierOf(spki(by))),
    ],
  };
  const bytes = writeTbs(tbs);
  const raw = sign('sha256', bytes, { key: by, dsaEncoding: 'ieee-p1363' });
  return writePem('CERTIFICATE', assemble(bytes, 'ecdsa-sha256', signatureValue('ecdsa-sha256', raw)));
}
