import * as z from 'zod/mini';
import type { Recipe } from './recipe.ts';

// What recipes say of a cellular module that takes its credentials over AT commands (drivers/protocols/at-modem.md).

/**
 * Most that one entry of a module may have: with the command around it, it fits the 4,096 bytes that the AT host of Nordic's
 * serial modem takes (sdk-nrf, serial_lte_modem).
 */
export const longestEntry = 4_000;

/** CA certificates as the module takes them: PEM whose lines end with a line feed alone, and nothing between. */
const roots = z
  .string()
  .check(
    z.maxLength(longestEntry),
    z.regex(
      /^(?:-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----\n)+$/,
      `certificates in PEM, lines of at most 64 characters that end with a line feed, ${longestEntry} characters in all`,
    ),
  );

/** Where a module keeps its credential, and which of its numbers is its serial. */
export const modemSchema = z.strictObject({
  /** The security tag of key and certificate; those above are the module's own (nRF91 AT commands, %CMNG). */
  secTag: z.int().check(z.gte(0), z.lte(2_147_483_647)),
  /** What labels and orders name units by. */
  serial: z.enum(['imei', 'uuid']),
  /** The CA certificates that it knows its servers by, written under the same tag; left out where the firmware brings them. */
  roots: z.exactOptional(roots),
});
export type ModemPlan = z.output<typeof modemSchema>;

const onModem = ({ protocol }: Pick<Recipe, 'protocol'>): boolean => protocol === 'at-modem';

/**
 * Whether the unit signs nothing but the certificate request, when it makes its key: that request is its proof of possession, and
 * later it says that it still has that key.
 */
export const provenByRequest = onModem;

/** Whether its key is of the one kind that a module makes itself. */
const makesKey = ({ attestation }: Recipe): boolean =>
  attestation.type === 'x509' && attestation.key.source === 'unit' && attestation.key.algorithm === 'p256';

/** What belongs together, and the words for what does not. */
export const modemAgreements: readonly (readonly [
  expected: string,
  holds: (recipe: Recipe) => boolean,
  'modem-part'?,
])[] = [
  [
    'a part `modem`, which the protocol at-modem needs, and no other',
    (recipe) => onModem(recipe) === (recipe.modem !== undefined),
    'modem-part',
  ],
  [
    'on at-modem attestation x509 with a P-256 key that the unit makes: a module proves its key by the request for it alone',
    (recipe) => !onModem(recipe) || makesKey(recipe),
  ],
  [
    'on at-modem delivery: clear and lock: false, since no secret travels to it and its commands cannot be locked',
    (recipe) => !onModem(recipe) || (recipe.delivery === 'clear' && !recipe.lock),
  ],
  [
    'no part `tpm` or `edge` on at-modem, which has neither a TPM nor files',
    (recipe) => !onModem(recipe) || (recipe.tpm === undefined && recipe.edge === undefined),
  ],
];
