import { extensionOf, readExtendedKeyUsage } from '../../../drivers/asn1/extensions.ts';
import type { Lint } from './lint.ts';

/** anyExtendedKeyUsage, RFC 5280 section 4.2.1.12. */
const any = '2.5.29.37.0';

export const extendedKeyUsage: Lint = {
  rule: 'dps-reference 7.1, F-52: leaves have clientAuth, verification certificates and CAs do not, and nothing has any usage',
  check(tbs, { purpose, extendedKeyUsage: wanted }) {
    const extension = extensionOf(tbs, 'extendedKeyUsage');
    const found = extension ? readExtendedKeyUsage(extension) : [];
    if (extension && found.length === 0) return 'an empty list';
    if (found.includes(any)) return 'any usage';
    const client = purpose === 'leaf' || purpose === 'module';
    if (found.includes('clientAuth') !== client) return client ? 'no clientAuth' : 'clientAuth';
    return found.join() === wanted.join() ? undefined : found.join(', ');
  },
};
