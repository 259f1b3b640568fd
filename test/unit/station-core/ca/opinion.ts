// What openssl says of a path, and what a refusal of ours looks like.
import { expect } from 'vitest';
import type { Certificate } from '../../../../drivers/asn1/certificate.ts';
import { writePem } from '../../../../drivers/asn1/pem.ts';
import type { Bench } from '../../drivers/asn1/openssl.ts';
import { now } from './certified.ts';

/** openssl's opinion of a path, at the strictest that it has. */
function openssl(
  bench: Bench,
  path: readonly Certificate[],
  at: number,
): { readonly good: boolean; readonly says: string } {
  const pem = (certificates: readonly Certificate[]) =>
    certificates.map(({ certificate }) => writePem('CERTIFICATE', certificate)).join('');
  const files = [
    '-CAfile',
    bench.put('root', pem(path.slice(-1))),
    '-untrusted',
    bench.put('rest', pem(path.slice(1, -1))),
  ];
  const strict = ['-x509_strict', '-check_ss_sig', '-attime', String(at / 1000), '-auth_level', '1'];
  const [first] = path;
  const untrusted = path.length > 2 ? files : files.slice(0, 2);
  return bench.opinion('openssl', 'verify', ...strict, ...untrusted, bench.put('leaf', pem(first ? [first] : [])));
}

export const opinionOf =
  (bench: Bench) =>
  (path: readonly Certificate[], at = now) =>
    openssl(bench, path, at);

export const refused = (which: RegExp, rule: RegExp) =>
  expect.objectContaining({
    code: 'ca.chain',
    details: { which: expect.stringMatching(which), rule: expect.stringMatching(rule) },
  });
