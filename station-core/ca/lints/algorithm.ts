import { signatureAlgorithmOf } from '../../../drivers/asn1/signatures.ts';
import type { Lint } from './lint.ts';

export const algorithm: Lint = {
  rule: "RFC 5280 section 4.1.2.3, F-55: the signature algorithm of the issuer's key, with SHA-256 or SHA-384",
  check({ signatureAlgorithm }, { issuer }) {
    return signatureAlgorithm === signatureAlgorithmOf(issuer.algorithm) ? undefined : signatureAlgorithm;
  },
};
