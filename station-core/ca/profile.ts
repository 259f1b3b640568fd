import type { KeyUsage } from '../../drivers/asn1/extensions.ts';
import type { Name, NameAttribute } from '../../drivers/asn1/names.ts';
import { StationError } from '../contract/errors.ts';
import type { Profile } from '../contract/profile.ts';
import type { Issuer } from './issuer.ts';
import type { Rules } from './rules.ts';

const dayMs = 86_400_000;
/** The clocks of station, unit and cloud differ; a certificate from the future fails a handshake. */
const backdateMs = 3_600_000;

/** What a leaf of this profile is to be. Throws `ca.profile` for what its issuer or RFC 5280 does not let it be. */
export function leafRules(
  profile: Profile,
  issuer: Issuer,
  leaf: { readonly purpose: 'leaf' | 'module'; readonly commonName: string; readonly key: Rules['key'] },
  now: number,
  serialPrefix: Buffer,
): Rules {
  const notBefore = Math.max(wholeSecond(now - backdateMs), issuer.rules.notBefore);
  const notAfter = wholeSecond(now) + profile.validityDays * dayMs;
  if (notAfter > issuer.rules.notAfter) {
    throw new StationError('ca.profile', {
      rule: 'a leaf may not outlive its issuer (F-59)',
      found: `${profile.validityDays} days, and the issuer ends on ${new Date(issuer.rules.notAfter).toISOString().slice(0, 10)}`,
    });
  }
  return {
    purpose: leaf.purpose,
    issuer: issuer.rules,
    subject: subjectOf(profile, leaf.commonName),
    key: leaf.key,
    notBefore,
    notAfter,
    keyUsage: profile.keyUsage ?? defaultUsage(leaf.key.algorithm),
    extendedKeyUsage: profile.extendedKeyUsage ?? ['clientAuth'],
    extensions: (profile.extensions ?? []).map(({ oid, critical, value }) => ({
      oid,
      critical,
      value: Buffer.from(value, 'base64'),
    })),
    serialPrefix,
  };
}

/** RFC 8813 section 3: an EC key does no key encipherment; TLS with RSA key transport needs it (F-52). */
const defaultUsage = (algorithm: string): readonly KeyUsage[] =>
  algorithm.startsWith('rsa') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];

/** From the country down to the CN, the order in which directories name. */
function subjectOf({ subject = {} }: Profile, commonName: string): Name {
  const { C, ST, L, O, OU } = subject;
  const attributes: readonly (readonly [NameAttribute['type'], string | undefined])[] = [
    ['C', C],
    ['ST', ST],
    ['L', L],
    ['O', O],
    ['OU', OU],
    ['CN', commonName],
  ];
  return attributes.flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
}

export const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

/** Months of 30 days, so that the warning comes rather too early. */
const monthMs = 30 * dayMs;

/** Whether a leaf would expire while its unit may still lie in a warehouse (F-60). */
export const expiresInWarehouse = ({ validityDays, warehouseMonths = 12 }: Profile): boolean =>
  validityDays * dayMs < warehouseMonths * monthMs;
