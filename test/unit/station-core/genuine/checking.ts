// The check of an endorsement key's certificate under a root, two CAs and keys that the tests of this folder share.
import { expect } from 'vitest';
import { oids } from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import type { EkPublicKey } from '../../../../drivers/tpm/ek-certificate.ts';
import { pinOf } from '../../../../station-core/ca/given.ts';
import { checkEkCertificate } from '../../../../station-core/genuine/chain.ts';
import { pem } from '../../../suites/certificates.ts';
import {
  type Authority,
  ekKeyOf,
  type Keys,
  makeAuthority,
  makeKeys,
  now,
  readEk,
} from '../../../suites/ek-certificates.ts';
import type { Bench } from '../../drivers/asn1/openssl.ts';

export const root = makeAuthority('Root');
export const upper = makeAuthority('Upper', { issuer: root });
export const lower = makeAuthority('Lower', { issuer: upper, pathLength: 0 });
export const [rsa, p256, p384] = [makeKeys('rsa2048'), makeKeys('p256'), makeKeys('p384')];
export const pool = [lower, upper, root];

type Asked = {
  readonly key?: EkPublicKey;
  readonly pool?: readonly Authority[];
  readonly pinned?: readonly Authority[];
  readonly at?: number;
};

/** As the station asks, at `now` and with the root pinned unless told otherwise. */
export function check(der: Buffer, { key = ekKeyOf(rsa), pool: pile = pool, pinned = [root], at = now }: Asked = {}) {
  return checkEkCertificate({
    certificate: readEk(der),
    ekPublicKey: key,
    pool: pile.map(({ certificate }) => certificate),
    pins: new Set(pinned.map(({ certificate }) => pinOf(certificate))),
    at,
  });
}

/** What openssl says of the same path at the same time. */
export const opinionOf =
  (bench: Bench) =>
  (der: Buffer, above: readonly Authority[], at = now): boolean => {
    const pems = above.map(({ certificate }) => pem(certificate.certificate));
    bench.put('root.pem', pems.at(-1) ?? '');
    bench.put('between.pem', pems.slice(0, -1).join(''));
    bench.put('leaf.pem', pem(der));
    const time = ['-attime', `${Math.floor(at / 1000)}`];
    const between = pems.length > 1 ? ['-untrusted', 'between.pem'] : [];
    return bench.opinion('openssl', 'verify', ...time, '-CAfile', 'root.pem', ...between, 'leaf.pem').good;
  };

export const refused = (which: RegExp, rule: RegExp) =>
  expect.objectContaining({
    code: 'ek.certificate-chain',
    details: { which: expect.stringMatching(which), rule: expect.stringMatching(rule) },
  });
export const broken = (code: string, rule: RegExp) =>
  expect.objectContaining({ code, details: { rule: expect.stringMatching(rule) } });
export const unknown = (issuer: RegExp) =>
  expect.objectContaining({ code: 'ek.root-unknown', details: { issuer: expect.stringMatching(issuer) } });

/** Somebody who issues for himself, under a name of his own. */
export function selfOf(keys: Keys): Authority {
  const subject = encodeName([{ type: 'CN', value: 'Self' }]);
  return { keys, certificate: { ...lower.certificate, subjectDer: subject } };
}

/** Key usage by the bytes of its value. */
export function usageOf(hex: string) {
  return { oid: oids.keyUsage, critical: true, value: Buffer.from(hex, 'hex') };
}
