import { createHash } from 'node:crypto';
import { isoTime } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import type { Bench, Step } from '../bench.ts';
import { leafSaid } from '../issuing.ts';
import { storageOf } from './release.ts';

/**
 * Keeps the certificate that the unit came with and whose key it just proved: its row, the certificate, the vendor list's entry,
 * and the audit entry, in one transaction. From here on no other unit can have it (F-72).
 */
export const adopt: Step = {
  kind: 'reversible',
  async act(bench) {
    const { commits } = bench.shop.records;
    await commits.commit(() => keep(bench));
    return { adopted: true };
  },
};

/** Inside a commit, which asks again what may have changed since the unit presented itself. */
function keep(bench: Bench): void {
  const { certified, shop, unit } = bench;
  const { operation, fingerprint, certificate } = certified;
  const { credentials, stored } = shop.records;
  if (certified.id !== undefined) {
    credentials.advance(certified.id, 'proven');
    return;
  }
  if (!certificate) throw new TypeError('a certificate is adopted before it was presented');
  const madeAt = isoTime(shop.clock);
  const sha256 = createHash('sha256').update(certificate.der).digest();
  const entry = stored.byFingerprint(sha256);
  if (credentials.keyTaken(fingerprint, unit.id, entry?.id ?? null)) throw new StationError('ca.key-taken');
  certified.id = credentials.insert({
    unit: unit.id,
    operation,
    kind: 'x509',
    source: 'own',
    fingerprint,
    sealed: null,
    certificate: null,
    state: 'proven',
    madeAt,
  });
  if (entry) {
    if (!stored.draw(entry.id, unit.id)) throw new StationError('ca.key-taken');
  } else enter(bench, certificate.der, sha256, madeAt);
  shop.audit.append(
    bench.entry({
      action: 'credential.adopted',
      result: 'ok',
      details: {
        operation: operation.toString('hex'),
        kind: 'x509',
        source: 'own',
        fingerprint: fingerprint.toString('hex'),
        ...leafSaid(certificate.der),
        ...storageOf(bench),
        ...(entry?.store ? { store: entry.store } : {}),
      },
    }),
  );
}

function enter({ certified, shop, named: unit }: Bench, leaf: Buffer, sha256: Buffer, addedAt: string): void {
  const { disclosures, stored } = shop.records;
  const { id: registration } = disclosures.put('registrationId', unit.registrationId);
  // A store has another certificate for this unit: whoever ordered both must say which it is to be.
  if (stored.registrationTaken(registration)) {
    throw new StationError('identity.taken', { registrationId: unit.registrationId });
  }
  stored.insert({
    store: null,
    origin: 'unit',
    registration,
    leaf,
    above: certified.above,
    fingerprint: sha256,
    keyHash: certified.fingerprint,
    notAfterMs: certified.notAfterMs ?? 0,
    sealed: null,
    unit: unit.id,
    addedAt,
  });
}
