import { extensionOf, readKeyUsage } from '../../../drivers/asn1/extensions.ts';
import type { Lint } from './lint.ts';

export const keyUsageOfEc: Lint = {
  rule: 'RFC 8813 section 3: no keyEncipherment or dataEncipherment with an EC key',
  check(tbs) {
    const extension = extensionOf(tbs, 'keyUsage');
    if (!extension || tbs.publicKey.algorithm.startsWith('rsa')) return undefined;
    return readKeyUsage(extension).find((usage) => usage === 'keyEncipherment' || usage === 'dataEncipherment');
  },
};
