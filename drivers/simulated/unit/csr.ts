// A certificate request (PKCS#10, RFC 2986) as a unit's firmware would write it; what reads it is the station's own.
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import forge from 'node-forge';

const { asn1 } = forge;
const { Class, Type } = asn1;

const commonName = '2.5.4.3';
/** RFC 5758, section 3.2, and RFC 4055, section 5. */
const ecdsaSha256 = '1.2.840.10045.4.3.2';
const ecdsaSha384 = '1.2.840.10045.4.3.3';
const rsaSha256 = '1.2.840.113549.1.1.11';

/** The request for a certificate of this key with this common name, signed by the key itself, in DER. */
export function certificateRequest(key: KeyObject, name: string): Buffer {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const subject = sequence(node(Type.SET, [sequence(oid(commonName), utf8(name))]));
  const attributes = asn1.create(Class.CONTEXT_SPECIFIC, 0, true, []);
  const version = node(Type.INTEGER, '\0');
  const spki = asn1.fromDer(publicKey.toString('latin1'));
  const info = sequence(version, subject, spki, attributes);
  const { digest, algorithm } = signing(key);
  const signature = sign(digest, der(info), key);
  return der(sequence(info, algorithm, node(Type.BITSTRING, `\0${signature.toString('latin1')}`)));
}

function signing(key: KeyObject): { readonly digest: string; readonly algorithm: forge.asn1.Asn1 } {
  if (key.asymmetricKeyType === 'rsa') {
    return { digest: 'sha256', algorithm: sequence(oid(rsaSha256), node(Type.NULL, '')) };
  }
  const p384 = key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
  return { digest: p384 ? 'sha384' : 'sha256', algorithm: sequence(oid(p384 ? ecdsaSha384 : ecdsaSha256)) };
}

const node = (type: forge.asn1.Type, value: string | forge.asn1.Asn1[]): forge.asn1.Asn1 =>
  asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);
const sequence = (...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 => node(Type.SEQUENCE, parts);
const oid = (dotted: string): forge.asn1.Asn1 => node(Type.OID, asn1.oidToDer(dotted).getBytes());
const utf8 = (text: string): forge.asn1.Asn1 => node(Type.UTF8, Buffer.from(text, 'utf8').toString('latin1'));
const der = (value: forge.asn1.Asn1): Buffer => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
