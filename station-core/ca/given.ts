import { createHash } from 'node:crypto';
import type { Certificate } from '../../drivers/asn1/certificate.ts';
import {
  extensionOf,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
} from '../../drivers/asn1/extensions.ts';
import { isKeyAlgorithm } from '../../drivers/asn1/keys.ts';
import { isSignatureAlgorithm, verifySignature } from '../../drivers/asn1/signatures.ts';
import { StationError } from '../contract/errors.ts';
import { orderChain, validatePath } from './chain.ts';
import { refuseTestOnly } from './intermediate.ts';

// Certificates of devices that others made: units' own, a third-party PKI's, a vendor's. Nothing here was linted before it was
// signed, so each is held to what DPS and TLS want of a device (dps-reference 7.1) and to a path up to a root that is pinned.

export type Given = {
  readonly leaf: Certificate;
  /** Its one common name, as it is written. */
  readonly commonName: string;
  /** From its issuer up to the root. */
  readonly above: readonly Certificate[];
  /** When the first certificate of its path expires. */
  readonly notAfter: number;
};

/** Whom to believe: pins of CA certificates, and whether test CAs are none (F-75). */
export type Trust = { readonly anchors: ReadonlySet<string>; readonly production: boolean };

/** How a certificate is pinned: SHA-256 of its DER, lower-case hex. */
export const pinOf = ({ certificate }: Certificate): string => createHash('sha256').update(certificate).digest('hex');

/**
 * Checks a device's certificate: its own rules, and a path out of `pool` up to a root, in which one certificate is pinned.
 * What else is in the pool is passed over. Throws `ca.chain`; a leaf is "certificate 1".
 */
export function checkGiven(
  leaf: Certificate,
  pool: readonly Certificate[],
  { anchors, production }: Trust,
  at: number,
): Given {
  const commonName = checkDevice(leaf);
  const [, ...above] = orderChain([leaf, ...ancestors(leaf, pool)], leaf);
  const path = [leaf, ...above];
  if (above.length === 0) throw refused('it is self-signed: no CA stands behind it (F-78)');
  validatePath(path, at);
  if (!above.some((one) => anchors.has(pinOf(one))))
    throw refused('its path has none of the CA certificates that are pinned');
  for (const one of above) refuseTestOnly(one, production);
  return { leaf, commonName, above, notAfter: Math.min(...path.map(({ notAfter }) => notAfter)) };
}

/** A certificate that nobody but its own key signed. Throws `ca.chain`. */
export function checkSelfSigned(leaf: Certificate, at: number): Given {
  const commonName = checkDevice(leaf);
  const { notBefore, notAfter, signatureAlgorithm, publicKey, tbs, signature } = leaf;
  if (at < notBefore || at > notAfter) {
    const from = new Date(notBefore).toISOString();
    throw refused(`RFC 5280 6.1.3 (a)(2): it is valid from ${from} to ${new Date(notAfter).toISOString()}`);
  }
  const ours = isSignatureAlgorithm(signatureAlgorithm);
  if (
    !ours ||
    !leaf.issuerDer.equals(leaf.subjectDer) ||
    !verifySignature(signatureAlgorithm, publicKey.key, tbs, signature)
  ) {
    throw refused('it must be signed by its own key with SHA-256, SHA-384 or SHA-512');
  }
  return { leaf, commonName, above: [], notAfter };
}

const refused = (rule: string): StationError => new StationError('ca.chain', { which: 'certificate 1', rule });

type Check = (leaf: Certificate) => string | undefined;
const checks: readonly Check[] = [wrongKey, isAuthority, wrongUsage, noClient];

/** The rules for a device itself. Answers its common name. */
function checkDevice(leaf: Certificate): string {
  try {
    const broken = checks.map((check) => check(leaf)).find((rule) => rule !== undefined);
    if (broken !== undefined) throw refused(broken);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
    throw refused(`RFC 5280 4.2: an extension cannot be read. ${thrown.message}`);
  }
  const names = leaf.subject.filter(({ type }) => type === 'CN');
  const [name, second] = names;
  if (!name || second) throw refused(`its subject must have one CN, found ${names.length}`);
  return name.value;
}

function wrongKey({ publicKey: { algorithm } }: Certificate): string | undefined {
  return isKeyAlgorithm(algorithm)
    ? undefined
    : `its key must be P-256, P-384 or RSA of 2048, 3072 or 4096 bits, found ${algorithm}`;
}

/** A leaf that can issue would make devices of its own (F-52). */
function isAuthority(leaf: Certificate): string | undefined {
  const constraints = extensionOf(leaf, 'basicConstraints');
  return constraints && readBasicConstraints(constraints).ca ? 'it is a CA, not a device (F-52, F-63)' : undefined;
}

function wrongUsage(leaf: Certificate): string | undefined {
  const extension = extensionOf(leaf, 'keyUsage');
  const usage = extension && readKeyUsage(extension);
  if (!usage) return undefined;
  if (usage.includes('keyCertSign')) return 'its key usage has keyCertSign: it is a CA (F-52)';
  return usage.includes('digitalSignature')
    ? undefined
    : 'its key usage lacks digitalSignature, which TLS clients need';
}

function noClient(leaf: Certificate): string | undefined {
  const extension = extensionOf(leaf, 'extendedKeyUsage');
  const purposes = extension && readExtendedKeyUsage(extension);
  if (!purposes || purposes.includes('clientAuth') || purposes.includes('anyExtendedKeyUsage')) return undefined;
  return 'its extended key usage lacks clientAuth (dps-reference 7.1)';
}

/** By name, and by signature where it is one of ours: a CA has a new key under its old name sometimes. */
function mayIssue(issuer: Certificate, { issuerDer, signatureAlgorithm, tbs, signature }: Certificate): boolean {
  if (!issuer.subjectDer.equals(issuerDer)) return false;
  if (!isSignatureAlgorithm(signatureAlgorithm)) return true;
  return verifySignature(signatureAlgorithm, issuer.publicKey.key, tbs, signature);
}

/** Those of the pool that stand above a certificate. */
function ancestors(leaf: Certificate, pool: readonly Certificate[]): Certificate[] {
  const found: Certificate[] = [];
  const seen = new Set([leaf.certificate.toString('latin1')]);
  const look = [leaf];
  for (let one = look.pop(); one; one = look.pop()) {
    for (const other of pool) {
      const bytes = other.certificate.toString('latin1');
      if (seen.has(bytes) || !mayIssue(other, one)) continue;
      seen.add(bytes);
      found.push(other);
      look.push(other);
    }
  }
  return found;
}
