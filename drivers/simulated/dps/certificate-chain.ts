import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import forge from 'node-forge';
import { commonNameOf, isCurrent, isIssuedBy, thumbprintOf } from './certificates.ts';
import { keyOf } from './entries.ts';

/** An issuer on the way from a device's certificate to a certificate whose possession was proven. */
export type Issuer = {
  readonly certificate: X509Certificate;
  /** The names that the instance has it under as a verified CA certificate; most issuers have none. */
  readonly caNames: readonly string[];
};

/** What a device proved by its client certificate. TLS itself has proven that it holds the leaf's key. */
export type CertificateEvidence = {
  /** Undefined when the certificate itself is not good enough to prove anything. */
  readonly leaf: X509Certificate | undefined;
  /** Nearest first, the last one verified; empty when the chain reaches no verified certificate. */
  readonly issuers: readonly Issuer[];
  /** What the service says when nothing was proven. All three sentences are seen on the wire, with 401002. */
  readonly complaint: 'Invalid certificate.' | 'CA certificate not found.' | 'Unauthorized';
};

export type VerifiedCa = { readonly name: string; readonly certificate: X509Certificate };

/** What a chain is judged by. */
export type Judgement = {
  readonly registrationId: string;
  readonly now: number;
  readonly verified: readonly VerifiedCa[];
  /** Whether a verified certificate counts although the device sent only the one below it. */
  readonly completed: boolean;
  /** Whether an extended key usage that lacks clientAuth is overlooked. */
  readonly anyUsage: boolean;
};

/**
 * The certificates that a client sent, in the order it sent them. `getPeerCertificate(true)` would not do: it fills gaps
 * from the server's own store and drops what does not link. Node walks this list only once, so ask once a connection.
 */
export function sentCertificates(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next = socket.getPeerX509Certificate(); next; next = next.issuerCertificate) sent.push(next);
  return sent;
}

/** Judges what a device sent (DPS docs, X.509 attestation: the chain up to a verified certificate, without a gap). */
export function judge(sent: readonly X509Certificate[], judgement: Judgement): CertificateEvidence | undefined {
  const [leaf] = sent;
  if (!leaf) return undefined;
  if (!isDevice(leaf, judgement)) return { leaf: undefined, issuers: [], complaint: 'Invalid certificate.' };
  const path = pathOf(sent, judgement).map((certificate) => ({
    certificate,
    caNames: namesOf(certificate, judgement),
  }));
  const topmost = path.findLastIndex(({ caNames }) => caNames.length > 0);
  const issuers = path.slice(0, topmost + 1);
  return { leaf, issuers, complaint: issuers.length > 0 ? 'Unauthorized' : 'CA certificate not found.' };
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_EXTENDED_USAGE = '2.5.29.37.0';

/** Registration IDs count without regard to case, and so does the common name that carries one. */
function isDevice(leaf: X509Certificate, { registrationId, now, anyUsage }: Judgement): boolean {
  const usages = leaf.keyUsage as string[] | undefined;
  const forClients = usages === undefined || usages.includes(CLIENT_AUTH) || usages.includes(ANY_EXTENDED_USAGE);
  return isCurrent(leaf, now) && (forClients || anyUsage) && keyOf(commonNameOf(leaf) ?? '') === keyOf(registrationId);
}

/** The issuers above the leaf, as far as each one holds: what comes after a gap or an expired issuer is not looked at. */
function pathOf([leaf, ...above]: readonly X509Certificate[], judgement: Judgement): X509Certificate[] {
  const path: X509Certificate[] = [];
  let below = leaf;
  for (const issuer of above) {
    if (!below || !holds(below, issuer, path.length, judgement.now)) return path;
    path.push(issuer);
    below = issuer;
  }
  const last = below;
  if (!last || !judgement.completed) return path;
  const known = judgement.verified.find(({ certificate }) => holds(last, certificate, path.length, judgement.now));
  return known ? [...path, known.certificate] : path;
}

function holds(below: X509Certificate, issuer: X509Certificate, issuersBelow: number, now: number): boolean {
  return (
    issuer.ca && isCurrent(issuer, now) && isIssuedBy(below, issuer) && issuersBelow <= mostIssuersBelow(issuer.raw)
  );
}

function namesOf(certificate: X509Certificate, { verified }: Judgement): string[] {
  const same = verified.filter((ca) => thumbprintOf(ca.certificate) === thumbprintOf(certificate));
  return same.map(({ name }) => name);
}

const BASIC_CONSTRAINTS = '2.5.29.19';

/** The path length of an issuer's basic constraints (RFC 5280, 4.2.1.9), which node does not tell. */
function mostIssuersBelow(der: Buffer): number {
  const [tbs] = parts(forge.asn1.fromDer(der.toString('binary')));
  // The extensions are the member of the TBS with the context tag 3.
  const tagged = parts(tbs).find(
    ({ tagClass, type }) => tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && Number(type) === 3,
  );
  const extension = parts(parts(tagged)[0]).find((each) => oidOf(parts(each)[0]) === BASIC_CONSTRAINTS);
  const value = parts(extension).at(-1)?.value;
  if (typeof value !== 'string') return Number.POSITIVE_INFINITY;
  const length = parts(forge.asn1.fromDer(value)).find(({ type }) => type === forge.asn1.Type.INTEGER);
  return typeof length?.value === 'string' ? forge.asn1.derToInteger(length.value) : Number.POSITIVE_INFINITY;
}

function parts(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  return Array.isArray(node?.value) ? node.value : [];
}

function oidOf(node: forge.asn1.Asn1 | undefined): string | undefined {
  return typeof node?.value === 'string' ? forge.asn1.derToOid(node.value) : undefined;
}
