import { extensionOf, readExtendedKeyUsage, extendedKeyUsage as written } from '../../../drivers/asn1/extensions.ts';
import type { Lint } from './lint.ts';

/** 2.5.29.37.0 as it is read back, RFC 5280 section 4.2.1.12. */
const any = 'anyExtendedKeyUsage';

export const extendedKeyUsage: Lint = {
  rule: 'dps-reference 7.1, F-52: leaves have clientAuth, verification certificates and CAs do not, and nothing has any usage',
  check(tbs, { purpose, extendedKeyUsage: wanted }) {
    const extension = extensionOf(tbs, 'extendedKeyUsage');
    const found = extension ? readExtendedKeyUsage(extension) : [];
    if (extension && found.length === 0) return 'an empty list';
    if (found.includes(any)) return 'any usage';
    const client = purpose === 'leaf' || purpose === 'module';
    if (found.includes('clientAuth') !== client) return client ? 'no clientAuth' : 'clientAuth';
    // A purpose is asked for by its name or its object identifier: the same bytes are the same purpose.
    const same = wanted.length === 0 ? !extension : extension?.value.equals(written(wanted).value);
    return same ? undefined : found.join(', ') || 'no purpose';
  },
};
