import { extensionOf, readKeyUsage } from '../../../drivers/asn1/extensions.ts';
import { isCa } from '../rules.ts';
import type { Lint } from './lint.ts';

export const keyUsage: Lint = {
  rule: 'RFC 5280 section 4.2.1.3: a critical key usage, with keyCertSign and cRLSign in CAs alone',
  check(tbs, { purpose, keyUsage: wanted }) {
    const extension = extensionOf(tbs, 'keyUsage');
    if (!extension) return 'no key usage';
    if (!extension.critical) return 'a key usage that is not critical';
    const found = readKeyUsage(extension);
    const signing = found.filter((usage) => usage === 'keyCertSign' || usage === 'cRLSign');
    if (!isCa(purpose) && signing.length > 0) return signing.join(', ');
    if (isCa(purpose) && !found.includes('keyCertSign')) return 'a CA that may not sign';
    const same = found.length === wanted.length && found.every((usage) => wanted.includes(usage));
    return same ? undefined : found.join(', ');
  },
};
