import { createHash } from 'node:crypto';
import type { Operation } from './contract/api.ts';
import type { Recipe } from './contract/recipe.ts';
import { actor } from './practice.ts';
import { tpmLabel } from './practice-tpm.ts';
import { type PracticeVendor, vendorLabel } from './practice-vendor.ts';
import type { Station } from './station.ts';
import { packed } from './store/issuers.ts';

// Practice with certificates that others made: what the recipes say, and the store that the third-party PKI hands over.

/** The store that the practice line draws from. */
const practiceStore = 'practice-store';

/** The unit's name is its serial: whoever makes its certificate elsewhere knows no MAC. */
export function givenRecipe(
  { parts: { vendor } }: Station,
  name: 'x509-own' | 'x509-stored',
): Pick<Recipe, 'registrationId' | 'attestation'> {
  if (!vendor) throw new TypeError('this station has no practice vendor');
  const own = { source: 'own', trust: { anchors: [vendor.pin] } } as const;
  const key = name === 'x509-own' ? own : ({ source: 'stored', store: practiceStore } as const);
  return {
    registrationId: '{serial}',
    attestation: { type: 'x509', scope: 'individual', key } as Recipe['attestation'],
  };
}

/** How the labels of a recipe's units begin: a simulated unit with the vendor's label brings its certificate, another a TPM. */
export function labelsOf({ attestation, tpm }: Recipe): string {
  if (tpm) return tpmLabel;
  return attestation.type === 'x509' && attestation.key.source === 'own' ? vendorLabel : 'P';
}

/** Recipes for units with a TPM: enrolled by their endorsement key, or with a key that travels sealed to it. */
export function tpmRecipe(
  { parts: { tpmMaker } }: Station,
  name: 'tpm' | 'symmetric-sealed',
): Pick<Recipe, 'registrationId' | 'attestation' | 'delivery' | 'tpm'> {
  if (!tpmMaker) throw new TypeError('this station has no practice TPM maker');
  const tpm = { endorsementKey: 'rsa2048', genuine: 'certificate', roots: [tpmMaker.pin] } as const;
  const plan = { ...tpm, roots: [...tpm.roots] };
  if (name === 'tpm') {
    const attestation = { type: 'tpm', scope: 'individual' } as const;
    return { registrationId: '{ekSdk}', attestation, delivery: 'clear', tpm: plan };
  }
  const attestation = { type: 'symmetricKey', scope: 'individual' } as const;
  return { registrationId: 'sn-{serial}-mac-{mac}', attestation, delivery: 'sealed', tpm: plan };
}

/** Where a recipe draws from the store: imports its units' certificates, as a security officer with a lead's agreement would. */
export async function stockUp(station: Station, { attestation }: Recipe, labels: readonly string[]): Promise<void> {
  const { vendor } = station.parts;
  if (!vendor || attestation.type !== 'x509' || attestation.key.source !== 'stored') return;
  const ids = labels.map((label) => label.toLowerCase());
  const { params, secret } = bundlesFor(vendor, ids);
  try {
    const operation = { method: 'store.import', params: params as Operation['params'] } as const;
    const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
    const officer = { actor: actor(station, 'security-officer'), approval, secret };
    await station.call('store.import', params, officer);
  } finally {
    secret.fill(0);
  }
}

/** Two blocks a unit, and a PEM text has 1,000 at most. */
const unitsOfBundle = 400;

/** What the third-party PKI hands over for these units: bundles, the two people's operation, and what comes beside the call. */
function bundlesFor(
  vendor: PracticeVendor,
  registrationIds: readonly string[],
): { readonly params: object; readonly secret: Buffer } {
  const count = Math.ceil(registrationIds.length / unitsOfBundle);
  const bundles = Array.from({ length: count }, (_, index) => {
    const ids = registrationIds.slice(index * unitsOfBundle, (index + 1) * unitsOfBundle);
    const text = ids
      .map((id) => vendor.certify(id))
      .map(({ key, chain }) => key + chain.slice(0, chain.indexOf(vendor.root)));
    return { name: `bundle ${index + 1}.pem`, bytes: Buffer.from(text.join(''), 'latin1') };
  });
  const files = bundles.map(({ name, bytes }) => ({ name, sha256: createHash('sha256').update(bytes).digest('hex') }));
  const secret = packed([Buffer.alloc(0), ...bundles.map(({ bytes }) => bytes)]);
  return { params: { store: practiceStore, anchors: vendor.root, files }, secret };
}
