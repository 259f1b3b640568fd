import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { EdgePlan } from '../../../../station-core/contract/edge.ts';
import { configFile, keyFile } from '../../../../station-core/edge/files.ts';
import { quoted } from '../../../../station-core/edge/quoted.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { key, rendered, whereabouts } from './rendering.ts';

const numRuns = long ? 100_000 : 1_000;
const x509 = { certificate: 'file:///c/device-id.pem', privateKey: 'file:///c/device-id.key.pem' } as const;

describe('config.toml says exactly', () => {
  const provisioning = {
    source: 'dps',
    global_endpoint: 'https://global.azure-devices-provisioning.net',
    id_scope: '0ne00000A0A',
  };
  const told = { registration_id: 'gw-000001' };

  test('how a unit with a TPM attests, and how that is reached', () => {
    const plan = { format: 'toml', tpm: { tcti: 'swtpm:port=2321', authKeyIndex: 0x10203 } } as const;
    expect(parseToml(rendered(plan, 'tpm'))).toEqual({
      provisioning: { ...provisioning, attestation: { method: 'tpm', ...told } },
      tpm: { tcti: 'swtpm:port=2321', auth_key_index: 0x10203 },
    });
  });

  test('a symmetric key, or where it lies', () => {
    const attestation = { method: 'symmetric_key', ...told };
    const value = key.toString('base64');
    expect(parseToml(rendered({ format: 'toml', symmetricKey: 'inline' }, 'symmetricKey'))).toEqual({
      provisioning: { ...provisioning, attestation: { ...attestation, symmetric_key: { value } } },
    });
    const uri = 'pkcs11:token=a;object=b';
    expect(parseToml(rendered({ format: 'toml', symmetricKey: { uri } }, 'symmetricKey'))).toEqual({
      provisioning: { ...provisioning, attestation: { ...attestation, symmetric_key: { uri } } },
    });
  });

  test('where certificate, key and payload lie, and how it provisions again', () => {
    const plan = { format: 'toml', x509, payload: 'file:///p.json', autoReprovisioning: 'AlwaysOnStartup' } as const;
    expect(parseToml(rendered(plan, 'x509'))).toEqual({
      auto_reprovisioning_mode: 'AlwaysOnStartup',
      provisioning: {
        ...provisioning,
        payload: { uri: 'file:///p.json' },
        attestation: { method: 'x509', ...told, identity_cert: x509.certificate, identity_pk: x509.privateKey },
      },
    });
  });

  test('another endpoint than the global one where the station has one (F-115)', () => {
    const { provisioning: said } = parseToml(
      rendered({ format: 'toml' }, 'tpm', { ...whereabouts, endpoint: 'plant.azure-devices-provisioning.net' }),
    ) as { provisioning: object };
    expect(said).toMatchObject({ global_endpoint: 'https://plant.azure-devices-provisioning.net' });
  });
});

test.each([
  ['tpm', {}, {}],
  ['symmetricKey', { symmetricKey: 'inline' }, { symmetric_key: key.toString('base64') }],
  ['x509', { x509 }, { identity_cert: x509.certificate, identity_pk: x509.privateKey }],
] as const)('config.yaml says exactly how a unit attests: %s', (attestation, plan, said) => {
  const settings = { alwaysReprovisionOnStartup: false, dynamicReprovisioning: true } as const;
  const text = rendered({ format: 'yaml', ...plan, ...settings }, attestation);
  expect(parseYaml(text)).toEqual({
    provisioning: {
      source: 'dps',
      global_endpoint: 'https://global.azure-devices-provisioning.net',
      scope_id: '0ne00000A0A',
      attestation: {
        method: attestation === 'symmetricKey' ? 'symmetric_key' : attestation,
        registration_id: 'gw-000001',
        ...said,
      },
      always_reprovision_on_startup: false,
      dynamic_reprovisioning: true,
    },
  });
  for (const line of text.split('\n')) expect(line).toMatch(/^(#.*|provisioning:|( {2}){1,2}[a-z].*|)$/);
});

test('the file of a key at a URI is the raw key, for its owner alone', () => {
  const plan = { format: 'toml', symmetricKey: { uri: 'file:///var/secrets/device.key' } } as const;
  expect(keyFile(plan, whereabouts, key)).toEqual({
    path: '/var/secrets/device.key',
    mode: 0o600,
    bytes: key,
    key: { offset: 0, length: 64, encoding: 'raw' },
  });
});

test('where the key stands in a file is said, so that the unit finds it there', () => {
  for (const format of ['toml', 'yaml'] as const) {
    const { bytes, key: place } = keyFile({ format, symmetricKey: 'inline' }, whereabouts, key);
    const text = bytes.toString('latin1', place.offset, place.offset + place.length);
    expect(Buffer.from(text, place.encoding === 'base64' ? 'base64' : 'latin1')).toEqual(key);
  }
});

test('a file that would hold a key is not rendered without one', () => {
  expect(() => configFile({ format: 'toml', symmetricKey: 'inline' }, 'symmetricKey', whereabouts)).toThrow(TypeError);
});

/** Texts as hostile as they come: quotes, backslashes, controls, line breaks of every alphabet, and whole Unicode. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\r', '\t', '\0', '\x7f', '\x85', '\u2028', '\ufeff', '#', "'", '='),
  }),
);

test('whatever a text holds, it is read back as it was, and stands on one line of printable ASCII', () => {
  const seed = testSeed('texts in files of IoT Edge');
  fc.assert(
    fc.property(hostile, (text) => {
      const said = quoted(text);
      expect(said).toMatch(/^"[\x20-\x7e]*"$/);
      expect(parseToml(`a = ${said}`)).toEqual({ a: text });
      expect(parseYaml(`a: ${said}\n`)).toEqual({ a: text });
    }),
    { seed, numRuns },
  );
});

test('half of a surrogate pair is no text', () => {
  expect(() => quoted('a\ud800b')).toThrow(RangeError);
});

test('whatever the values are, each file says them and nothing else', () => {
  const seed = testSeed('values in files of IoT Edge');
  const values = fc.record({ idScope: hostile, endpoint: hostile, registrationId: hostile });
  const keys = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(values, keys, hostile, (told, secret, uri) => {
      const read = (plan: EdgePlan) => keyFile(plan, told, secret).bytes.toString('latin1');
      const provisioning = { source: 'dps', global_endpoint: `https://${told.endpoint}` };
      const attestation = { method: 'symmetric_key', registration_id: told.registrationId };
      const value = secret.toString('base64');
      expect(parseToml(read({ format: 'toml', symmetricKey: 'inline', payload: uri || 'x' }))).toEqual({
        provisioning: {
          ...provisioning,
          id_scope: told.idScope,
          payload: { uri: uri || 'x' },
          attestation: { ...attestation, symmetric_key: { value } },
        },
      });
      expect(parseYaml(read({ format: 'yaml', symmetricKey: 'inline' }))).toEqual({
        provisioning: {
          ...provisioning,
          scope_id: told.idScope,
          attestation: { ...attestation, symmetric_key: value },
        },
      });
    }),
    { seed, numRuns: numRuns / 2 },
  );
});
