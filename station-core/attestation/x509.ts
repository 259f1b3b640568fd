import { writePem } from '../../drivers/asn1/pem.ts';
import type { Issuer } from '../ca/issuer.ts';
import { expiresInWarehouse } from '../ca/profile.ts';
import type { ImagePlan } from '../contract/image.ts';
import { provenByRequest } from '../contract/modem.ts';
import { isIssued, type Recipe } from '../contract/recipe.ts';
import { edgeOfGroup } from '../edge/enrollment.ts';
import { type Attestation, deliveryWarnings, enrollmentOf, type Identity, type Upload } from './attestation.ts';

/** X.509 attestation: by the intermediate that signed, for all of a group, or by the unit's own leaf (dps-reference 7.1; F-62 to F-65). */
export const x509: Attestation = {
  capabilities,
  warnings,
  ofOrder,
  ofUnit,
};

function capabilities(recipe: Recipe): readonly string[] {
  const { attestation } = recipe;
  if (attestation.type !== 'x509') return [];
  const { key } = attestation;
  if (key.source === 'own') return ['certificate', 'proof-signature'];
  // A program brings the key.
  const sent = recipe.image ? [] : ['private-key'];
  const made = key.source === 'unit' ? ['csr', `key-${key.algorithm}`] : sent;
  return [...made, 'chain', ...(provenByRequest(recipe) ? requestProof : ['proof-signature'])];
}

/** What a unit needs whose request is its one proof: it must say later which key and which chain it holds. */
const requestProof = ['proof-by-request', 'operation-of-key', 'read-back-digest'] as const;

function warnings(recipe: Recipe): readonly string[] {
  const { attestation, delivery, image } = recipe;
  if (attestation.type !== 'x509') return [];
  const said = image ? imageWarnings(image) : [...deliveryWarnings(delivery)];
  if (provenByRequest(recipe)) {
    said.push(
      'A module proves its key once, by the certificate request that it signs when it makes it. Later it only says, by digests, that it still has that key and its chain; and it is told no ID scope and no endpoint: those are in its firmware.',
    );
  }
  if (isIssued(attestation) && expiresInWarehouse(attestation.profile)) {
    const { validityDays, warehouseMonths = 12 } = attestation.profile;
    said.push(
      `A leaf lives ${validityDays} days, and a unit may lie in a warehouse for ${warehouseMonths} months (F-60): it could expire there.`,
    );
  }
  // Allowed, and the portal's documents say otherwise (F-07; docs/decisions.md, individual X.509).
  if (attestation.scope === 'individual' && attestation.enrollment?.deviceId !== undefined) {
    said.push(
      "The device ID is another than the certificate's CN: DPS's documents disagree on whether that may be (F-07).",
    );
  }
  return said;
}

/**
 * The group may be made by the station: its own intermediate is a public thing (docs/decisions.md, X.509 groups). A group for
 * certificates of others is expected: which of their CAs it names is their owner's to say.
 */
function ofOrder(recipe: Recipe, issuer: Issuer | undefined): Upload | undefined {
  const { attestation } = recipe;
  if (attestation.type !== 'x509' || attestation.scope !== 'group') return undefined;
  if (!isIssued(attestation)) {
    return { registrationId: attestation.group, action: 'expect-group', body: {}, credential: false };
  }
  if (!issuer) return undefined;
  const primary = { certificate: base64(issuer.certificate.certificate) };
  const slots = { attestation: { type: 'x509', x509: { signingCertificates: { primary } } } };
  const body = { ...attestation.enrollment, ...edgeOfGroup(recipe), ...slots };
  return { registrationId: attestation.group, action: 'create-group', body, credential: false };
}

function ofUnit({ attestation }: Recipe, identity: Identity): Upload | undefined {
  if (attestation.scope !== 'individual') return undefined;
  const body = { ...enrollmentOf(attestation.enrollment ?? {}, identity), attestation: { type: 'x509' } };
  return { registrationId: identity.registrationId, action: 'create', body, credential: true };
}

/** What DPS takes in every SDK: base64 of the PEM text (dps-reference 2.4). Public parts only (F-65). */
export const base64 = (der: Buffer): string => Buffer.from(writePem('CERTIFICATE', der), 'latin1').toString('base64');

/** Of a unit's own key the image says only where it is. */
const imageWarnings = ({ keyBlock }: ImagePlan): string[] =>
  keyBlock === undefined
    ? [
        'The image holds the key as it is: whoever reads the flash of such a unit has it, unless flash encryption is on.',
      ]
    : [];
