import type { X509Certificate } from 'node:crypto';
import type { CertificateEvidence } from '../certificate-chain.ts';
import { infoOf, readCertificate, thumbprintOf } from '../certificates.ts';
import { type KeptCertificate, type KeptCertificates, keyOf, type X509Attestation } from '../entries.ts';
import { DpsError } from '../errors.ts';
import type { AttestationInput } from '../schemas.ts';
import type { AttestationRules } from './attestation.ts';

type Input = Extract<AttestationInput, { type: 'x509' }>;
type CertificatesInput = NonNullable<Input['x509']['clientCertificates']>;

/** X.509 certificates (DPS docs, X.509 attestation). */
export const x509: AttestationRules<Input, X509Attestation> = {
  accept({ x509: input }, { kind, previous, isVerifiedCa }) {
    const slot = kind === 'individual' ? 'clientCertificates' : 'signingCertificates';
    const given = input[slot];
    if (given) return { type: 'x509', x509: { [slot]: acceptBoth(given, slot, previous?.x509[slot]) } };
    if (!input.caReferences) {
      throw new DpsError('argumentInvalid', `attestation.x509: expected ${slot} or caReferences`);
    }
    const { primary, secondary } = input.caReferences;
    // A name that the entry already has may stay: a group can be disabled after its CA certificate was deleted.
    const kept = namesOf(previous?.x509);
    const unknown = namesOf({ caReferences: input.caReferences }).find(
      (name) => !kept.includes(name) && !isVerifiedCa(name),
    );
    if (unknown !== undefined) throw new DpsError('argumentInvalid', UNKNOWN_CA);
    return { type: 'x509', x509: { caReferences: secondary === undefined ? { primary } : { primary, secondary } } };
  },

  shown: (kept) => withoutBodies(kept),
  revealed: (kept) => withoutBodies(kept),

  // An individual certificate needs no chain: it may be self-signed (DPS docs, quickstart for X.509 devices).
  proves: (kept, { certificate }) =>
    holdsBody(kept.x509.clientCertificates, certificate?.leaf) || nearness(kept.x509, certificate) !== undefined,
  membership: (kept, { certificate }) => nearness(kept.x509, certificate),
};

/** How many issuers below the one that the entry names; undefined when none of the chain's is named. */
function nearness(kept: X509Attestation['x509'], certificate: CertificateEvidence | undefined): number | undefined {
  const names = namesOf(kept).map(keyOf);
  const place = certificate?.issuers.findIndex(
    (issuer) =>
      holdsBody(kept.signingCertificates, issuer.certificate) ||
      issuer.caNames.some((name) => names.includes(keyOf(name))),
  );
  return place === -1 ? undefined : place;
}

function holdsBody(kept: KeptCertificates | undefined, certificate: X509Certificate | undefined): boolean {
  if (!kept || !certificate) return false;
  return [kept.primary, kept.secondary].some((each) => each?.info.sha256Thumbprint === thumbprintOf(certificate));
}

function namesOf(kept: Pick<Input['x509'], 'caReferences'> | undefined): string[] {
  const { primary = [], secondary = [] } = kept?.caReferences ?? {};
  return [primary, secondary].flat();
}

const UNKNOWN_CA = 'attestation.x509.caReferences: expected names of verified CA certificates';

function acceptBoth(given: CertificatesInput, slot: string, previous: KeptCertificates | undefined): KeptCertificates {
  const primary = acceptOne(given.primary, `${slot}.primary`, previous);
  if (!given.secondary) return { primary };
  return { primary, secondary: acceptOne(given.secondary, `${slot}.secondary`, previous) };
}

/** Takes a certificate, or, from an entry that was read and is sent back, the info of one that is already kept. */
function acceptOne(
  given: CertificatesInput['primary'],
  place: string,
  previous: KeptCertificates | undefined,
): KeptCertificate {
  if (given.certificate !== undefined) {
    const certificate = readCertificate(given.certificate, `attestation.x509.${place}.certificate`);
    return { certificate: given.certificate, info: infoOf(certificate) };
  }
  const thumbprint = given.info?.sha256Thumbprint;
  const same = [previous?.primary, previous?.secondary].find((kept) => kept?.info.sha256Thumbprint === thumbprint);
  if (same) return same;
  throw new DpsError('argumentInvalid', `attestation.x509.${place}.certificate: expected a certificate`);
}

function withoutBodies({ x509: { clientCertificates, signingCertificates, caReferences } }: X509Attestation): object {
  const bare = (both: KeptCertificates) => ({
    primary: { info: both.primary.info },
    ...(both.secondary && { secondary: { info: both.secondary.info } }),
  });
  return {
    type: 'x509',
    x509: {
      ...(clientCertificates && { clientCertificates: bare(clientCertificates) }),
      ...(signingCertificates && { signingCertificates: bare(signingCertificates) }),
      ...(caReferences && { caReferences }),
    },
  };
}
