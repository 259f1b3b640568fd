import type { Certificate } from '../../drivers/asn1/certificate.ts';
import {
  extensionOf,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from '../../drivers/asn1/extensions.ts';
import { nameText } from '../../drivers/asn1/names.ts';
import { isSignatureAlgorithm, verifySignature } from '../../drivers/asn1/signatures.ts';
import { StationError } from '../contract/errors.ts';
import { brokenExtension } from './chain-extensions.ts';

// The one path validation (RFC 5280 section 6), for every chain that the station meets. Stricter than the RFC where it
// leaves a choice: the trust anchor is held to the rules of a CA and of time like all others, every CA has a keyUsage, and
// names are compared as bytes. RFC 5280 7.1 would fold case and spaces, but 4.1.2.6 has a CA write its name as issuer exactly
// as it stands in its subject, and verifiers that compare bytes are common: what passes here passes there.

/** Certificates of a path, leaf and root included. */
export const mostCertificates = 8;

export type PathOptions = {
  /** The first certificate will issue others: it is held to the rules of a CA, and path lengths count it. */
  readonly issuing?: boolean;
  /** The root must be one of these, byte for byte. Left out: the caller knows the root. */
  readonly anchors?: readonly Certificate[];
  /**
   * The first certificate is of an endorsement key, and those above it are a TPM maker's: issued once, and nobody can have them anew.
   * They may have zeros at the end of a key usage, critical certificate policies (`chain-extensions.ts`), and for the first
   * a key for RSAES-OAEP alone.
   */
  readonly endorsement?: boolean;
};

/**
 * Checks a path, leaf or intermediate first, root last, at a time in Unix milliseconds. Throws `ca.chain` with the first
 * certificate, from the leaf up, that breaks a rule, and the rule.
 */
export function validatePath(path: readonly Certificate[], at: number, options: PathOptions = {}): void {
  checkLength(path);
  path.forEach((certificate, index) => {
    const refuse = refusal(certificate, index);
    try {
      const { issuing = false, endorsement = false } = options;
      const rule = brokenRule({ path, index, certificate, at, issuing, endorsement });
      if (rule !== undefined) throw refuse(rule);
    } catch (thrown) {
      // A value inside an extension that cannot be read.
      if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
      throw refuse(`RFC 5280 4.2: an extension cannot be read. ${thrown.message}`);
    }
  });
  const root = path.at(-1);
  if (root && options.anchors?.every((anchor) => !anchor.certificate.equals(root.certificate))) {
    throw refusal(root, path.length - 1)('RFC 5280 6.1.1 (d): this root is not among those that are trusted here');
  }
}

function checkLength(path: readonly Certificate[]): void {
  if (path.length >= 1 && path.length <= mostCertificates) return;
  const rule = `a path has 1 to ${mostCertificates} certificates, found ${path.length}`;
  throw new StationError('ca.chain', { which: 'the path', rule });
}

/** "certificate 2 (CN=…)", counted from the leaf. */
const nameOf = (certificate: Certificate, index: number): string =>
  `certificate ${index + 1} (${nameText(certificate.subject).slice(0, 100) || 'no name'})`;

const refusal =
  (certificate: Certificate, index: number) =>
  (rule: string): StationError =>
    new StationError('ca.chain', { which: nameOf(certificate, index), rule });

/** One certificate of a path, and what there is to know of it. */
type Place = {
  readonly path: readonly Certificate[];
  readonly index: number;
  readonly certificate: Certificate;
  readonly at: number;
  readonly issuing: boolean;
  readonly endorsement: boolean;
};
type Check = (place: Place) => string | undefined;

/** Cheap ones first, and those that the later ones rest on. */
const checks: readonly Check[] = [
  doubled,
  expired,
  weakSignature,
  weakKey,
  critical,
  unfitCa,
  tooLong,
  stranger,
  forged,
];

const brokenRule = (place: Place): string | undefined =>
  checks.reduce<string | undefined>((rule, check) => rule ?? check(place), undefined);

function doubled({ path, index, certificate }: Place): string | undefined {
  const first = path.findIndex((other) => other.certificate.equals(certificate.certificate));
  return first < index
    ? `RFC 5280 6.1: a certificate stands in a path once; this one is certificate ${first + 1} too`
    : undefined;
}

function expired({ certificate: { notBefore, notAfter }, at }: Place): string | undefined {
  const time = (ms: number): string => new Date(ms).toISOString();
  if (at < notBefore) return `RFC 5280 6.1.3 (a)(2): it is valid from ${time(notBefore)}, and it is ${time(at)}`;
  if (at > notAfter) return `RFC 5280 6.1.3 (a)(2): it was valid until ${time(notAfter)}, and it is ${time(at)}`;
  return undefined;
}

function weakSignature({ certificate: { signatureAlgorithm } }: Place): string | undefined {
  if (isSignatureAlgorithm(signatureAlgorithm)) return undefined;
  return `it must be signed by ECDSA or RSA with SHA-256, SHA-384 or SHA-512, found ${signatureAlgorithm}`;
}

function weakKey({ certificate: { publicKey }, index, endorsement }: Place): string | undefined {
  const algorithm = endorsement && index === 0 ? publicKey.algorithm.replace(/-oaep$/, '') : publicKey.algorithm;
  const bits = Number(/^rsa(\d+)$/.exec(algorithm)?.[1] ?? 0);
  if (bits >= 2048 || ['p256', 'p384', 'p521'].includes(algorithm)) return undefined;
  return `its key must be P-256, P-384, P-521 or RSA of 2048 bits and more, found ${algorithm}`;
}

function critical({ certificate, endorsement }: Place): string | undefined {
  return brokenExtension(certificate, { endorsement });
}

/** Whoever issues is a CA: RFC 5280 6.1.4 (k), (n). A root alone has issued itself. */
function unfitCa({ certificate, index, path, issuing, endorsement }: Place): string | undefined {
  if (index === 0 && path.length > 1 && !issuing) return undefined;
  const constraints = extensionOf(certificate, 'basicConstraints');
  const usage = extensionOf(certificate, 'keyUsage');
  if (certificate.version !== 3)
    return `RFC 5280 6.1.4 (k): a CA's certificate has version 3, found ${certificate.version}`;
  if (!constraints) return 'RFC 5280 4.2.1.9: a CA must have basic constraints';
  if (!constraints.critical) return "RFC 5280 4.2.1.9: a CA's basic constraints must be critical";
  if (!readBasicConstraints(constraints).ca) return 'RFC 5280 6.1.4 (k): it issued a certificate and is no CA';
  if (!usage) return 'RFC 5280 4.2.1.3: a CA must have a key usage';
  const usages = readKeyUsage(usage, { padded: endorsement });
  if (!usages.includes('keyCertSign')) return 'RFC 5280 6.1.4 (n): its key usage lacks keyCertSign';
  return undefined;
}

/** RFC 5280 6.1.4 (l), (m), counted from above: CAs between this one and the leaf, but for self-issued ones. */
function tooLong({ certificate, index, path, issuing }: Place): string | undefined {
  const constraints = extensionOf(certificate, 'basicConstraints');
  const allowed = constraints && readBasicConstraints(constraints).pathLength;
  if (allowed === undefined) return undefined;
  const between = path.slice(issuing ? 0 : 1, index).filter((one) => !isSelfIssued(one)).length;
  return between > allowed ? `RFC 5280 4.2.1.9: the path is longer than its path length ${allowed} allows` : undefined;
}

/** RFC 5280 6.1.3 (a)(4), and key identifiers where both have one (4.2.1.1). The root is its own issuer. */
function stranger({ certificate, index, path }: Place): string | undefined {
  const issuer = path[index + 1] ?? certificate;
  if (!certificate.issuerDer.equals(issuer.subjectDer)) {
    return issuer === certificate
      ? 'RFC 5280 6.1: a path ends in a root, and this one was issued by another'
      : `RFC 5280 6.1.3 (a)(4): its issuer is not ${nameOf(issuer, index + 1)}`;
  }
  return identifiersAgree(certificate, issuer)
    ? undefined
    : `RFC 5280 4.2.1.1: its authority key identifier is not that of ${nameOf(issuer, path.indexOf(issuer))}`;
}

function identifiersAgree(certificate: Certificate, issuer: Certificate): boolean {
  const authority = extensionOf(certificate, 'authorityKeyIdentifier');
  const subject = extensionOf(issuer, 'subjectKeyIdentifier');
  const wanted = authority && readAuthorityKeyIdentifier(authority);
  return !wanted || !subject || wanted.equals(readSubjectKeyIdentifier(subject));
}

/** RFC 5280 6.1.3 (a)(1). */
function forged({ certificate, index, path }: Place): string | undefined {
  const issuer = path[index + 1] ?? certificate;
  if (isSignedBy(certificate, issuer)) return undefined;
  return `RFC 5280 6.1.3 (a)(1): its signature is not by the key of ${nameOf(issuer, path.indexOf(issuer))}`;
}

const isSelfIssued = ({ issuerDer, subjectDer }: Certificate): boolean => issuerDer.equals(subjectDer);

function isSignedBy({ signatureAlgorithm, tbs, signature }: Certificate, { publicKey }: Certificate): boolean {
  return isSignatureAlgorithm(signatureAlgorithm) && verifySignature(signatureAlgorithm, publicKey.key, tbs, signature);
}

/**
 * The path from `first` up to a self-signed root, out of an unordered pile that holds these certificates and no others.
 * Says nothing about whether it is valid: see `validatePath`. Throws `ca.chain` when an issuer is missing, when there are two
 * ways, or when a certificate is left over.
 */
export function orderChain(certificates: readonly Certificate[], first: Certificate): readonly Certificate[] {
  const path = [first];
  let rest = certificates.filter((one) => !one.certificate.equals(first.certificate));
  if (rest.length < certificates.length - 1) throw refusal(first, 0)('it is there more than once');
  if (rest.length >= mostCertificates) checkLength([first, ...rest]);
  for (let last = first; !isSelfSigned(last); path.push(last)) {
    last = issuerAmong(rest, last, path.length - 1);
    rest = rest.filter((one) => one !== last);
  }
  const [stray] = rest;
  if (!stray) return path;
  const which = nameText(stray.subject).slice(0, 100) || 'no name';
  throw new StationError('ca.chain', { which, rule: 'this certificate is no part of the chain' });
}

/** A self-issued certificate can be a CA's new key under its old one (RFC 5280 6.1): only its signature makes a root. */
const isSelfSigned = (certificate: Certificate): boolean =>
  isSelfIssued(certificate) && isSignedBy(certificate, certificate);

function issuerAmong(rest: readonly Certificate[], of: Certificate, index: number): Certificate {
  const named = rest.filter(({ subjectDer }) => subjectDer.equals(of.issuerDer));
  const [issuer, second] = named.filter((one) => isSignedBy(of, one));
  const refuse = refusal(of, index);
  if (second) throw refuse('several of the certificates can be its issuer; give one only');
  if (issuer) return issuer;
  const wanted = nameText(of.issuer).slice(0, 100);
  throw refuse(
    named.length === 0
      ? `the certificate of its issuer (${wanted}) is missing`
      : `RFC 5280 6.1.3 (a)(1): its signature is not by the key of ${wanted}`,
  );
}
