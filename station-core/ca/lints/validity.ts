import { isCa } from '../rules.ts';
import type { Lint } from './lint.ts';

/** A verification certificate proves possession once: a day is enough. */
const verificationMs = 24 * 3_600_000;

export const validity: Lint = {
  rule: "RFC 5280 section 4.1.2.5, F-59: the validity that the profile asks for, whole seconds, within the issuer's",
  check({ notBefore, notAfter }, { purpose, notBefore: from, notAfter: to, issuer }) {
    if (notBefore >= notAfter) return 'it ends before it begins';
    if (notBefore !== from || notAfter !== to) return 'another time than asked for';
    if (purpose === 'verification' && notAfter - notBefore > verificationMs) return 'more than a day';
    // A root is its own issuer, an intermediate's may have begun before: only the end counts for those.
    if (!isCa(purpose) && notBefore < issuer.notBefore) return "a beginning before the issuer's";
    return notAfter > issuer.notAfter ? "an end after the issuer's" : undefined;
  },
};
