// A CA whose keys are in this process, behind the HSM's own interface: thousands of certificates in a second, every signature
// counted, and none that is not of a TBS that passed the lints.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readCertificate } from '../../drivers/asn1/certificate.ts';
import { readPublicKey } from '../../drivers/asn1/keys.ts';
import type { Hsm, PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { softSign } from '../../drivers/hsm/soft-sign.ts';
import { Ca, type CaNeed } from '../../station-core/ca/ca.ts';
import { Intended } from '../../station-core/ca/intended.ts';
import { type Issuer, issuerOf, type Signer } from '../../station-core/ca/issuer.ts';
import type { Linted } from '../../station-core/ca/linted.ts';
import { intermediateRules, rootRules } from '../../station-core/ca/practice-root.ts';
import { serialPrefix } from '../../station-core/ca/serial.ts';
import type { Signed } from '../../station-core/ca/sign.ts';

export const prefix = serialPrefix('birthmark/test/00000000');
export const now = Date.parse('2026-11-20T12:00:00Z');

type CaAlgorithm = 'p256' | 'p384' | 'rsa2048';
const made = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

/** An HSM that signs, and does nothing else. */
export class CountingHsm implements Pick<Hsm, 'sign'> {
  readonly #keys = new Map<string, { algorithm: CaAlgorithm; key: KeyObject }>();
  readonly #linted = new Set<string>();
  signatures = 0;
  lintPasses = 0;

  make(label: string, algorithm: CaAlgorithm): PublicKeyRef {
    const { publicKey, privateKey } = made[algorithm]();
    this.#keys.set(label, { algorithm, key: privateKey });
    return { label, id: '00', publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
  }

  /** A TBS that passed, by the digest of its bytes. */
  passed({ bytes }: Linted): void {
    this.lintPasses++;
    for (const hash of ['sha256', 'sha384']) this.#linted.add(createHash(hash).update(bytes).digest('hex'));
  }

  async sign({ label }: PublicKeyRef, digest: Buffer): Promise<Buffer> {
    const found = this.#keys.get(label);
    if (!found) throw new TypeError(`there is no key ${label}`);
    this.signatures++;
    if (!this.#linted.delete(digest.toString('hex'))) throw new RangeError('signed what passed no lint');
    return softSign[found.algorithm](found.key, digest);
  }
}

export type TestCa = { readonly ca: Ca; readonly hsm: CountingHsm; readonly issuer: Issuer; readonly root: Issuer };

/** Writes the intent down, in memory, and signs. */
export async function signLinted(
  { ca, hsm }: Pick<TestCa, 'ca' | 'hsm'>,
  signer: Signer,
  linted: Linted,
): Promise<Signed> {
  hsm.passed(linted);
  return ca.sign(
    hsm,
    signer,
    Intended.by(linted, () => 1),
  );
}

/** A practice root, an intermediate under it, and the CA that issues with them. */
export async function makeTestCa(algorithm: CaAlgorithm = 'p256', need: Partial<CaNeed> = {}): Promise<TestCa> {
  const hsm = new CountingHsm();
  const ca = new Ca({
    now: () => now,
    newest: () => now,
    built: now,
    serialPrefix: prefix,
    refuse: () => undefined,
    ...need,
  });
  const rootKey = hsm.make('root', algorithm);
  const ownRules = rootRules(keyOf(rootKey), algorithm, now, prefix);
  const asRoot: Signer = { id: 1, name: 'root', key: rootKey, publicKey: keyOf(rootKey).key, rules: ownRules.issuer };
  const rootDer = await certified({ ca, hsm }, asRoot, ca.lint(ownRules));
  const root = issuerOf({ id: 1, name: 'root', key: rootKey, chain: [rootDer] });
  const key = hsm.make('line', algorithm);
  const rules = intermediateRules(root, [{ type: 'CN', value: 'Line' }], keyOf(key), now, prefix);
  const der = await certified({ ca, hsm }, root, ca.lint(rules));
  const issuer = issuerOf({ id: 2, name: 'line', key, chain: [readCertificate(der, 'line').certificate, rootDer] });
  return { ca, hsm, root, issuer };
}

const keyOf = (key: PublicKeyRef) => readPublicKey(Buffer.from(key.publicKey, 'base64'), key.label);

async function certified(of: Pick<TestCa, 'ca' | 'hsm'>, signer: Signer, linted: Linted): Promise<Buffer> {
  const signed = await signLinted(of, signer, linted);
  if (signed.state !== 'issued') throw signed.error;
  return signed.der;
}
