import type { Lint } from './lint.ts';

export const version: Lint = {
  rule: 'RFC 5280 section 4.1.2.1: version 3, where there are extensions',
  check: ({ version: found }) => (found === 3 ? undefined : `version ${found}`),
};
