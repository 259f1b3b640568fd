import { createHash } from 'node:crypto';
import { writePem } from '../../../drivers/asn1/pem.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, CertifiedCredential, Step } from '../bench.ts';
import { deliveredBy, idOf } from './release.ts';

/**
 * Writes the certificate into the unit: the key, where the station made it, and the full chain, leaf first and root last
 * (F-61), so that it reaches whatever the cloud has verified (F-62). One atomic switch, then the chain is read back:
 * certificates are public. Before the first byte: the release entry of the audit.
 */
export const install: Step = {
  kind: 'irreversible',
  intent(bench) {
    const { shop } = bench;
    shop.records.credentials.advance(idOf(bench), 'released');
    shop.audit.append(bench.entry({ action: 'credential.released', result: 'ok', details: released(bench) }));
  },
  async act(bench) {
    const { certified, session, signal } = bench;
    const { operation, secret } = certified;
    const delivered = deliveredBy(bench);
    if (secret) await session.stage({ operation, kind: 'private-key', ...delivered, bytes: secret.bytes }, signal);
    // Certificates are public.
    const chain = fullChain(certified);
    await session.stage({ operation, kind: 'chain', delivery: 'clear', bytes: chain }, signal);
    await session.commit(operation, signal);
    bench.later(() => bench.shop.records.credentials.advance(idOf(bench), 'committed'));
    if (!(await session.readChain(operation, signal)).equals(chain)) throw new StationError('unit.chain-differs');
    return { delivery: delivered.delivery, chain: certified.above.length + 1 };
  },
};

function released({ certified, unit }: Bench) {
  const { operation, source, fingerprint, certificate } = certified;
  const sha256 = createHash('sha256')
    .update(certificate?.der ?? Buffer.alloc(0))
    .digest('hex');
  return {
    operation: operation.toString('hex'),
    kind: 'x509',
    source,
    fingerprint: fingerprint.toString('hex'),
    delivery: unit.recipe.delivery,
    sha256,
  };
}

/** Leaf, intermediates, root (F-61), as PEM. */
export function fullChain({ certificate, above }: CertifiedCredential): Buffer {
  if (!certificate) throw new TypeError('a chain is written before its certificate is issued');
  const ders = [certificate.der, ...above];
  return Buffer.from(ders.map((der) => writePem('CERTIFICATE', der)).join(''), 'latin1');
}
