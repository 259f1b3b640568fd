import { serialLength } from '../serial.ts';
import type { Lint } from './lint.ts';

export const serial: Lint = {
  rule: 'RFC 5280 section 4.1.2.2: a positive serial number of at most 20 octets, here the prefix and 136 random bits',
  check({ serial: found }, { serialPrefix }) {
    if (found.length !== serialLength) return `${found.length} octets`;
    if ((found[0] ?? 0) >= 0x80) return 'a negative number';
    if (!found.subarray(0, serialPrefix.length).equals(serialPrefix)) return 'the prefix of another station';
    return undefined;
  },
};
