import type { Certificate } from '../../drivers/asn1/certificate.ts';
import { extensionOf, readKeyUsage } from '../../drivers/asn1/extensions.ts';
import { isKeyAlgorithm } from '../../drivers/asn1/keys.ts';
import { nameText } from '../../drivers/asn1/names.ts';
import { StationError } from '../contract/errors.ts';
import { orderChain, validatePath } from './chain.ts';

/** F-50: the intermediate and what stands above it: 2 to 4 levels with the leaf, so 1 to 3 of CAs. */
const mostCas = 3;

export type Imported = {
  /** From the intermediate up to the root. */
  readonly chain: readonly Certificate[];
  /** What a person should know of it; nothing that stops it. */
  readonly warnings: readonly string[];
};

/**
 * Checks what came back from the root's owner: one of the certificates is of our key, they form one path up to a root,
 * and the intermediate has the profile of a CA that signs leaves (F-50, F-51). Throws `ca.chain`.
 */
export function checkIntermediate(
  certificates: readonly Certificate[],
  ours: { readonly spki: Buffer; readonly production: boolean },
  now: number,
): Imported {
  const own = certificates.find(({ publicKey }) => publicKey.spki.equals(ours.spki));
  if (!own) throw refused('the chain', 'one certificate must be of the key whose request was signed');
  const chain = orderChain(certificates, own);
  if (chain.length > mostCas)
    throw refused('the chain', `at most ${mostCas} CA certificates (F-50), found ${chain.length}`);
  validatePath(chain, now, { issuing: true });
  const which = nameText(own.subject);
  if (!isKeyAlgorithm(own.publicKey.algorithm)) throw refused(which, `a key of ${own.publicKey.algorithm}`);
  if (!extensionOf(own, 'subjectKeyIdentifier')) throw refused(which, 'F-51: it must have a subject key identifier');
  for (const one of chain) refuseTestOnly(one, ours.production);
  return { chain, warnings: warningsOf(own, chain) };
}

const refused = (which: string, rule: string): StationError => new StationError('ca.chain', { which, rule });

/** F-75: test certificates must not reach production. */
export function refuseTestOnly({ subject }: Certificate, production: boolean): void {
  const name = nameText(subject);
  if (production && /test only/i.test(name))
    throw refused(name, 'F-75: a CA that says Test Only is none for production');
}

function warningsOf(own: Certificate, chain: readonly Certificate[]): string[] {
  const usageExtension = extensionOf(own, 'keyUsage');
  const usage = usageExtension ? readKeyUsage(usageExtension) : [];
  const warnings: string[] = [];
  if (!usage.includes('cRLSign'))
    warnings.push('Its key usage has no cRLSign: it cannot sign CRLs, revoke by its root.');
  if (!usage.includes('digitalSignature')) {
    warnings.push('Its key usage has no digitalSignature: some verifiers want it in the CA of a TLS client (F-51).');
  }
  if (chain.length === 1) warnings.push('It is self-signed: nobody stands above it.');
  return warnings;
}
