import type { CertificateEvidence } from '../certificate-chain.ts';
import type { Attestation, Challenge, Kind } from '../entries.ts';
import type { SasToken } from '../sas.ts';
import type { AttestationInput } from '../schemas.ts';
import { symmetricKey } from './symmetric-key.ts';
import { tpm } from './tpm.ts';
import { x509 } from './x509.ts';

/** What a device shows at the device endpoint. */
export type Evidence = {
  readonly registrationId: string;
  /** Already checked for its resource, its policy name and its expiry; only the signature is open. */
  readonly token: SasToken | undefined;
  readonly foldRegistrationId: boolean;
  /** Undefined when the connection came without a client certificate. */
  readonly certificate: CertificateEvidence | undefined;
  /** The newest TPM challenge that this registration ID was given. */
  readonly challenge: Challenge | undefined;
};

export type Update<A> = {
  readonly kind: Kind;
  /** The attestation that the update replaces, if it is of the same type. */
  readonly previous: A | undefined;
  readonly keepOmittedKeys: boolean;
  readonly eccTpmKeys: boolean;
  /** Whether the instance has a verified CA certificate of this name. */
  readonly isVerifiedCa: (name: string) => boolean;
};

/** The rules of one attestation type: how it is taken in, shown and proven. */
export type AttestationRules<I, A> = {
  /** Checks what a client sent and gives what is kept. */
  accept(input: I, update: Update<A>): A;
  /** As GET, query and the webhook show it. */
  shown(kept: A): object;
  /** As PUT and `attestationmechanism` answer it. */
  revealed(kept: A): object;
  /** Whether the evidence proves that the device is the one of an individual enrollment. */
  proves(kept: A, evidence: Evidence): boolean;
  /**
   * How near to the device a group is that the evidence proves it to belong to; the nearest group decides. 0 is the
   * group of its certificate's issuer. Undefined when it does not belong to the group.
   */
  membership(kept: A, evidence: Evidence): number | undefined;
};

/** Takes in an attestation of any type. */
export function acceptAttestation(input: AttestationInput, update: Update<Attestation>): Attestation {
  const { previous, ...rest } = update;
  switch (input.type) {
    case 'symmetricKey':
      return symmetricKey.accept(input, { ...rest, previous: previous?.type === input.type ? previous : undefined });
    case 'tpm':
      return tpm.accept(input, { ...rest, previous: previous?.type === input.type ? previous : undefined });
    case 'x509':
      return x509.accept(input, { ...rest, previous: previous?.type === input.type ? previous : undefined });
  }
}

/** The four questions about a kept attestation, bound to the rules of its type. */
export function attestationOf(kept: Attestation) {
  switch (kept.type) {
    case 'symmetricKey':
      return bound(symmetricKey, kept);
    case 'tpm':
      return bound(tpm, kept);
    case 'x509':
      return bound(x509, kept);
  }
}

function bound<I, A>(rules: AttestationRules<I, A>, kept: A) {
  return {
    shown: () => rules.shown(kept),
    revealed: () => rules.revealed(kept),
    proves: (evidence: Evidence) => rules.proves(kept, evidence),
    membership: (evidence: Evidence) => rules.membership(kept, evidence),
  };
}
