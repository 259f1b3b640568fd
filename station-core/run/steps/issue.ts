import { createHash } from 'node:crypto';
import { isoTime } from '../../clock.ts';
import type { Facts } from '../../contract/run.ts';
import type { Bench, IssuedCredential, Step } from '../bench.ts';
import { type Desk, intend, settle } from '../issuing.ts';

/**
 * Signs the certificate, once. Before: its serial number and exact TBS, with an audit entry, in one transaction. After:
 * the certificate, or that there is none, or that nobody knows, before anything else happens (docs/promises.md A).
 */
export const issue: Step = {
  kind: 'irreversible',
  intent,
  async act(bench) {
    const { issued: certified, shop } = bench;
    const { intended, issuer } = certified;
    if (!intended) return factsOf(certified, true);
    const signed = await shop.ca.sign(bench.hsm, issuer, intended);
    await shop.records.commits.commit(() => {
      settle(deskOf(bench), issuer, intended, signed);
      if (signed.state === 'issued' && certified.id !== undefined) {
        shop.records.credentials.certify(certified.id, intended.id);
      }
    });
    if (signed.state !== 'issued') throw signed.error;
    certified.certificate = { id: intended.id, der: signed.der };
    return factsOf(certified, false);
  },
};

const deskOf = (bench: Bench): Desk => ({ shop: bench.shop, entry: (entry) => bench.entry(entry) });

/** A certificate that is there already needs no intent. */
function intent(bench: Bench): void {
  const { issued: certified, shop, named: unit } = bench;
  const { draft, issuer, operation, source, fingerprint, sealed } = certified;
  if (!draft) return;
  const overridden = draft.overridden ? { subjectOverridden: true } : {};
  certified.intended = intend(deskOf(bench), issuer, draft.linted, {
    purpose: 'leaf',
    unit: unit.id,
    registrationId: unit.registrationId,
    csr: draft.csr.der,
    details: { operation: operation.toString('hex'), ...overridden },
  });
  certified.id ??= shop.records.credentials.insert({
    unit: unit.id,
    operation,
    kind: 'x509',
    source,
    fingerprint,
    sealed,
    certificate: certified.intended.id,
    state: 'made',
    madeAt: isoTime(shop.clock),
  });
}

function factsOf({ certificate }: IssuedCredential, again: boolean): Facts {
  const sha256 = certificate ? createHash('sha256').update(certificate.der).digest('hex') : '';
  return { certificate: certificate?.id ?? 0, sha256, issuedBefore: again };
}
