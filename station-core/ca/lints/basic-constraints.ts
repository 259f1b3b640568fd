import { extensionOf, readBasicConstraints } from '../../../drivers/asn1/extensions.ts';
import { isCa } from '../rules.ts';
import type { Lint } from './lint.ts';

export const basicConstraints: Lint = {
  rule: 'RFC 5280 section 4.2.1.9: CA:FALSE in what is no CA, critical CA:TRUE in what is one',
  check(tbs, { purpose, pathLength }) {
    const extension = extensionOf(tbs, 'basicConstraints');
    if (!extension) return 'no basic constraints';
    const found = readBasicConstraints(extension);
    if (found.ca !== isCa(purpose)) return `CA:${String(found.ca).toUpperCase()}`;
    if (isCa(purpose) && !extension.critical) return 'basic constraints that are not critical';
    return found.pathLength === pathLength ? undefined : `path length ${found.pathLength ?? 'none'}`;
  },
};
