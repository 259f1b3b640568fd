import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from '../../../drivers/asn1/certificate.ts';
import { nameText } from '../../../drivers/asn1/names.ts';
import { readPems } from '../../../drivers/asn1/pem.ts';
import { checkGiven, checkSelfSigned, type Given, pinOf } from '../../ca/given.ts';
import { keyHash } from '../../ca/issuer.ts';
import { StationError } from '../../contract/errors.ts';
import type { GivenAttestation, GivenKey } from '../../contract/recipe.ts';
import { fill } from '../../contract/template.ts';
import type { Bench, Step } from '../bench.ts';

/**
 * The unit presents the certificate that it came with (F-68), and it is judged: what a device's certificate must be, its path
 * or its place in a vendor's list, its name, and that no other unit has its key. Nothing is kept before the unit proved that key.
 */
export const present: Step = {
  kind: 'reversible',
  async act(bench) {
    const { shop, unit, signal } = bench;
    const { operation, chain } = await bench.session.ownCertificate(signal);
    const { leaf, above, commonName, notAfter } = judge(bench, chain);
    if (commonName.toLowerCase() !== unit.registrationId) throw refused('it is made out to another name than the unit');
    const fingerprint = keyHash(leaf.publicKey.spki);
    const known = shop.records.credentials.ofUnit(unit.id);
    if (known && !known.fingerprint.equals(fingerprint)) throw new StationError('unit.other-credential');
    const entry = shop.records.stored.byFingerprint(sha256(leaf.certificate));
    if (shop.records.credentials.keyTaken(fingerprint, unit.id, entry?.id ?? null))
      throw new StationError('ca.key-taken');
    bench.credential = {
      kind: 'x509',
      id: known?.id,
      operation,
      source: 'own',
      fingerprint,
      sealed: null,
      publicKey: leaf.publicKey.key,
      above: above.map(({ certificate }) => certificate),
      certificate: { der: leaf.certificate },
      notAfterMs: notAfter,
    };
    return {
      operation: operation.toString('hex'),
      source: 'own',
      fingerprint: fingerprint.toString('hex'),
      sha256: sha256(leaf.certificate).toString('hex'),
      again: known !== undefined,
      ...(deviceIdDiffers(bench) ? { deviceIdDiffers: true } : {}),
    };
  },
};

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** What a recipe says of a certificate that others made, of one source. */
export function givenKey<S extends GivenKey['source']>({ unit }: Bench, source: S): Extract<GivenKey, { source: S }> {
  const { attestation } = unit.recipe;
  const key = attestation.type === 'x509' ? attestation.key : undefined;
  if (key?.source === source) return key as Extract<GivenKey, { source: S }>;
  throw new StationError('recipe.unsupported', { what: `a certificate whose key is not ${source}` });
}

/** Throws `unit.certificate-refused` with the rule that is broken; nothing in its words names the unit. */
function judge(bench: Bench, chain: Buffer): Given {
  const { trust } = givenKey(bench, 'own');
  const at = bench.shop.clock.now();
  let leaf: Certificate | undefined;
  try {
    const [first, ...rest] = certificatesOf(chain);
    leaf = first;
    if ('anchors' in trust)
      return checkGiven(first, rest, { anchors: new Set(trust.anchors), production: !bench.shop.practice }, at);
    if ('list' in trust) return listed(bench, first, trust.list, at);
    if (bench.shop.practice) return checkSelfSigned(first, at);
  } catch (thrown) {
    if (!(thrown instanceof StationError) || !['ca.chain', 'input.invalid'].includes(thrown.code)) throw thrown;
    throw refused(rulesOf(thrown, leaf), thrown);
  }
  throw new StationError('station.mode', { what: 'A self-signed certificate', mode: 'production' });
}

/** The list said that the vendor made this one; the path above it was checked then, and is again, for its time. */
function listed(bench: Bench, leaf: Certificate, store: string, at: number): Given {
  const entry = bench.shop.records.stored.byFingerprint(sha256(leaf.certificate));
  if (entry?.origin !== 'vendor' || entry.store !== store) throw refused(`the vendor list ${store} does not have it`);
  const above = entry.above.map((der, index) => readCertificate(der, `certificate ${index + 2}`));
  const root = above.at(-1);
  const anchors = new Set(root ? [pinOf(root)] : []);
  return checkGiven(leaf, above, { anchors, production: !bench.shop.practice }, at);
}

function certificatesOf(chain: Buffer): readonly [Certificate, ...Certificate[]] {
  const [first, ...rest] = readPems(chain, 'the chain').map(({ label, der }, index) => {
    const place = `certificate ${index + 1}`;
    if (label === 'CERTIFICATE') return readCertificate(der, place);
    throw new StationError('input.invalid', { place, expected: 'CERTIFICATE', found: label });
  });
  if (first) return [first, ...rest];
  throw new StationError('input.invalid', { place: 'the chain', expected: 'a certificate', found: 'none' });
}

const refused = (rule: string, cause?: unknown): StationError =>
  new StationError('unit.certificate-refused', { rule }, { cause });

/** The leaf's name is the unit's: it must not stand in the journal in clear. */
function rulesOf(thrown: StationError, leaf: Certificate | undefined): string {
  const { which, rule } = thrown.details;
  const text = thrown.code === 'ca.chain' ? `${which}: ${rule}` : thrown.message;
  const name = leaf && nameText(leaf.subject).slice(0, 100);
  return name ? text.replaceAll(name, 'its name') : text;
}

/** F-07 and C-20: a device ID other than the CN is allowed, and worth a look. */
function deviceIdDiffers({ unit }: Bench): boolean {
  const attestation = unit.recipe.attestation as GivenAttestation;
  const template = attestation.scope === 'individual' ? attestation.enrollment?.deviceId : undefined;
  return template !== undefined && fill(template, unit) !== unit.registrationId;
}
