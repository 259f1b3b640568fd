import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { assemble, type Csr, readCsr, writeCsrInfo } from '../../../drivers/asn1/csr.ts';
import { signatureAlgorithmOf } from '../../../drivers/asn1/signatures.ts';
import { keyHash } from '../../ca/issuer.ts';
import { StationError } from '../../contract/errors.ts';
import { provenByRequest } from '../../contract/modem.ts';
import type { CertificateKeyAlgorithm } from '../../contract/profile.ts';
import { type IssuedAttestation, isIssued } from '../../contract/recipe.ts';
import type { Credential } from '../../store/credentials.ts';
import type { Bench, IssuedCredential, Step } from '../bench.ts';
import { type Known, knownOf, named } from '../replacing.ts';
import { Secret } from '../secret.ts';
import { sealSecret, unsealSecret } from './prepare.ts';

/**
 * Finds the unit's key and certificate again, or gets a certificate request, from the unit or for a key that is made here, and
 * drafts the certificate: profile, CSR, TBS, lints. Nothing is signed here, and nothing leaves.
 */
export const request: Step = {
  kind: 'reversible',
  async act(bench) {
    const { key, issuer } = x509Of(bench);
    const { known, ...taking } = await knownOf(bench);
    const asked = await (key.source === 'station' ? fromStation : unitAsks(bench))(bench, known, taking);
    bench.credential = { ...certified(bench, asked), ...taking };
    const { operation, fingerprint, draft } = bench.issued;
    return {
      operation: operation.toString('hex'),
      source: key.source,
      fingerprint: fingerprint.toString('hex'),
      issuer: issuer.name,
      again: asked.known !== undefined,
      ...(draft?.overridden ? { subjectOverridden: true } : {}),
    };
  },
};

function x509Of({ unit }: Bench): IssuedAttestation {
  const { attestation } = unit.recipe;
  if (attestation.type !== 'x509' || !isIssued(attestation))
    throw new StationError('recipe.unsupported', { what: 'a certificate that it does not issue' });
  return attestation;
}

/** A request, and the credential that it is of: a known one, or a new one of this operation. */
type Asked = {
  readonly operation: Buffer;
  readonly csr: Csr;
  readonly known?: Credential | undefined;
  readonly secret?: Secret;
  readonly sealed: Buffer | null;
};

const unitAsks = ({ unit }: Bench) => (provenByRequest(unit.recipe) ? fromNamedKey : fromUnit);

/** The unit makes the key. One that lost the key of its operation gets a new operation, so that no two keys share one. */
async function fromUnit(bench: Bench, known: Credential | undefined, taking: Known): Promise<Asked> {
  const { algorithm } = x509Of(bench).key;
  const ask = async (operation: Buffer): Promise<Csr> =>
    readCsr(
      await bench.session.makeKey({ operation, algorithm, ...named(taking) }, bench.signal),
      'the certificate request of the unit',
    );
  if (known) {
    const csr = await ask(known.operation);
    if (keyHash(csr.publicKey.spki).equals(known.fingerprint)) {
      return { operation: known.operation, csr, known, sealed: null };
    }
  }
  const operation = randomBytes(16);
  return { operation, csr: await ask(operation), sealed: null };
}

/**
 * The unit makes the key, signs this one request, and its key names the operation. While it holds the key of a credential that is known,
 * the request that was kept is that key's; else it makes another one, under another operation.
 */
async function fromNamedKey(bench: Bench, known: Credential | undefined): Promise<Asked> {
  const { session, signal } = bench;
  const held = await session.status(signal);
  if (known && held.operation?.equals(known.operation)) {
    return { operation: known.operation, csr: storedCsr(bench, known), known, sealed: null };
  }
  const { algorithm } = x509Of(bench).key;
  const der = await session.makeKey({ operation: randomBytes(16), algorithm }, signal);
  const { operation } = await session.status(signal);
  if (!operation) throw new StationError('unit.garbled', { what: 'the key that it made' });
  return { operation, csr: readCsr(der, 'the certificate request of the unit'), sealed: null };
}

/** The station makes the key, keeps it sealed, and asks itself for the certificate, so that its request can be used again. */
async function fromStation(bench: Bench, known: Credential | undefined): Promise<Asked> {
  const { algorithm } = x509Of(bench).key;
  if (known?.sealed) {
    const secret = new Secret(await unsealSecret(bench, known));
    return { operation: known.operation, csr: storedCsr(bench, known), known, secret, sealed: known.sealed };
  }
  if (known) {
    // It was proven and destroyed here: the unit must still hold it.
    const { state, operation } = await bench.session.status(bench.signal);
    if (state === 'committed' && operation?.equals(known.operation)) {
      return { operation: known.operation, csr: storedCsr(bench, known), known, sealed: null };
    }
  }
  const { secret, privateKey, spki } = await makeKey(algorithm);
  try {
    const operation = randomBytes(16);
    const info = writeCsrInfo([{ type: 'CN', value: bench.named.registrationId }], spki);
    const signature = sign(algorithm === 'p384' ? 'sha384' : 'sha256', info, privateKey);
    const csr = readCsr(assemble(info, signatureAlgorithmOf(algorithm), signature), 'the certificate request');
    return { operation, csr, secret, sealed: await sealSecret(bench, operation, secret) };
  } catch (thrown) {
    secret.zero();
    throw thrown;
  }
}

function storedCsr({ shop }: Bench, known: Credential): Csr {
  const row = known.certificate === null ? undefined : shop.records.certificates.byId(known.certificate);
  if (row?.csr) return readCsr(row.csr, 'the stored certificate request');
  throw new StationError('store.damaged', {
    what: `credential ${known.id}`,
    reason: 'its certificate request is gone',
  });
}

const generate = promisify(generateKeyPair);

/** OpenSSL's own copy of the key lives until it is collected; the PKCS#8 in `secret` is zeroed. */
async function makeKey(
  algorithm: CertificateKeyAlgorithm,
): Promise<{ secret: Secret; privateKey: KeyObject; spki: Buffer }> {
  const { privateKey, publicKey } = algorithm.startsWith('rsa')
    ? await generate('rsa', { modulusLength: Number(algorithm.slice(3)) })
    : await generate('ec', { namedCurve: algorithm === 'p256' ? 'P-256' : 'P-384' });
  const secret = new Secret(privateKey.export({ type: 'pkcs8', format: 'der' }));
  return { secret, privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

/** With the certificate that this key already has, where it is good; else with the draft of one. */
function certified(bench: Bench, { operation, csr, known, secret, sealed }: Asked): IssuedCredential {
  const { shop, named: unit } = bench;
  const attestation = x509Of(bench);
  const issuer = shop.issuer(attestation.issuer);
  const fingerprint = keyHash(csr.publicKey.spki);
  const carried = {
    kind: 'x509',
    id: known?.id,
    operation,
    source: attestation.key.source,
    fingerprint,
    sealed,
    issuer,
    above: issuer.chain.map(({ certificate }) => certificate),
    publicKey: csr.publicKey.key,
    ...(secret ? { secret } : {}),
  } as const;
  try {
    const row = shop.records.certificates.ofUnit(unit.id, fingerprint);
    if (row?.der && row.issuer === issuer.id && row.notAfterMs > shop.clock.now()) {
      return { ...carried, certificate: { id: row.id, der: row.der } };
    }
    const { key, profile } = attestation;
    const wanted = { csr, commonName: unit.registrationId, algorithm: key.algorithm, profile };
    return { ...carried, draft: shop.ca.draft(issuer, wanted) };
  } catch (thrown) {
    secret?.zero();
    throw thrown;
  }
}
