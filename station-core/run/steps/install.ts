import { createHash } from 'node:crypto';
import { writePem } from '../../../drivers/asn1/pem.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, CertifiedCredential, IssuedCredential, Step } from '../bench.ts';
import { keyOf, leafSaid } from '../issuing.ts';
import { named } from '../replacing.ts';
import { requireSameUnit } from './identify.ts';
import { deliveredBy, idOf, replacesSaid, storageOf } from './release.ts';

/**
 * Writes the certificate into the unit: the key, where the station made it, and the full chain, leaf first and root last
 * (F-61), so that it reaches whatever the cloud has verified (F-62). One atomic switch, then the chain is read back:
 * certificates are public. Before the first byte: the release entry of the audit.
 */
export const install: Step = {
  kind: 'irreversible',
  before: requireSameUnit,
  intent: intendInstall,
  async act(bench) {
    const { certified, session, signal } = bench;
    const { operation, secret } = certified;
    const delivered = deliveredBy(bench);
    const key = { operation, kind: 'private-key', ...named(certified) } as const;
    if (secret) await session.stage({ ...key, ...delivered, bytes: secret.bytes }, signal);
    // Certificates are public.
    const chain = fullChain(certified);
    await session.stage({ operation, kind: 'chain', delivery: 'clear', bytes: chain }, signal);
    await session.commit(operation, signal);
    bench.later(() => bench.shop.records.credentials.advance(idOf(bench), 'committed'));
    if (!(await holdsChain(bench, operation, chain))) throw new StationError('unit.chain-differs');
    return { delivery: delivered.delivery, chain: certified.above.length + 1 };
  },
};

/** Inside a commit: a key with its certificate is on its way to the unit. */
export function intendInstall(bench: Bench): void {
  const { shop } = bench;
  shop.records.credentials.advance(idOf(bench), 'released');
  const key = keyUsed(bench);
  shop.audit.append(bench.entry({ action: 'credential.released', result: 'ok', ...key, details: released(bench) }));
}

/** Whether the unit reads back exactly this chain: itself, or its SHA-256 where it answers nothing else. */
export async function holdsChain({ session, signal }: Bench, operation: Buffer, chain: Buffer): Promise<boolean> {
  if (!session.chainDigest) return (await session.readChain(operation, signal)).equals(chain);
  const digest = createHash('sha256').update(chain).digest();
  return (await session.chainDigest(operation, signal)).equals(digest);
}

/** The key that signed the certificate; none of this station's for one that others made. */
function keyUsed({ certified, shop }: Bench) {
  return 'issuer' in certified ? { key: keyOf(shop, (certified as IssuedCredential).issuer) } : {};
}

function released(bench: Bench) {
  const { certified, unit } = bench;
  const { operation, source, fingerprint } = certified;
  const issuer = 'issuer' in certified ? { issuer: (certified as IssuedCredential).issuer.name } : {};
  return {
    operation: operation.toString('hex'),
    kind: 'x509',
    source,
    fingerprint: fingerprint.toString('hex'),
    delivery: unit.recipe.image ? 'image' : unit.recipe.delivery,
    ...replacesSaid(bench),
    ...storageOf(bench),
    ...leafSaid(leafOf(certified)),
    ...issuer,
  };
}

function leafOf({ certificate }: CertifiedCredential): Buffer {
  if (!certificate) throw new TypeError('a chain is written before its certificate is issued');
  return certificate.der;
}

/** Leaf, intermediates, root (F-61), as PEM. */
export function fullChain(certified: CertifiedCredential): Buffer {
  const ders = [leafOf(certified), ...certified.above];
  return Buffer.from(ders.map((der) => writePem('CERTIFICATE', der)).join(''), 'latin1');
}
