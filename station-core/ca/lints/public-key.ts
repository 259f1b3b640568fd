import { isKeyAlgorithm } from '../../../drivers/asn1/keys.ts';
import type { Lint } from './lint.ts';

export const publicKey: Lint = {
  rule: 'docs/decisions.md, keys: P-256, P-384, or RSA of 2048, 3072 or 4096 bits, and the key that was asked for',
  check({ publicKey: found }, { key }) {
    if (!isKeyAlgorithm(found.algorithm)) return found.algorithm;
    return found.spki.equals(key.spki) ? undefined : 'another key';
  },
};
