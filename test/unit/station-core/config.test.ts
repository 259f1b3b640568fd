import { expect, test } from 'vitest';
import { parseConfig, refuseStandIns } from '../../../station-core/config.ts';
import { practiceConfig } from '../../../station-core/practice.ts';

const good = practiceConfig(2);
const text = (change: object) => JSON.stringify({ ...good, ...change });

test("the practice line's own configuration is read as it was written", () => {
  expect(parseConfig(JSON.stringify(good))).toEqual(good);
});

test('a real station is read, with its defaults', () => {
  const config = parseConfig(
    JSON.stringify({
      schema: 1,
      hsm: { kind: 'pkcs11', module: '/usr/lib/softhsm/libsofthsm2.so', tokenLabel: 'line 3' },
      lanes: [{ lane: 1, kind: 'serial', path: '/dev/serial/by-path/x' }],
      dps: { kind: 'azure', idScope: '0ne000956C5' },
      hub: { kind: 'azure', host: 'contoso.azure-devices.net', secret: 'hub-connection' },
    }),
  );
  expect(config).toMatchObject({
    lanes: [{ baud: 115_200 }],
    dps: { deviceEndpoint: 'global.azure-devices-provisioning.net' },
    hub: { budgetPerMinute: 100 },
    budgetPerMinute: 200,
  });
  expect(() => refuseStandIns(config)).not.toThrow();
});

test('programmers are read, on Linux and on Windows', () => {
  const programmers = {
    esptool: { path: '/usr/bin/esptool', sha256: 'ab'.repeat(32) },
    'nrf-util': { path: 'C:\\Nordic\\nrfutil.exe' },
  };
  expect(parseConfig(text({ programmers })).programmers).toEqual(programmers);
});

test('scanners are read, with their defaults', () => {
  const config = parseConfig(
    text({ scanners: [{ path: '/dev/serial/by-path/s', prefix: '\u0002' }], scanning: { prefix: '~' } }),
  );
  expect(config).toMatchObject({
    scanners: [{ baud: 9_600, prefix: '\u0002', ending: 'line' }],
    scanning: { prefix: '~', checksum: 'none' },
  });
});

const entra = {
  kind: 'entra',
  serviceHost: 'contoso.azure-devices-provisioning.net',
  tenant: 'contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-555555555555',
  credential: { kind: 'certificate', certificateFile: 'app.crt', keyFile: 'app.key' },
};
const azure = (more: object) => text({ dps: { kind: 'azure', idScope: '0ne000956C5', ...more } });

test('a station with Microsoft Entra ID is read, with its defaults', () => {
  expect(parseConfig(azure({ auth: entra })).dps).toMatchObject({
    auth: { authority: 'login.microsoftonline.com', credential: { assertion: 'PS256' } },
    bulkCountsAs: 'call',
  });
  expect(parseConfig(azure({})).dps).toMatchObject({ auth: { kind: 'sas' } });
});

const wrong: readonly [string, string, RegExp][] = [
  [
    'a programmer that PATH finds',
    text({ programmers: { esptool: { path: 'esptool' } } }),
    /programmers\.esptool\.path.*an absolute path/,
  ],
  [
    'a hash that is none',
    text({ programmers: { x: { path: '/x', sha256: 'AB' } } }),
    /programmers\.x\.sha256.*64 lower-case hex/,
  ],
  ['a name that is none', text({ programmers: { 'a b': { path: '/x' } } }), /programmers.*the name of a programmer/],
  [
    'one scanner twice',
    text({ scanners: [{ path: '/dev/s' }, { path: '/dev/s' }] }),
    /scanners: expected every port once/,
  ],
  ['a prefix that ends a code', text({ scanners: [{ path: '/dev/s', prefix: '\t' }] }), /expected a prefix without/],
  ['a prefix that no key makes', text({ scanning: { prefix: 'ü' } }), /scanning.prefix: expected up to 8/],
  [
    'a lane that starts by attaching at a port whose plug nobody sees',
    text({ lanes: [{ lane: 1, kind: 'serial', path: '/dev/ttyUSB0', start: 'attach' }] }),
    /lanes: expected a path in \/dev\/serial\/by-path/,
  ],
  ['no JSON', '{', /the file: expected JSON/],
  ['an unknown field', text({ pin: '1234' }), /no field pin/],
  ['no lane', text({ lanes: [] }), /lanes: expected at least 1/],
  [
    'one lane twice',
    text({
      lanes: [
        { lane: 1, kind: 'simulated' },
        { lane: 1, kind: 'simulated' },
      ],
    }),
    /lanes: expected every lane number once/,
  ],
  [
    'a baud rate out of bounds',
    text({ lanes: [{ lane: 1, kind: 'serial', path: 'x', baud: 300 }] }),
    /lanes\.0\.baud: expected at least 9600, found the number 300/,
  ],
  ['an unknown HSM', text({ hsm: { kind: 'magic' } }), /hsm/],
  ['a budget of nothing', text({ budgetPerMinute: 0 }), /budgetPerMinute: expected at least 1/],
  ['a secret in it', azure({ auth: { ...entra, credential: { kind: 'secret', secret: 'x' } } }), /no field secret/],
  ['a key in it', azure({ auth: { kind: 'sas', connectionString: 'x' } }), /no field connectionString/],
  [
    'a host with a scheme',
    azure({ auth: { ...entra, serviceHost: 'https://a.b' } }),
    /auth\.serviceHost: expected a host/,
  ],
  ['a tenant with a path', azure({ auth: { ...entra, tenant: 'a/b' } }), /auth\.tenant: expected a tenant/],
  ['a port that there is not', azure({ serviceEndpoint: { host: 'a', port: 70_000 } }), /serviceEndpoint\.port/],
  [
    'a hub without the name of its secret',
    text({ hub: { kind: 'azure', host: 'contoso.azure-devices.net' } }),
    /hub\.secret/,
  ],
  [
    'a hub by its URL',
    text({ hub: { kind: 'azure', host: 'https://x', secret: 'h' } }),
    /hub\.host: expected the host name/,
  ],
  [
    'a hub without the name of its secret',
    text({ hub: { kind: 'azure', host: 'contoso.azure-devices.net' } }),
    /hub\.secret/,
  ],
  [
    'a hub by its URL',
    text({ hub: { kind: 'azure', host: 'https://x', secret: 'h' } }),
    /hub\.host: expected the host name/,
  ],
  ['another schema', text({ schema: 2 }), /schema: expected one of 1/],
];
test.each(wrong)('%s is refused with the place and what was expected', (_, file, message) => {
  expect(() => parseConfig(file)).toThrow(message);
});

test.each([
  ['the soft HSM', { hsm: { kind: 'soft' } }],
  ['the emulator', { hsm: { kind: 'pkcs11', module: 'm', tokenLabel: 't' } }],
  [
    'the hub of the practice line',
    {
      hsm: { kind: 'pkcs11', module: 'm', tokenLabel: 't' },
      dps: { kind: 'azure', idScope: '0ne000956C5' },
      hub: { kind: 'emulator' },
    },
  ],
] as const)('production refuses %s', (_, change) => {
  expect(() => refuseStandIns(parseConfig(text(change)))).toThrow(/not allowed in production mode/);
});
