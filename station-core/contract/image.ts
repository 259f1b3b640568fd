import * as z from 'zod/mini';
import { programmerFor, templatesOf } from './programmer.ts';
import type { Recipe } from './recipe.ts';

// Units whose key and certificate are written as an image of a partition, by a program (drivers/esp-secure-cert).

/** What the partition tables of chips have at most, and what is erased at a time (SPI flash). */
const mostBytes = 0x10_0000;
const sectorBytes = 0x1000;

/** CA certificates that the unit knows its servers by. */
const roots = z
  .string()
  .check(
    z.maxLength(16_384),
    z.regex(
      /^(?:-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----\n)+$/,
      'certificates in PEM, lines of at most 64 characters that end with a line feed',
    ),
  );

export const imageSchema = z.strictObject({
  format: z.literal('esp-secure-cert'),
  /** Size of the partition; 8 KiB when left out. */
  bytes: z.exactOptional(
    z.int().check(z.gte(sectorBytes), z.lte(mostBytes), z.multipleOf(sectorBytes, 'a multiple of 4,096')),
  ),
  /** Where a key that the unit made itself is: the key block of its eFuses (0 is EFUSE_BLK_KEY0). */
  keyBlock: z.exactOptional(z.int().check(z.gte(0), z.lte(5))),
  roots: z.exactOptional(roots),
  /** The program that writes it; in braces it may have {imageFile}, the file's path, beside what every programmer may. */
  programmer: programmerFor(['imageFile']).check(
    z.refine((plan) => templatesOf(plan).some((one) => one.includes('{imageFile}')), 'an argument with {imageFile}'),
  ),
});
export type ImagePlan = z.output<typeof imageSchema>;

/** Whether the unit can be given this key, or a word of where it is: one that it made is in its eFuses, P-256. */
function fits({ attestation, image }: Recipe): boolean {
  if (image === undefined) return true;
  if (attestation.type !== 'x509' || attestation.key.source === 'own') return false;
  const made = attestation.key.source === 'unit';
  if (made !== (image.keyBlock !== undefined)) return false;
  return attestation.key.source !== 'unit' || attestation.key.algorithm === 'p256';
}

/** What belongs together, and the words for what does not. */
export const imageAgreements: readonly (readonly [expected: string, holds: (recipe: Recipe) => boolean])[] = [
  [
    'with `image` attestation x509 by a key of the station or of a store, or by one of P-256 that the unit makes in its `keyBlock`',
    fits,
  ],
  [
    'with `image` protocol uart-v1, delivery: clear, and neither `tpm` nor `edge`: the image is what brings the key, and the link is closed meanwhile',
    ({ image, protocol, delivery, tpm, edge }) =>
      image === undefined ||
      (protocol === 'uart-v1' && delivery === 'clear' && tpm === undefined && edge === undefined),
  ],
];
