// A certificate request (PKCS#10, RFC 2986) as an nRF91 modem writes it: ECDSA with a NULL that does not belong there (RFC 5758, 3.2),
// and a request for the key usages 0xE8. The shape is that of requests in Nordic's public examples.
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import forge from 'node-forge';

const { asn1 } = forge;
const { Class, Type } = asn1;

const names = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11', C: '2.5.4.6' } as const;
const ecdsaSha256 = '1.2.840.10045.4.3.2';
const extensionRequest = '1.2.840.113549.1.9.14';
const keyUsage = '2.5.29.15';

/** Attributes such as `O=Acme,CN=unit-1`, or `undefined` for what is none. */
export function readAttributes(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs = text.split(',').map((pair) => /^(CN|O|OU|C)=(.{1,64})$/.exec(pair));
  if (!pairs.every((pair) => pair !== null)) return undefined;
  return pairs.map((pair) => [names[pair[1] as keyof typeof names], pair[2] ?? '']);
}

/** The request for a certificate of this key, signed by it, in DER. */
export function certificateRequest(key: KeyObject, attributes: readonly (readonly [string, string])[]): Buffer {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const subject = sequence(...attributes.map(([type, value]) => set(sequence(oid(type), utf8(value)))));
  const usage = sequence(oid(keyUsage), node(Type.OCTETSTRING, '\x03\x02\x03\xe8'));
  const requested = sequence(oid(extensionRequest), set(sequence(usage)));
  const optional = asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [requested]);
  const info = sequence(node(Type.INTEGER, '\0'), subject, asn1.fromDer(publicKey.toString('latin1')), optional);
  const signature = sign('sha256', der(info), key).toString('latin1');
  const algorithm = sequence(oid(ecdsaSha256), node(Type.NULL, ''));
  return der(sequence(info, algorithm, node(Type.BITSTRING, `\0${signature}`)));
}

const node = (type: forge.asn1.Type, value: string | forge.asn1.Asn1[]): forge.asn1.Asn1 =>
  asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);
const sequence = (...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 => node(Type.SEQUENCE, parts);
const set = (part: forge.asn1.Asn1): forge.asn1.Asn1 => node(Type.SET, [part]);
const oid = (dotted: string): forge.asn1.Asn1 => node(Type.OID, asn1.oidToDer(dotted).getBytes());
const utf8 = (text: string): forge.asn1.Asn1 => node(Type.UTF8, Buffer.from(text, 'utf8').toString('latin1'));
const der = (value: forge.asn1.Asn1): Buffer => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
