import type { Certificate } from '../../drivers/asn1/certificate.ts';
import {
  extensionOf,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
} from '../../drivers/asn1/extensions.ts';
import { nameText } from '../../drivers/asn1/names.ts';
import { isSignatureAlgorithm } from '../../drivers/asn1/signatures.ts';
import type { EkCertificate, EkPublicKey, TpmFacts } from '../../drivers/tpm/ek-certificate.ts';
import { keyObjectOf } from '../../drivers/tpm/public.ts';
import { validatePath } from '../ca/chain.ts';
import { pinOf } from '../ca/given.ts';
import { type ErrorCode, StationError } from '../contract/errors.ts';
import { type DeadEnd, isSignedBy, type Ways, waysUp } from './paths.ts';

export type EkQuestion = {
  readonly certificate: EkCertificate;
  /** The key that the unit shows. */
  readonly ekPublicKey: EkPublicKey;
  /** Out of the station's folder and the TPM's own chain; what does not belong is passed over. */
  readonly pool: readonly Certificate[];
  /** SHA-256 of the roots that the recipe trusts, lower-case hex. */
  readonly pins: ReadonlySet<string>;
  /** Unix milliseconds. */
  readonly at: number;
};

export type GoodEk = {
  /** What the certificate says of the TPM. */
  readonly tpm: TpmFacts;
  /** Subjects from the EK's issuer up to the root. */
  readonly path: readonly string[];
  /** The root's pin. */
  readonly root: string;
};

/** tcg-kp-EKCertificate (TCG EK Credential Profile 3.2.16). */
const ekPurpose = '2.23.133.8.1';

/**
 * Checks the certificate of an endorsement key: for this very key, for endorsement keys, in time, and up to a root that is pinned.
 * Throws `ek.certificate-other-key`, `-self-signed`, `-usage`, `-expired`, `-chain`, and `ek.root-unknown`, the most telling first.
 */
export function checkEkCertificate({ certificate, ekPublicKey, pool, pins, at }: EkQuestion): GoodEk {
  const leaf = certificate.certificate;
  if (!isSameKey(leaf, ekPublicKey)) throw new StationError('ek.certificate-other-key');
  if (isSelfSigned(leaf)) throw new StationError('ek.certificate-self-signed');
  unless(brokenUsage(certificate), 'ek.certificate-usage');
  unless(brokenTime(leaf, at), 'ek.certificate-expired');
  const path = firstValid(pinned(waysUp(leaf, pool), pins), at);
  const [, ...above] = path;
  const root = path.at(-1) ?? leaf;
  return { tpm: certificate.tpm, path: above.map(({ subject }) => nameText(subject)), root: pinOf(root) };
}

function unless(rule: string | undefined, code: ErrorCode): void {
  if (rule !== undefined) throw new StationError(code, { rule });
}

function isSameKey({ publicKey }: Certificate, key: EkPublicKey): boolean {
  const spki = (one: typeof publicKey.key) => one.export({ type: 'spki', format: 'der' });
  return spki(publicKey.key).equals(spki(keyObjectOf(key, 'the endorsement key')));
}

/** By its own key, whatever its names are; or by its name, where the algorithm says nothing here. */
function isSelfSigned(leaf: Certificate): boolean {
  return leaf.issuerDer.equals(leaf.subjectDer) || isSignedBy(leaf, leaf);
}

/** The rules for the certificate itself (TCG EK Credential Profile 3.2), or nothing. */
function brokenUsage({ certificate, tpm }: EkCertificate): string | undefined {
  try {
    return brokenPurpose(certificate) ?? brokenName(certificate, tpm);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
    return `an extension cannot be read (${thrown.details.place})`;
  }
}

function brokenPurpose(leaf: Certificate): string | undefined {
  const constraints = extensionOf(leaf, 'basicConstraints');
  if (constraints && readBasicConstraints(constraints).ca) return 'it is a CA';
  if (!isForEndorsement(leaf)) return `its extended key usage lacks that of endorsement keys (${ekPurpose})`;
  const extension = extensionOf(leaf, 'keyUsage');
  const usage = extension ? readKeyUsage(extension, { padded: true }) : [];
  const wanted = leaf.publicKey.key.asymmetricKeyType === 'ec' ? 'keyAgreement' : 'keyEncipherment';
  if (usage.includes('keyCertSign')) return 'its key usage has keyCertSign: it is a CA';
  return usage.includes(wanted) ? undefined : `its key usage lacks ${wanted}`;
}

function isForEndorsement(certificate: Certificate): boolean {
  const extension = extensionOf(certificate, 'extendedKeyUsage');
  return extension !== undefined && readExtendedKeyUsage(extension).includes(ekPurpose);
}

/** Who made the TPM must stand there (3.2.9): production goes by it, and an empty subject rests on it (RFC 5280 4.2.1.6). */
function brokenName(leaf: Certificate, tpm: TpmFacts): string | undefined {
  if (tpm.manufacturer === undefined) return 'it does not name the maker of the TPM';
  const isNamed = leaf.subject.length > 0 || extensionOf(leaf, 'subjectAltName')?.critical === true;
  return isNamed ? undefined : 'RFC 5280 4.2.1.6: its alternative name must be critical, since it has no subject';
}

function brokenTime({ notBefore, notAfter }: Certificate, at: number): string | undefined {
  if (at >= notBefore && at <= notAfter) return undefined;
  const [from, to, now] = [notBefore, notAfter, at].map((ms) => new Date(ms).toISOString());
  return `it is valid from ${from} to ${to}, and it is ${now}`;
}

type Path = readonly Certificate[];

/** The ways that end in a pinned root. */
function pinned({ complete, deadEnds }: Ways, pins: ReadonlySet<string>): readonly Path[] {
  const paths = complete.filter((path) => path.slice(-1).some((root) => pins.has(pinOf(root))));
  if (paths.length > 0) return paths;
  const stranger = complete[0]?.at(-1);
  if (stranger) throw new StationError('ek.root-unknown', { issuer: nameOf(stranger.subject) });
  const broken = deadEnds.find(({ why }) => why !== 'missing') ?? deadEnds[0];
  if (broken && broken.why !== 'missing') throw chainError(broken.at, broken.index, ruleOf(broken));
  // Nothing is wrong with what the unit has: the folder lacks the maker, or a certificate of it, and a person decides on that.
  const missing = broken ? `the certificate of ${nameOf(broken.at.issuer)} is missing` : 'no certificate leads to one';
  throw new StationError('ek.root-unknown', { issuer: missing });
}

const nameOf = (name: Certificate['subject']): string => nameText(name).slice(0, 100) || 'no name';

function chainError({ subject }: Certificate, index: number, rule: string): StationError {
  return new StationError('ek.certificate-chain', { which: `certificate ${index + 1} (${nameOf(subject)})`, rule });
}

function ruleOf({ at, why }: DeadEnd): string {
  if (why === 'too far') return 'it leads to no root within eight certificates';
  if (isSignatureAlgorithm(at.signatureAlgorithm)) {
    return `RFC 5280 6.1.3 (a)(1): its signature is not by the key of ${nameOf(at.issuer)}`;
  }
  return `it must be signed by ECDSA or RSA with SHA-256, SHA-384 or SHA-512, found ${at.signatureAlgorithm}`;
}

/** The first path that holds, or the error of the first. */
function firstValid(paths: readonly Path[], at: number): Path {
  let first: StationError | undefined;
  for (const path of paths) {
    const error = refusalOf(path, at);
    if (!error) return path;
    first ??= error;
  }
  throw first ?? new StationError('ek.root-unknown', { issuer: 'no certificate leads to one' });
}

function refusalOf(path: Path, at: number): StationError | undefined {
  try {
    validatePath(path, at, { endorsement: true });
    const index = path.findIndex((one) => extensionOf(one, 'extendedKeyUsage') && !isForEndorsement(one));
    const stray = path[index];
    // RFC 5280 leaves it open; TPM makers who restrict a CA restrict it to endorsement keys, and another CA of theirs vouches for none.
    return stray && chainError(stray, index, `its extended key usage lacks that of endorsement keys (${ekPurpose})`);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'ca.chain') throw thrown;
    return new StationError('ek.certificate-chain', thrown.details, { cause: thrown });
  }
}
