// A leaf read once more by node-forge's own parser, not by the station's: its hard limits, whatever the profile said.
import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Profile } from '../../station-core/contract/profile.ts';

const { asn1 } = forge;
type Node = forge.asn1.Asn1;

const partsOf = ({ value }: Node): Node[] => (Array.isArray(value) ? value : []);
const bytesOf = ({ value }: Node | undefined = asn1.fromDer('\x05\0')): string =>
  typeof value === 'string' ? value : '';
const read = (der: Buffer): Node => asn1.fromDer(der.toString('latin1'));

export type Limits = {
  readonly commonName: string;
  readonly csr: Buffer;
  readonly profile: Profile;
  readonly issuer: { readonly notBefore: number; readonly notAfter: number };
};

const ownOids = ['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.14', '2.5.29.35'];
const clientAuth = '1.3.6.1.5.5.7.3.2';
const anyUsage = '2.5.29.37.0';

/** What is outside the limits, in words; nothing when all is inside. */
export function outsideLimits(der: Buffer, { commonName, csr, profile, issuer }: Limits): string[] {
  const wrong: string[] = [];
  const seen = new X509Certificate(der);
  if (seen.ca) wrong.push('node:crypto says that it is a CA');
  if (Date.parse(seen.validFrom) < issuer.notBefore || Date.parse(seen.validTo) > issuer.notAfter)
    wrong.push('its validity is not within its issuer');
  if (!(Date.parse(seen.validFrom) < Date.parse(seen.validTo))) wrong.push('it is never valid');
  const [tbs] = partsOf(read(der));
  const fields = tbs ? partsOf(tbs) : [];
  const names = commonNames(fields[5]);
  if (names.length !== 1 || names[0] !== commonName) wrong.push(`its CNs are ${names.join()}`);
  if (spkiOf(fields[6]) !== spkiOf(requested(csr))) wrong.push('its key is not that of the CSR');
  return [...wrong, ...extensionsOutside(fields.slice(7), profile)];
}

const spkiOf = (node: Node | undefined): string => (node ? asn1.toDer(node).getBytes() : '');

function requested(csr: Buffer): Node | undefined {
  const [info] = partsOf(read(csr));
  return info && partsOf(info)[2];
}

function commonNames(subject: Node | undefined): string[] {
  const attributes = subject ? partsOf(subject).flatMap(partsOf) : [];
  return attributes.flatMap((attribute) => {
    const [type, value] = partsOf(attribute);
    if (asn1.derToOid(bytesOf(type)) !== '2.5.4.3') return [];
    return [Buffer.from(bytesOf(value), 'latin1').toString('utf8')];
  });
}

function extensionsOutside(rest: readonly Node[], profile: Profile): string[] {
  const wrong: string[] = [];
  if (rest.length !== 1) wrong.push(`${rest.length} things stand behind its key`);
  const list = rest.flatMap(partsOf).flatMap(partsOf).map(partsOf);
  const oids = list.map(([oid]) => asn1.derToOid(bytesOf(oid)));
  if (new Set(oids).size !== oids.length) wrong.push(`an extension twice: ${oids.join()}`);
  const named = (profile.extensions ?? []).map(({ oid }) => oid);
  const strange = oids.filter((oid) => !ownOids.includes(oid) && !named.includes(oid));
  if (strange.length > 0) wrong.push(`extensions that the profile does not name: ${strange.join()}`);
  const contentOf = (oid: string) => Buffer.from(bytesOf(list[oids.indexOf(oid)]?.at(-1)), 'latin1');
  if (contentOf('2.5.29.19').toString('hex') !== '3000') wrong.push('it does not say CA:FALSE');
  const [, , unused = 0, first = 0, second = 0] = contentOf('2.5.29.15');
  if (list[oids.indexOf('2.5.29.15')]?.length !== 3) wrong.push('its key usage is not critical');
  // Bits 5 and 6 from the left are keyCertSign and cRLSign.
  if (unused > 7 || (first & 0b0000_0110) !== 0) wrong.push('it may sign certificates or CRLs');
  if (first === 0 && second === 0) wrong.push('it has no key usage');
  const usages = partsOf(read(contentOf('2.5.29.37'))).map((one) => asn1.derToOid(bytesOf(one)));
  if (!usages.includes(clientAuth)) wrong.push('it is for no TLS client');
  if (usages.includes(anyUsage)) wrong.push('it is for any usage');
  return wrong;
}
