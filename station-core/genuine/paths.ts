import type { Certificate } from '../../drivers/asn1/certificate.ts';
import { extensionOf, readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../../drivers/asn1/extensions.ts';
import { isSignatureAlgorithm, verifySignature } from '../../drivers/asn1/signatures.ts';
import { mostCertificates } from '../ca/chain.ts';
import { StationError } from '../contract/errors.ts';

// The ways from a certificate up to roots, through a pile of which part came from the unit: CAs have new keys under their old names,
// and a pile may be made to confuse. Only who signed whom is asked here; whether a way is valid says `validatePath`.

/** How far one search goes before it is called hopeless: a maker's pile has one or two ways, of three to seven certificates. */
const mostSteps = 256;
const mostSignatures = 256;
const mostWays = 16;

/** Where a search could not go on: nobody of the issuer's name is there, or nobody of that name signed it. */
export type DeadEnd = {
  readonly at: Certificate;
  /** Its place in the path, the leaf being 0. */
  readonly index: number;
  readonly why: 'missing' | 'algorithm' | 'signature' | 'too far';
};

export type Ways = {
  /** Paths from the leaf up to a self-signed certificate. */
  readonly complete: readonly (readonly Certificate[])[];
  readonly deadEnds: readonly DeadEnd[];
};

/** All ways up from a leaf, those of certificates that stand first in the pool first. Throws nothing. */
export function waysUp(leaf: Certificate, pool: readonly Certificate[]): Ways {
  const signed = new Signatures();
  const complete: (readonly Certificate[])[] = [];
  const deadEnds: DeadEnd[] = [];
  const open: (readonly Certificate[])[] = [[leaf]];
  let steps = 0;
  for (let path = open.pop(); path; path = open.pop()) {
    const at = path.at(-1) ?? leaf;
    const index = path.length - 1;
    if (index > 0 && at.issuerDer.equals(at.subjectDer) && signed.by(at, at)) {
      complete.push(path);
      if (complete.length === mostWays) break;
      continue;
    }
    steps += 1;
    const found = steps > mostSteps || path.length === mostCertificates ? 'too far' : issuersOf(path, pool, signed);
    if (typeof found === 'string') deadEnds.push({ at, index, why: found });
    else for (const issuer of found.reverse()) open.push([...path, issuer]);
  }
  return { complete, deadEnds };
}

/** Who of the pool issued the last certificate of a path and does not stand in it yet, or why nobody did. */
function issuersOf(
  path: readonly Certificate[],
  pool: readonly Certificate[],
  signed: Signatures,
): Certificate[] | DeadEnd['why'] {
  const last = path.at(-1);
  if (!last) return [];
  const named = distinct(pool.filter((one) => one.subjectDer.equals(last.issuerDer) && mayBeKeyOf(one, last)));
  if (named.length === 0) return 'missing';
  if (!isSignatureAlgorithm(last.signatureAlgorithm)) return 'algorithm';
  const issuers = named.filter((one) => signed.by(last, one));
  if (issuers.length === 0) return 'signature';
  return issuers.filter((one) => !path.some(({ certificate }) => certificate.equals(one.certificate)));
}

/** A TPM carries copies of what the station has too. */
const distinct = (all: readonly Certificate[]): readonly Certificate[] =>
  all.filter((one, index) => all.findIndex(({ certificate }) => certificate.equals(one.certificate)) === index);

/** Whether the key identifiers leave it open (RFC 5280 4.2.1.1); one that cannot be read is `validatePath`'s to refuse. */
function mayBeKeyOf(issuer: Certificate, issued: Certificate): boolean {
  const authority = extensionOf(issued, 'authorityKeyIdentifier');
  const subject = extensionOf(issuer, 'subjectKeyIdentifier');
  if (!authority || !subject) return true;
  try {
    const wanted = readAuthorityKeyIdentifier(authority);
    return wanted === undefined || wanted.equals(readSubjectKeyIdentifier(subject));
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') throw thrown;
    return true;
  }
}

/** Answers about signatures, each asked once; a pile that needs more of them than any maker's gets no further ones. */
class Signatures {
  readonly #known = new Map<Certificate, Map<Certificate, boolean>>();
  #asked = 0;

  by(signed: Certificate, issuer: Certificate): boolean {
    const answers = this.#known.get(signed) ?? new Map<Certificate, boolean>();
    this.#known.set(signed, answers);
    const answer = answers.get(issuer) ?? this.#verify(signed, issuer);
    answers.set(issuer, answer);
    return answer;
  }

  #verify(signed: Certificate, issuer: Certificate): boolean {
    this.#asked += 1;
    return this.#asked <= mostSignatures && isSignedBy(signed, issuer);
  }
}

/** Whether the key of `issuer` made the signature of `signed`, by one of our algorithms. */
export function isSignedBy({ signatureAlgorithm, tbs, signature }: Certificate, { publicKey }: Certificate): boolean {
  return isSignatureAlgorithm(signatureAlgorithm) && verifySignature(signatureAlgorithm, publicKey.key, tbs, signature);
}
