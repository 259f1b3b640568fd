import { randomBytes } from 'node:crypto';
import { readCertificate } from '../../../drivers/asn1/certificate.ts';
import { isoTime } from '../../clock.ts';
import { StationError } from '../../contract/errors.ts';
import type { Credential } from '../../store/credentials.ts';
import type { StoredCertificate } from '../../store/stored-certificates.ts';
import type { Bench, Step } from '../bench.ts';
import { leafSaid } from '../issuing.ts';
import { Secret } from '../secret.ts';
import { givenKey } from './present.ts';

/** The label under which keys of imported stores are sealed. */
export const storedLabel = 'stored-key';

/** What a sealed key of a store is bound to. */
export const sealedInStore = (store: string, registrationId: string): Buffer =>
  Buffer.from(`${store}|${registrationId}`, 'utf8');

/**
 * Draws the unit's certificate and key from an imported store (F-70): the one made out to its registration ID, for good, with the
 * credential's row and an audit entry in one transaction. The same unit draws the same one again, another unit never.
 */
export const draw: Step = {
  kind: 'reversible',
  async act(bench) {
    const { commits } = bench.shop.records;
    const { entry, credential, again } = await commits.commit(() => take(bench));
    const secret = await keyOf(bench, entry, credential);
    const { operation, fingerprint } = credential;
    bench.credential = {
      kind: 'x509',
      id: credential.id,
      operation,
      source: 'stored',
      fingerprint,
      sealed: null,
      publicKey: readCertificate(entry.leaf, 'the stored certificate').publicKey.key,
      above: entry.above,
      certificate: { der: entry.leaf },
      ...(secret ? { secret } : {}),
    };
    return {
      operation: operation.toString('hex'),
      source: 'stored',
      store: entry.store ?? '',
      fingerprint: fingerprint.toString('hex'),
      sha256: entry.fingerprint.toString('hex'),
      again,
    };
  },
};

type Taken = {
  readonly entry: StoredCertificate;
  readonly credential: Pick<Credential, 'id' | 'operation' | 'fingerprint'>;
  readonly again: boolean;
};

/** Inside a commit. */
function take(bench: Bench): Taken {
  const { shop, named: unit } = bench;
  const { store } = givenKey(bench, 'stored');
  const { credentials, stored } = shop.records;
  const entry = stored.ofRegistration(store, unit.registrationId);
  if (entry?.origin !== 'pki') throw none(bench, store, 'none was imported');
  if (entry.notAfterMs < shop.clock.now()) throw none(bench, store, 'the one that was imported has expired');
  const known = credentials.ofUnit(unit.id);
  if (known?.source === 'stored' && known.fingerprint.equals(entry.keyHash))
    return { entry, credential: known, again: true };
  if (known) throw new StationError('unit.other-credential');
  if (credentials.keyTaken(entry.keyHash, unit.id, entry.id) || !stored.draw(entry.id, unit.id)) {
    throw new StationError('ca.key-taken');
  }
  return { entry, credential: insert(bench, entry), again: false };
}

function insert(bench: Bench, { keyHash, leaf, store }: StoredCertificate): Taken['credential'] {
  const { shop, unit } = bench;
  const credential = {
    unit: unit.id,
    operation: randomBytes(16),
    kind: 'x509',
    source: 'stored',
    fingerprint: keyHash,
  } as const;
  const rest = { sealed: null, certificate: null, state: 'made', madeAt: isoTime(shop.clock) } as const;
  const id = shop.records.credentials.insert({ ...credential, ...rest });
  const details = {
    operation: credential.operation.toString('hex'),
    fingerprint: keyHash.toString('hex'),
    ...leafSaid(leaf),
    store: store ?? '',
  };
  shop.audit.append(bench.entry({ action: 'stored.drawn', result: 'ok', details }));
  return { id, ...credential };
}

/** The sealed key; none when the unit proved it before and still holds it. */
async function keyOf(
  bench: Bench,
  entry: StoredCertificate,
  { operation }: Taken['credential'],
): Promise<Secret | undefined> {
  const { shop, named: unit, hsm, signal } = bench;
  const { store, sealed } = entry;
  if (sealed && store !== null) {
    return new Secret(
      await hsm.unseal(shop.sealingKey, storedLabel, sealed, sealedInStore(store, unit.registrationId)),
    );
  }
  const status = await bench.session.status(signal);
  if (status.state === 'committed' && status.operation?.equals(operation)) return undefined;
  throw none(bench, store ?? '', 'its key was destroyed when the unit proved it');
}

const none = ({ named: unit }: Bench, store: string, why: string): StationError =>
  new StationError('store.none', { store, registrationId: unit.registrationId, why });
