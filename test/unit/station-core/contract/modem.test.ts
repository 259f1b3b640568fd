import { describe, expect, test } from 'vitest';
import { longestEntry } from '../../../../station-core/contract/modem.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { recipeSchema } from '../../../../station-core/contract/recipe.ts';

const key = { source: 'unit', algorithm: 'p256' } as const;
const issuer = { name: 'trackers', publicKey: '0'.repeat(64) };
const profile = { validityDays: 3650, renewal: 'none' };
const modem = { secTag: 16_842_753, serial: 'imei' } as const;
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const recipe = (more: object = {}) => ({
  schema: 1,
  name: 'tracker',
  version: 1,
  protocol: 'at-modem',
  registrationId: '{serial}',
  attestation: { type: 'x509', scope: 'individual', issuer, key, profile },
  delivery: 'clear',
  lock: false,
  target: 'dps',
  modem,
  ...more,
});
const read = (value: object) => parse(recipeSchema, value, 'recipe');
const attestation = (more: object) => ({ type: 'x509', scope: 'individual', issuer, key, profile, ...more });

test('a recipe for modules is taken, with the CA certificates of its servers or without', () => {
  expect(read(recipe())).toEqual(recipe());
  const roots = { modem: { ...modem, serial: 'uuid', roots: pem + pem } };
  expect(read(recipe(roots))).toEqual(recipe(roots));
});

describe('a recipe for modules is refused', () => {
  test.each([
    ['without its part', { modem: undefined }, 'a part `modem`'],
    ['of another protocol', { protocol: 'uart-v1' }, 'a part `modem`'],
    ['whose keys the station makes', { attestation: attestation({ key: { ...key, source: 'station' } }) }, 'P-256'],
    ['whose keys are of RSA', { attestation: attestation({ key: { ...key, algorithm: 'rsa2048' } }) }, 'P-256'],
    ['of symmetric keys', { attestation: { type: 'symmetricKey', scope: 'individual' } }, 'P-256'],
    ['that locks', { lock: true }, 'lock: false'],
    ['that encrypts', { delivery: 'channel' }, 'delivery: clear'],
    ['with a TPM', { tpm: { endorsementKey: 'rsa2048', genuine: 'none', roots: [] } }, 'no part `tpm`'],
  ])('%s', (_, more, expected) => {
    const { modem: part, ...rest } = recipe(more);
    expect(() => read(part === undefined ? rest : { ...rest, modem: part })).toThrow(expected);
  });

  test.each([
    ['a tag of the module’s own', { secTag: 2_147_483_648 }],
    ['a serial that it does not have', { serial: 'iccid' }],
    ['lines that end with CR LF', { roots: pem.replaceAll('\n', '\r\n') }],
    ['something between the certificates', { roots: `${pem}\n${pem}` }],
    ['more than a command holds', { roots: pem.repeat(Math.ceil(longestEntry / pem.length)) }],
  ])('with %s', (_, more) => {
    expect(() => read(recipe({ modem: { ...modem, ...more } }))).toThrow('recipe.modem');
  });
});
