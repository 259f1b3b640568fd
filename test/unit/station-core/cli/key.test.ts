import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { top } from '../../../rules/sources.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** `birthmark key` as a process, with `input` on standard input. */
function key(args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [join(top, 'build', 'birthmark.mjs'), 'key', ...args]);
  const ran = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (ran.out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (ran.err += String(bytes)));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...ran }));
  });
}

const derive = (id: string, groupKey: string) =>
  key(['derive', '--registration-id', id, '--group-key-stdin'], `${groupKey}\n`);

const toasters = 'oiK77Oy7rBw8YB6IS6ukRChAw+Yq6GC61RMrPLSTiOOtdI+XDu0LmLuNm11p+qv2I+adqGUdZHm46zXAQdZoOA==';
const tenants = 'rLuyBPpIJ+hOre2SFIP9Ajvdty3j0EwSP/WvTVH9eZAw5HpDuEmf13nziHy5RRXmuTy84FCLpOnhhBPASSbHYg==';

// What Microsoft's documents publish (dps-reference 5.3), recomputed.
const vectors = [
  [
    'concepts-symmetric-key-attestation.md',
    '8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==',
    'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6',
    'Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=',
  ],
  [
    'how-to-use-custom-allocation-policies.md',
    toasters,
    'breakroom499-contoso-tstrsd-007',
    'JC8F96eayuQwwz+PkE7IzjH2lIAjCUnAa61tDigBnSs=',
  ],
  ['the same', toasters, 'mainbuilding167-contoso-hpsd-088', '6uejA9PfkQgmYylj8Zerp3kcbeVrGZ172YLa7VSnJzg='],
  [
    'how-to-provision-multitenant.md',
    tenants,
    'contoso-simdevice-east',
    'p3w2DQr9WqEGBLUSlFi1jPQ7UWQL4siAGy75HFTFbf8=',
  ],
  ['the same, west', tenants, 'contoso-simdevice-west', 'J5n4NY2GiBYy7Mp4lDDa5CbEe6zDU/c62rhjCuFWxnc='],
] as const;

test.each(vectors)('key derive agrees with %s', async (_, groupKey, id, derived) => {
  expect(await derive(id, groupKey)).toEqual({ code: 0, out: `${derived}\n`, err: '' });
});

test("a key is dps-keygen's, whose -mk and -di are told otherwise here; an upper-case ID is folded with a note", async () => {
  // contoso-toaster-007 is the ID whose published key belongs to another one: this is the right one, recomputed.
  const { out, err } = await derive('Contoso-Toaster-007', toasters);
  expect(out).toBe('NXZgydIn9ntUpXfBsWFfaxJqAYVfgGQsshvA5GboGJI=\n');
  expect(err).toContain('folded to lower case: contoso-toaster-007');
  expect((await key(['derive', '--help'])).out).toContain('dps-keygen -mk:KEY -di:ID');
});

const deviceKey = Buffer.alloc(32, 7).toString('base64');
const strings: readonly (readonly [string, readonly string[], string])[] = [
  [
    'a device',
    ['--device-id', 'Gw-1'],
    `HostName=contoso.azure-devices.net;DeviceId=Gw-1;SharedAccessKey=${deviceKey}\n`,
  ],
  [
    'a module',
    ['--device-id', 'Gw-1', '--module-id', 'meter'],
    `HostName=contoso.azure-devices.net;DeviceId=Gw-1;ModuleId=meter;SharedAccessKey=${deviceKey}\n`,
  ],
  ['a certificate', ['--device-id', 'Gw-1', '--x509'], 'HostName=contoso.azure-devices.net;DeviceId=Gw-1;x509=true\n'],
];
test.each(strings)('a connection string for %s', async (_, args, out) => {
  const ran = await key(['connection-string', '--hub', 'Contoso.azure-devices.net', ...args], `${deviceKey}\n`);
  expect(ran).toEqual({ code: 0, out, err: '' });
});

const refused: readonly (readonly [string, readonly string[], string, RegExp])[] = [
  ['no hub', ['--device-id', 'a'], deviceKey, /--hub: expected a hub, or --central-export, found neither/],
  ['a hub that is none', ['--device-id', 'a', '--hub', 'https://x.net'], deviceKey, /--hub: expected the host name/],
  [
    'an ID with a semicolon',
    ['--device-id', 'a;b', '--hub', 'x.azure-devices.net'],
    deviceKey,
    /--device-id: expected/,
  ],
  [
    'a module ID with a blank',
    ['--device-id', 'a', '--module-id', 'b c', '--hub', 'x.azure-devices.net'],
    deviceKey,
    /--module-id/,
  ],
  [
    'a damaged key',
    ['--device-id', 'a', '--hub', 'x.azure-devices.net'],
    deviceKey.slice(1),
    /device key: expected standard base64/,
  ],
  [
    'a short key',
    ['--device-id', 'a', '--hub', 'x.azure-devices.net'],
    'AAECAwQFBgcICQoLDA0O',
    /device key: expected a key of 16 to 64 bytes/,
  ],
  ['no key', ['--device-id', 'a', '--hub', 'x.azure-devices.net'], '', /standard input/],
  ['a file that is not there', ['--device-id', 'a', '--central-export', '/nowhere.csv'], '', /\/nowhere\.csv/],
];
test.each(refused)(
  'a connection string is refused for %s, by its place, and quotes no key',
  async (_, args, input, says) => {
    const { code, out, err } = await key(['connection-string', ...args], input);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
    expect(err).not.toContain(deviceKey.slice(4, 20));
  },
);

const header =
  'IOTC_DEVICEID,IOTC_DEVICENAME,IOTC_SASKEY_PRIMARY,IOTC_SASKEY_SECONDARY,IOTC_X509THUMBPRINT_PRIMARY,IOTC_X509THUMBPRINT_SECONDARY';

function exported(...lines: string[]): string {
  const file = join(temporaryFolder(), 'export.csv');
  writeFileSync(file, `${[header, ...lines].join('\r\n')}\r\n`);
  return file;
}

test("IoT Central's export gives a device's connection information, and with a hub its connection string", async () => {
  const thumbprint = 'ab'.repeat(32);
  const file = exported(`gw-1,"Gateway ""one"", upstairs",${deviceKey},${deviceKey},,`, `gw-2,,,,${thumbprint},`);
  const of = (...args: string[]) => key(['connection-string', '--central-export', file, ...args]);
  expect((await of('--device-id', 'gw-1', '--id-scope', '0ne000956C5')).out).toBe(
    `Scope ID   0ne000956C5\nDevice ID  gw-1\nSAS key    ${deviceKey}\n`,
  );
  expect((await of('--device-id', 'gw-2')).out).toBe(`Device ID  gw-2\nX.509      ${thumbprint.toUpperCase()}\n`);
  expect((await of('--device-id', 'gw-1', '--hub', 'h.azure-devices.net')).out).toBe(
    `HostName=h.azure-devices.net;DeviceId=gw-1;SharedAccessKey=${deviceKey}\n`,
  );
  expect((await of('--device-id', 'gw-3')).err).toContain('expected the device gw-3, found others alone');
});
