import type { PublicKey } from '../../drivers/asn1/keys.ts';
import { StationError } from '../contract/errors.ts';
import type { Issuer } from './issuer.ts';
import { wholeSecond } from './profile.ts';
import type { Rules } from './rules.ts';

/** DPS and IoT Central give a few dozen characters; it must fit a CN (dps-reference 7.2). */
const codeForm = /^[A-Za-z0-9_-]{8,64}$/;
const dayMs = 86_400_000;

/** A verification code as a person pastes it. Throws `input.invalid`. */
export function parseCode(text: string): string {
  const code = text.trim();
  if (codeForm.test(code)) return code;
  throw new StationError('input.invalid', {
    place: 'the verification code',
    expected: '8 to 64 letters, digits, dashes or underscores, as DPS shows it',
    found: `${code.length} characters`,
  });
}

/**
 * The certificate that proves possession of the issuer's key (F-73): its CN is the code, it lives for a day, it may do
 * nothing, so that nobody can use it as a unit's.
 */
export function verificationRules(
  issuer: Issuer,
  code: string,
  key: PublicKey,
  now: number,
  serialPrefix: Buffer,
): Rules {
  const notBefore = Math.max(wholeSecond(now) - 3_600_000, issuer.rules.notBefore);
  return {
    purpose: 'verification',
    issuer: issuer.rules,
    subject: [{ type: 'CN', value: code }],
    key,
    notBefore,
    notAfter: Math.min(notBefore + dayMs, issuer.rules.notAfter),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: [],
    extensions: [],
    serialPrefix,
  };
}
