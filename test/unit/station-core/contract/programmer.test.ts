import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeProblems } from '../../../../station-core/contract/recipes.ts';
import { isSecretArgument, looksSecret, namesSecret } from '../../../../station-core/contract/secretive.ts';
import { programmedBy } from '../../../suites/programmers.ts';

// What a recipe may say of a programmer: secrets are refused before anything of them is kept.

const recipe = (programmer: object) => ({
  ...programmedBy(''),
  programmer: { ...programmedBy('').programmer, ...programmer },
});
const problems = (programmer: object) =>
  recipeProblems(recipe(programmer)).map(({ path, expected }) => [path.join('.'), expected] as const);

const esptool = {
  name: 'esptool',
  args: [
    '--chip',
    'esp32s3',
    '--port',
    '{port}',
    '--baud',
    '921600',
    'write_flash',
    '--flash_size',
    'keep',
    '0x0',
    '/opt/Firmware/Contoso/Gateway-Release-2026-11/Images/merged-Firmware.bin',
  ],
  env: { PYTHONUNBUFFERED: '1', UNIT: '{serial}/{mac}/{registrationId}/{board_rev}' },
  deadlineSeconds: 120,
  passed: [0],
  failed: [2],
  progress: '({percent} %)',
};

test('a recipe with a programmer is taken as it is written', () => {
  expect(problems(esptool)).toEqual([]);
  expect(problems({ args: [], env: {}, deadlineSeconds: 1 })).toEqual([]);
  expect(problems({ args: ['-c', 'program "/opt/fw/app.elf" verify reset exit', ''] })).toEqual([]);
});

describe('a recipe is refused whose programmer', () => {
  const secret = 'in braces {serial}, {mac}, {registrationId}, {port} or a fact of the order that is no secret';
  const readable = 'no secret: everybody on the machine can read it';
  test.each([
    ['asks for a secret by its name', { args: ['{secret}'] }, 'programmer.args.0', secret],
    ['asks for a password that an order says', { args: ['x', '-p{wifi_password}'] }, 'programmer.args.1', secret],
    ['asks for a key', { args: ['{device_key}'] }, 'programmer.args.0', secret],
    ['asks for a PIN in its environment', { env: { A: '{user_pin}' } }, 'programmer.env.A', secret],
    ['asks for what nobody knows', { args: ['{secret:name}'] }, 'programmer.args.0', secret],
    ['has braces that are no word', { args: ['program {a b}'] }, 'programmer.args.0', secret],
    ['has a brace alone', { args: ['a{'] }, 'programmer.args.0', secret],
    ['has a password option', { args: ['--password', 'x'] }, 'programmer.args.0', readable],
    ['has a key as an option', { args: ['--api-key=abc'] }, 'programmer.args.0', readable],
    ['has a connection string', { args: ['HostName=h;SharedAccessKey=c2VjcmV0'] }, 'programmer.args.0', readable],
    ['has a key in hex', { args: [`--burn=${'ab'.repeat(32)}`] }, 'programmer.args.0', readable],
    [
      'has a key in base64',
      { env: { A: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6' } },
      'programmer.env.A',
      readable,
    ],
    ['has a private key', { args: ['-----BEGIN PRIVATE KEY-----'] }, 'programmer.args.0', readable],
    ['has a line end', { args: ['a\nb'] }, 'programmer.args.0', 'a text without control characters'],
    ['has a zero byte', { args: ['a\0b'] }, 'programmer.args.0', 'a text without control characters'],
  ])('%s', (_, change, place, expected) => {
    expect(problems(change)).toContainEqual([place, expected]);
  });

  test.each([
    ['a variable that names a secret', { env: { ACCESS_TOKEN: 'x' } }, 'programmer.env.ACCESS_TOKEN'],
    ['a variable with a PIN', { env: { HSM_PIN: 'x' } }, 'programmer.env.HSM_PIN'],
    ['a variable that loads other code', { env: { LD_PRELOAD: '/tmp/x.so' } }, 'programmer.env.LD_PRELOAD'],
    ['one on another system', { env: { DYLD_INSERT_LIBRARIES: 'x' } }, 'programmer.env.DYLD_INSERT_LIBRARIES'],
    [
      'the variable that the station finds it by',
      { env: { BIRTHMARK_PROGRAMMING: 'x' } },
      'programmer.env.BIRTHMARK_PROGRAMMING',
    ],
    ['no variable at all', { env: { 'A=B': 'x' } }, 'programmer.env.A=B'],
    ['too many arguments', { args: Array.from({ length: 65 }, () => 'x') }, 'programmer.args'],
    ['an argument that is too long', { args: ['x'.repeat(1_025)] }, 'programmer.args.0'],
    ['no time', { deadlineSeconds: 0 }, 'programmer.deadlineSeconds'],
    ['too much time', { deadlineSeconds: 3_601 }, 'programmer.deadlineSeconds'],
    ['a path for a name', { name: '/usr/bin/esptool' }, 'programmer.name'],
    ['an exit code in both lists', { passed: [0, 2], failed: [2] }, 'programmer'],
    ['the exit code that passes without saying', { failed: [0] }, 'programmer'],
    ['no exit code', { passed: [] }, 'programmer.passed'],
    ['an exit code that is none', { failed: [-1] }, 'programmer.failed.0'],
    ['progress without percent', { progress: 'Writing' }, 'programmer.progress'],
    ['progress with percent twice', { progress: '{percent} {percent}' }, 'programmer.progress'],
    ['progress with nothing but percent', { progress: ' *{percent}' }, 'programmer.progress'],
    ['progress with any text after it', { progress: '{percent}%*' }, 'programmer.progress'],
    ['progress with too many stars', { progress: 'a*b*c*d*e*{percent}%' }, 'programmer.progress'],
    ['something that nobody knows', { shell: true }, 'programmer'],
  ])('has %s', (_, change, place) => {
    expect(problems(change).map(([at]) => at)).toContain(place);
  });

  test('needs a registration ID that is read only afterwards', () => {
    const tpm = {
      ...recipe({ args: ['{registrationId}'] }),
      registrationId: '{ekSha256}',
      attestation: { type: 'tpm', scope: 'individual' },
      tpm: { endorsementKey: 'rsa2048', genuine: 'possession', roots: [] },
    };
    expect(recipeProblems(tpm).map(({ expected }) => expected)).toEqual([
      expect.stringContaining('no {registrationId} for the programmer'),
    ]);
    expect(recipeProblems({ ...tpm, programmer: recipe({}).programmer })).toEqual([]);
  });
});

test('random keys in every form look like secrets, and are found in whatever stands around them', () => {
  const bytes = fc
    .tuple(fc.nat(), fc.integer({ min: 32, max: 64 }))
    .map(([seed, length]) => createHash('sha512').update(String(seed)).digest().subarray(0, length));
  const around = fc.string({ maxLength: 40, unit: fc.constantFrom(...' abcXYZ.,;"()|') });
  const forms = fc.constantFrom<(key: Buffer) => string>(
    (key) => key.toString('hex'),
    (key) => key.toString('hex').toUpperCase(),
    (key) => key.toString('base64'),
    (key) => key.toString('base64url'),
    (key) => (key.toString('hex').match(/../g) ?? []).join(' '),
    (key) => (key.toString('hex').match(/../g) ?? []).join(':'),
    (key) => (key.toString('hex').match(/../g) ?? []).map((one) => `0x${one}`).join(', '),
  );
  fc.assert(
    fc.property(bytes, around, around, forms, (key, before, after, form) => {
      expect(looksSecret(`${before} ${form(key)} ${after}`)).toBe(true);
      // What begins with a slash is a path there.
      expect(isSecretArgument(form(key)) || form(key).startsWith('/')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('looking costs no more than the line is long', () => {
  for (const one of ['a', '/', 'A1', '0 ', '0x', 'pin ', '-----BEGIN ', 'token:', '/tmp/', 'key ']) {
    for (let round = 0; round < 50; round++) looksSecret(one.repeat(Math.ceil(4_096 / one.length)));
  }
});

test('names of secrets are told from names that only sound like them', () => {
  const secrets = [
    'password',
    'WIFI_PASSWORD',
    'passwd',
    'user-pin',
    'PIN',
    'api_key',
    'APIKEY',
    'sas',
    'accessToken',
    'connection_string',
  ];
  const others = [
    'serial',
    'board_rev',
    'spin',
    'keyfile',
    'flash_size',
    'ESPTOOL_PORT',
    'tokens',
    'pinned',
    'variant',
  ];
  expect(secrets.filter((name) => !namesSecret(name))).toEqual([]);
  expect(others.filter(namesSecret)).toEqual([]);
});
