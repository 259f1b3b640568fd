// Certificates that are good until a test changes something in them.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Certificate, readCertificate, type TbsFields, writeTbs } from '../../../../drivers/asn1/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  keyIdentifierOf,
  keyUsage,
  oids,
  subjectKeyIdentifier,
} from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { signed } from '../../drivers/asn1/openssl.ts';

export const day = 86_400_000;
export const now = Math.floor(Date.now() / 1000) * 1000;
export const read = (pem: string | Buffer) => readCertificate(Buffer.from(pem), 'test');

export const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const keys = { root: pair(), upper: pair(), lower: pair(), leaf: pair(), other: pair() };
export type Who = keyof typeof keys;
export const spkiOf = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ type: 'spki', format: 'der' });

/** What a certificate of `who` by `issuer` is when nothing is wrong with it. */
export function good(who: Who, issuer: Who): TbsFields {
  const ca = who !== 'leaf';
  return {
    serial: Buffer.of(0x41, who.length, issuer.length),
    signatureAlgorithm: 'ecdsa-sha256',
    issuerDer: encodeName([{ type: 'CN', value: issuer }]),
    notBefore: now - day,
    notAfter: now + day,
    subject: [{ type: 'CN', value: who }],
    spki: spkiOf(keys[who]),
    extensions: [
      basicConstraints({ ca }),
      keyUsage(ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']),
      subjectKeyIdentifier(spkiOf(keys[who])),
      authorityKeyIdentifier(keyIdentifierOf(spkiOf(keys[issuer]))),
    ],
  };
}

export function certify(who: Who, issuer: Who, change: Partial<TbsFields> = {}): Certificate {
  const fields = { ...good(who, issuer), ...change };
  const der = signed(writeTbs(fields), fields.signatureAlgorithm, keys[issuer].privateKey);
  return read(der);
}

/** Its extensions with one of them exchanged, added or, with nothing, taken out. */
export function exchanged(
  who: Who,
  issuer: Who,
  name: keyof typeof oids,
  by?: Extension,
): Pick<TbsFields, 'extensions'> {
  const rest = good(who, issuer).extensions.filter(({ oid }) => oid !== oids[name]);
  return { extensions: by ? [...rest, by] : rest };
}
export const added = (who: Who, issuer: Who, extension: Extension) => ({
  extensions: [...good(who, issuer).extensions, extension],
});
export const critical = (oid: string, value: Buffer = Buffer.of(0x30, 0)): Extension => ({
  oid,
  critical: true,
  value,
});

export const root = certify('root', 'root');
export const upper = certify('upper', 'root');
export const lower = certify('lower', 'upper');
export const leaf = certify('leaf', 'lower');
