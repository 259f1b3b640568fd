import type { Lint } from './lint.ts';

export const issuerName: Lint = {
  rule: "RFC 5280 section 4.1.2.4: the issuer's name is the issuer's subject, byte for byte",
  check: ({ issuerDer }, { issuer }) => (issuerDer.equals(issuer.subjectDer) ? undefined : 'another name'),
};
