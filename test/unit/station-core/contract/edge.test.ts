import { describe, expect, test } from 'vitest';
import { keyComesByFile, placeOf } from '../../../../station-core/contract/edge.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { type Recipe, recipeSchema } from '../../../../station-core/contract/recipe.ts';
import { plan } from '../../../../station-core/run/plan.ts';

const iotEdge = { enrollment: { capabilities: { iotEdge: true } } };
const shell = { login: 'root', serialFile: '/etc/serial', files: [] };
const symmetric = { type: 'symmetricKey', scope: 'individual', ...iotEdge };
const group = {
  type: 'symmetricKey',
  scope: 'group',
  group: 'gateways',
  key: { label: 'k', id: '01', checkValue: '0011223344556677' },
};
const x509 = { type: 'x509', scope: 'individual', ...iotEdge, key: { source: 'stored', store: 'pki' } };
const files = { certificate: 'file:///var/secrets/id.pem', privateKey: 'file:///var/secrets/id.key.pem' };
const byUri = { format: 'toml', symmetricKey: { uri: 'file:///var/secrets/device.key' } };

const common = {
  schema: 1,
  name: 'gateway',
  version: 1,
  registrationId: 'gw-{serial}',
  delivery: 'clear',
  lock: false,
};
const uart = (attestation: object, edge: object, more: object = {}) => ({
  ...common,
  protocol: 'uart-v1',
  target: 'dps',
  attestation,
  edge,
  ...more,
});
const onConsole = (attestation: object, edge: object, more: object = {}) =>
  uart(attestation, edge, { protocol: 'linux-console', console: shell, ...more });
const ofTpm = {
  attestation: { type: 'tpm', scope: 'individual', ...iotEdge },
  tpm: { endorsementKey: 'rsa2048', genuine: 'none', roots: [] },
};

const read = (recipe: object): Recipe => parse(recipeSchema, recipe, 'recipe');

describe('a recipe may', () => {
  test.each([
    ['name where a unit keeps its symmetric key', uart(symmetric, byUri)],
    ['name a key in a token', uart(symmetric, { format: 'toml', symmetricKey: { uri: 'pkcs11:token=a;object=b' } })],
    ['be of a group, whose enrollment is its owner’s', uart(group, byUri)],
    ['name certificate and key', uart(x509, { format: 'yaml', x509: files })],
    ['say nothing more for a TPM', uart(ofTpm.attestation, { format: 'toml' }, { tpm: ofTpm.tpm })],
    ['put a console’s key into the file', onConsole(symmetric, { format: 'toml', symmetricKey: 'inline' })],
    ['put a console’s key into a file of its own', onConsole(symmetric, byUri)],
  ])('%s', (_, recipe) => {
    expect(read(recipe)).toEqual(recipe);
  });
});

describe('a recipe is refused, with what is expected, that', () => {
  const inline = { format: 'toml', symmetricKey: 'inline' };
  test.each([
    ['enrols no IoT Edge device', uart({ type: 'symmetricKey', scope: 'individual' }, byUri), 'iotEdge: true'],
    ['names no key', uart(symmetric, { format: 'toml' }), 'what the attestation needs'],
    [
      'names a certificate for a symmetric key',
      uart(symmetric, { ...byUri, x509: files }),
      'what the attestation needs',
    ],
    ['names a key for a certificate', uart(x509, byUri), 'what the attestation needs'],
    ['sets a TPM that does not attest', uart(symmetric, { ...byUri, tpm: { tcti: 'device' } }), 'what the attestation'],
    ['gives a key a second, open way into a unit', uart(symmetric, inline), 'only a linux-console'],
    [
      'would have a console write into a token',
      onConsole(symmetric, { format: 'toml', symmetricKey: { uri: 'pkcs11:object=b' } }),
      'inline or at a file:// URI',
    ],
    ['encrypts for a console', onConsole(symmetric, inline, { delivery: 'channel' }), 'delivery: clear'],
    ['locks a console', onConsole(symmetric, inline, { lock: true }), 'lock: false'],
    [
      'writes two files to one path',
      uart(x509, { format: 'toml', path: '/var/secrets/id.pem', x509: files }),
      'a path of its own',
    ],
    [
      'writes nothing on a console',
      onConsole(ofTpm.attestation, {}, { tpm: ofTpm.tpm, edge: undefined }),
      'a file to write',
    ],
    [
      'keeps the key of a certificate in YAML anywhere but in a file',
      uart(x509, { format: 'yaml', x509: { ...files, privateKey: 'pkcs11:object=b' } }),
      'file://',
    ],
    ['names a symmetric key by URI in YAML', uart(symmetric, { ...byUri, format: 'yaml' }), 'inline'],
    [
      'holds a PIN',
      uart(symmetric, { format: 'toml', symmetricKey: { uri: 'pkcs11:object=b?pin-value=1234' } }),
      'without a PIN',
    ],
    [
      'leaves a folder',
      uart(x509, { format: 'toml', x509: { ...files, certificate: 'file:///var/../id.pem' } }),
      'file://',
    ],
    ['names a folder', uart(x509, { format: 'toml', x509: { ...files, certificate: 'file:///var/' } }), 'file://'],
    ['names a host', uart(x509, { format: 'toml', x509: { ...files, certificate: 'file://var/id.pem' } }), 'file://'],
    ['escapes a path', uart(x509, { format: 'toml', x509: { ...files, certificate: 'file:///a%20b' } }), 'file://'],
    ['is for Windows IoT', uart(ofTpm.attestation, { format: 'windows-iot' }, { tpm: ofTpm.tpm }), 'Windows IoT'],
  ])('%s', (_, recipe, expected) => {
    const { edge, ...rest } = recipe as { edge?: object };
    expect(() => read(edge === undefined ? rest : recipe)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    expect(() => read(edge === undefined ? rest : recipe)).toThrow(expected);
  });
});

test.each(['relative', '/', '/etc/', '/etc/../shadow', '/etc//x', '/a\nb', `/${'x'.repeat(512)}`])(
  'the path %j is none for a file',
  (path) => {
    expect(() => read(uart(symmetric, { ...byUri, path }))).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  },
);

test('the file goes where IoT Edge looks for it, for its owner alone, unless the recipe says otherwise', () => {
  expect(placeOf({ format: 'toml' })).toEqual({ path: '/etc/aziot/config.toml', mode: '0600' });
  expect(placeOf({ format: 'yaml' })).toEqual({ path: '/etc/iotedge/config.yaml', mode: '0600' });
  expect(placeOf({ format: 'toml', path: '/data/c', mode: '0640' })).toEqual({ path: '/data/c', mode: '0640' });
});

const stepsOf = (recipe: object) => plan(read(recipe)).map(({ name }) => name);

test('what is written is written last, before the lock; a file that holds the key is its release', () => {
  expect(stepsOf(uart(symmetric, byUri, { lock: true })).slice(-4)).toEqual(['release', 'prove', 'configure', 'lock']);
  expect(stepsOf(onConsole(symmetric, byUri)).slice(-3)).toEqual(['release', 'prove', 'configure']);
  const inline = onConsole(symmetric, { format: 'toml', symmetricKey: 'inline' });
  expect(stepsOf(inline).slice(-3)).toEqual(['prepare', 'release', 'prove']);
  expect([keyComesByFile(read(inline)), keyComesByFile(read(uart(symmetric, byUri)))]).toEqual([true, false]);
});
