import type { Certificate } from '../../drivers/asn1/certificate.ts';
import {
  type Extension,
  oids,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from '../../drivers/asn1/extensions.ts';

// The extensions of a certificate in a path: what is known here, and what a critical one may be (RFC 5280 4.2, 6.1.4 (o)).

type Look = (extension: Extension, padded: boolean) => unknown;

/** What stands here is looked at; any other critical extension refuses the path. */
const known: ReadonlyMap<string, Look> = new Map<string, Look>([
  [oids.basicConstraints, readBasicConstraints],
  [oids.keyUsage, (extension, padded) => readKeyUsage(extension, { padded })],
  [oids.extendedKeyUsage, readExtendedKeyUsage],
  [oids.subjectKeyIdentifier, readSubjectKeyIdentifier],
  [oids.authorityKeyIdentifier, readAuthorityKeyIdentifier],
  // No decision rests on it: units are told apart by their subject.
  [oids.subjectAltName, () => undefined],
]);

/** Constraints on names and policies would have to be followed down the path, which is not done here. */
const unsupported: ReadonlyMap<string, string> = new Map([
  [oids.nameConstraints, 'name constraints (4.2.1.10)'],
  [oids.certificatePolicies, 'certificate policies (4.2.1.4)'],
  [oids.policyMappings, 'policy mappings (4.2.1.5)'],
  [oids.policyConstraints, 'policy constraints (4.2.1.11)'],
  [oids.inhibitAnyPolicy, 'inhibit anyPolicy (4.2.1.14)'],
]);

/**
 * The rule that an extension breaks, or nothing. Throws `input.invalid` for a known one that cannot be read. Intermediates of
 * STMicroelectronics and Intel have critical certificate policies: with `endorsement` they pass, as they must where no policy is
 * asked for and no policy constraint stands in the path (6.1.3 (d) to (f) with explicit_policy above 0), which is refused.
 */
export function brokenExtension(
  { extensions }: Certificate,
  { endorsement }: { readonly endorsement: boolean },
): string | undefined {
  for (const extension of extensions) {
    const look = known.get(extension.oid);
    look?.(extension, endorsement);
    const isFree = look !== undefined || (endorsement && extension.oid === oids.certificatePolicies);
    if (isFree || !extension.critical) continue;
    const name = unsupported.get(extension.oid);
    return name === undefined
      ? `RFC 5280 4.2: its critical extension ${extension.oid} is not known here`
      : `RFC 5280 4.2: its critical ${name} are not supported here`;
  }
  return undefined;
}
