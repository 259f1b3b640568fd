import { readSubjectKeyIdentifier, subjectKeyIdentifier } from '../../drivers/asn1/extensions.ts';
import type { KeyAlgorithm, PublicKey } from '../../drivers/asn1/keys.ts';
import { encodeName, type Name } from '../../drivers/asn1/names.ts';
import type { Signer } from './issuer.ts';
import { wholeSecond } from './profile.ts';
import type { IssuerRules, Rules } from './rules.ts';

// A root inside the HSM, for tests and practice only: a real root is offline and another organisation's (docs/design.md).

const dayMs = 86_400_000;
const rootDays = 20 * 365;
const intermediateDays = 10 * 365;

/** Production refuses it by this name (F-75). */
export const practiceRootName = 'Birthmark Practice Root, Test Only';

const usage = ['digitalSignature', 'cRLSign', 'keyCertSign'] as const;

/** The signer that a root is for itself, before it has a certificate. */
export function rootRules(key: PublicKey, algorithm: KeyAlgorithm, now: number, serialPrefix: Buffer): Rules {
  const subject: Name = [{ type: 'CN', value: practiceRootName }];
  const notBefore = wholeSecond(now) - dayMs;
  const notAfter = wholeSecond(now) + rootDays * dayMs;
  const issuer: IssuerRules = {
    subjectDer: encodeName(subject),
    keyIdentifier: readSubjectKeyIdentifier(subjectKeyIdentifier(key.spki)),
    algorithm,
    notBefore,
    notAfter,
  };
  return caRules({ purpose: 'root', issuer, subject, key, notBefore, notAfter, serialPrefix });
}

/** What a practice root makes of an intermediate's request: a CA that signs leaves and nothing below (F-51). */
export function intermediateRules(
  root: Signer,
  subject: Name,
  key: PublicKey,
  now: number,
  serialPrefix: Buffer,
): Rules {
  const notBefore = Math.max(wholeSecond(now) - dayMs, root.rules.notBefore);
  const notAfter = Math.min(wholeSecond(now) + intermediateDays * dayMs, root.rules.notAfter);
  const made = {
    purpose: 'intermediate',
    issuer: root.rules,
    subject,
    key,
    notBefore,
    notAfter,
    serialPrefix,
  } as const;
  return { ...caRules(made), pathLength: 0 };
}

function caRules(given: Omit<Rules, 'keyUsage' | 'extendedKeyUsage' | 'extensions'>): Rules {
  return { ...given, keyUsage: usage, extendedKeyUsage: [], extensions: [] };
}
