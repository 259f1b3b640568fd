import {
  extensionOf,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  subjectKeyIdentifier,
} from '../../../drivers/asn1/extensions.ts';
import type { Lint } from './lint.ts';

export const keyIdentifiers: Lint = {
  rule: "RFC 5280 sections 4.2.1.1 and 4.2.1.2: the key's own identifier and the issuer's, neither critical",
  check(tbs, { issuer, key }) {
    const subject = extensionOf(tbs, 'subjectKeyIdentifier');
    const authority = extensionOf(tbs, 'authorityKeyIdentifier');
    if (!subject || !authority) return 'no key identifier';
    if (subject.critical || authority.critical) return 'a critical key identifier';
    const own = readSubjectKeyIdentifier(subjectKeyIdentifier(key.spki));
    if (!readSubjectKeyIdentifier(subject).equals(own)) return "another key's identifier";
    const found = readAuthorityKeyIdentifier(authority);
    return found?.equals(issuer.keyIdentifier) ? undefined : "another issuer's identifier";
  },
};
