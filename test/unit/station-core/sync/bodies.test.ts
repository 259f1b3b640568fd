import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import { checkUp } from '../../../../station-core/sync/dps/checkup.ts';
import type { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { refuseKeys } from '../../../../station-core/sync/dps/outbound.ts';
import { DpsTarget } from '../../../../station-core/sync/targets/dps.ts';
import type { Carried } from '../../../../station-core/sync/targets/target.ts';
import { fatesOf } from '../../../suites/fates.ts';
import { http, openRawLine, type RawLine, type RawRequest, type RawService } from '../../../suites/raw-service.ts';
import { Pki } from '../../../suites/x509-chains.ts';
import { rsaArea } from '../../drivers/simulated/dps/tpm-areas.ts';

// Every body that leaves (promise H of the upload: F-46, F-65): everything that the client can send is sent to a server that
// keeps the bytes, and looked through by what shares no code with the station.

const pki = new Pki();
const signal = () => AbortSignal.timeout(10_000);
let line: RawLine;
let service: RawService;
let client: DpsClient;

beforeAll(async () => {
  line = await openRawLine();
  ({ service, client } = line);
});
beforeEach(() => {
  service.requests.length = 0;
  service.answer = answer;
});
afterAll(() => {
  line.close();
  pki.remove();
});

/** Just good enough that every call comes to its end; the emulator's header opens what the practice line alone may do. */
function answer({ method, path }: RawRequest) {
  const [bare = ''] = path.split('?');
  const id = decodeURIComponent(bare.split('/')[2] ?? '');
  const names = { registrationId: id, enrollmentGroupId: id, etag: 'x', status: 'assigned' };
  const entry = { ...names, attestation: { type: 'symmetricKey' }, type: 'symmetricKey', isSuccessful: true };
  const list = bare.endsWith('/query');
  const status = method === 'DELETE' ? 204 : 200;
  const body = method === 'DELETE' ? '' : JSON.stringify(list ? [entry] : entry);
  return { bytes: http(status, body, { 'x-birthmark-emulator': 'practice' }), after: 'keep' } as const;
}

const leaf = pki.device('unit-1');
const slot = { certificate: Buffer.from(leaf.cert).toString('base64') };
const x509 = { type: 'x509', x509: { clientCertificates: { primary: slot, secondary: slot } } };
const ca = { type: 'x509', x509: { signingCertificates: { primary: { certificate: pki.authority('ca').cert } } } };
const endorsementKey = rsaArea('ek').toString('base64');
const tpm = { type: 'tpm', tpm: { endorsementKey } };
const symmetric = { type: 'symmetricKey' };
const settings = {
  deviceId: 'd',
  initialTwin: { tags: { MIIB: 'MIIBOg', note: 'primaryKey: none' }, properties: { desired: {} } },
  optionalDeviceInformation: { a: 'M', b: '"M' },
};
const keys = () => ({ primary: Buffer.alloc(64, 5), secondary: Buffer.alloc(32, 6) });
const entry = (attestation: object) => ({ registrationId: 'unit-1', ...settings, attestation });

const row = (action: OutboxRow['action'], attestation: object): OutboxRow => ({
  id: 1,
  target: 'dps',
  registrationId: 'unit-1',
  action,
  version: 1,
  body: { ...settings, attestation },
  credential: 1,
  attempts: 0,
  replaces: null,
});
const certificates = { primary: slot.certificate };
const carried: readonly [object, () => Carried][] = [
  [symmetric, () => ({ keys: keys() })],
  [{ type: 'x509' }, () => ({ certificates, known: [] })],
  [{ type: 'tpm' }, () => ({ endorsementKey })],
];

async function drain(pages: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of pages);
}

/** Everything that can be sent, by the client and by the target on top of it. */
async function sendEverything(): Promise<void> {
  for (const attestation of [x509, tpm, symmetric]) {
    await client.putEnrollment('unit-1', entry(attestation), undefined, signal());
    await client.putEnrollment('unit-1', entry(attestation), 'etag', signal());
    for (const mode of ['create', 'update', 'updateIfMatchETag', 'delete'] as const) {
      const keyed = attestation === symmetric && mode !== 'delete' ? { keys: keys() } : {};
      await client.bulk(mode, [{ body: entry(attestation), ...keyed }, { body: entry(x509) }], signal());
    }
  }
  await client.putEnrollment('unit-1', entry(symmetric), undefined, signal(), keys());
  await client.putGroup('g', { enrollmentGroupId: 'g', attestation: ca }, undefined, signal());
  await client.bulkOfGroups('create', [{ enrollmentGroupId: 'g', attestation: ca }], signal());
  await client.getEnrollment('unit-1', signal());
  await client.getGroup('g', signal());
  await client.getRegistration('unit-1', signal());
  await client.attestationOf('enrollments', 'unit-1', signal());
  await client.attestationOf('enrollmentGroups', 'g', signal());
  await drain(client.query(1, signal()));
  await drain(client.queryGroups(1, signal()));
  await drain(client.queryRegistrations('g', 1, signal()));
  await client.deleteEnrollment('unit-1', 'e', signal());
  await client.deleteGroup('g', 'e', signal());
  await client.deleteRegistration('unit-1', 'e', signal());
  for (const [attestation, make] of carried) {
    const target = new DpsTarget({ client, carriedOf: async () => make() });
    for (const action of ['create', 'disable'] as const) await fatesOf(target, [row(action, attestation)], signal());
  }
  await checkUp(client.service, '0ne0', signal());
}

/** Whether any piece of base64 in a text decodes to something that OpenSSL takes for a private key, or is the text of one. */
function privateKeysIn(text: string): string[] {
  const pieces = [text, ...(text.match(/[A-Za-z0-9+/]{40,}={0,2}/g) ?? [])];
  return pieces.filter((piece) => {
    const bytes = Buffer.from(piece, 'base64');
    if (/PRIVATE KEY/.test(piece) || bytes.includes('PRIVATE KEY')) return true;
    return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
      try {
        return createPrivateKey({ key: bytes, format: 'der', type }).type === 'private';
      } catch {
        return false;
      }
    });
  });
}

/** Where symmetric keys stand in a value, as paths. */
function keysIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    /^(primary|secondary)key$/i.test(name) && member !== null ? [`${path}/${name}`] : keysIn(member, `${path}/${name}`),
  );
}

const place = /^(\/enrollments\/\d+)?\/attestation\/symmetricKey\/(primaryKey|secondaryKey)$/;

test('everything that leaves: no private key, and symmetric keys in individual symmetric enrollments alone', async () => {
  await sendEverything();
  const bodies = service.requests.filter(({ body }) => body.length > 0);
  expect(bodies.length).toBeGreaterThan(25);
  let found = 0;
  for (const { path, body } of bodies) {
    const text = body.toString('utf8');
    expect(privateKeysIn(text)).toEqual([]);
    expect(text).not.toMatch(/SharedAccess/i);
    const keyed = keysIn(JSON.parse(text));
    found += keyed.length;
    if (keyed.length > 0) expect(path).toMatch(/^\/enrollments[/?]/);
    for (const one of keyed) expect(one).toMatch(place);
  }
  // Three bulk calls and one PUT of the client, one bulk call of the target: two keys each.
  expect(found).toBe(10);
});

test('the look finds a private key and a misplaced key', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  expect(privateKeysIn(JSON.stringify({ a: der }))).toEqual([der]);
  expect(keysIn({ a: [{ primaryKey: 'x' }] })).toEqual(['/a/0/primaryKey']);
});

const misplaced: readonly [string, () => Promise<unknown>][] = [
  [
    'a group',
    () =>
      client.putGroup(
        'g',
        { attestation: { symmetricKey: { primaryKey: 'AAAA', secondaryKey: 'AAAA' } } },
        undefined,
        signal(),
      ),
  ],
  [
    'a bulk of groups',
    () => client.bulkOfGroups('create', [{ attestation: { symmetricKey: { primaryKey: 'AAAA' } } }], signal()),
  ],
  [
    'an enrollment that was given none',
    () => client.putEnrollment('a', { attestation: { symmetricKey: { primaryKey: 'AAAA' } } }, undefined, signal()),
  ],
  [
    'a twin',
    () => client.bulk('create', [{ body: { initialTwin: { tags: { primaryKey: 'AAAA' } } }, keys: keys() }], signal()),
  ],
  [
    'a twin, in other letters',
    () => client.bulk('create', [{ body: { initialTwin: { tags: { PRIMARYKEY: 'AAAA' } } } }], signal()),
  ],
  [
    'a tag that is a connection string',
    () =>
      client.putGroup('g', { initialTwin: { tags: { a: 'HostName=h;SharedAccessKey=AAAA' } } }, undefined, signal()),
  ],
  [
    'information that is a token',
    () =>
      client.putEnrollment(
        'a',
        { optionalDeviceInformation: { a: 'SharedAccessSignature sr=h' } },
        undefined,
        signal(),
      ),
  ],
];
test.each(misplaced)('a key in %s does not leave', async (_, send) => {
  await expect(send()).rejects.toMatchObject({ code: 'cloud.key-in-body' });
  expect(service.requests).toEqual([]);
});

test('a private key in a certificate slot does not leave', async () => {
  const attestation = { type: 'x509', x509: { clientCertificates: { primary: { certificate: leaf.key } } } };
  await expect(client.bulk('create', [{ body: { attestation } }], signal())).rejects.toMatchObject({
    code: 'cloud.private-key',
  });
  expect(service.requests).toEqual([]);
});

test('the count of keys is exact: one pair too many or too few is refused', () => {
  const body = Buffer.from('{"symmetricKey":{"primaryKey":"AAAA","secondaryKey":"AAAA"}}');
  expect(() => refuseKeys(Buffer.from(body), 1)).not.toThrow();
  for (const pairs of [0, 2]) expect(() => refuseKeys(Buffer.from(body), pairs)).toThrow(/where none belongs/);
});

test('a row whose body must not leave is parked alone, and the others arrive', async () => {
  const poison = { ...settings, initialTwin: { tags: { note: 'HostName=h;SharedAccessKey=AAAA' } } };
  const rows = [1, 2, 3].map((id) => ({
    ...row('create', symmetric),
    id,
    registrationId: `unit-${id}`,
    ...(id === 2 ? { body: { ...poison, attestation: symmetric } } : {}),
  }));
  const target = new DpsTarget({ client, carriedOf: async () => ({ keys: keys() }) });
  const fates = await fatesOf(target, rows, signal());
  expect([1, 2, 3].map((id) => fates.get(id))).toMatchObject([
    { done: expect.stringContaining('created') },
    { park: { code: 'cloud.key-in-body' } },
    { done: expect.stringContaining('created') },
  ]);
  for (const { body } of service.requests) expect(body.toString()).not.toContain('SharedAccessKey');
});
