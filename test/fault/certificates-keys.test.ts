import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CKA } from '../../drivers/hsm/cryptoki.ts';
import type { PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { Pkcs11Hsm } from '../../drivers/hsm/pkcs11.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { untilState } from '../suites/hsm-state.ts';
import { makeCsr, makers, plainCsr } from '../suites/issuing-csrs.ts';
import { ForeignHand, pkcs11Tool, toolPair } from '../suites/issuing-foreign-keys.ts';
import { IssuingStation, tapOf, withAttestation } from '../suites/issuing-station.ts';
import { certificatesOf, inspectStruck } from '../suites/issuing-struck.ts';
import { noted, type SignDetour } from '../suites/issuing-tap.ts';
import { tapIn } from '../suites/pkcs11-faults.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';

// The CA's key on a PKCS#11 token: what the token says of it, keys that are not as they must be, and answers that are lost.

let token: SoftHsmToken;
let hsm: Pkcs11Hsm;
let line: IssuingStation;
let hand: ForeignHand;
/** What happens at the next signature. */
let detour: SignDetour | undefined;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const tap = tapIn(join(folder, 'tap'));
const hasTool = spawnSync('pkcs11-tool', ['--version']).error === undefined;
if (!hasTool) process.stderr.write('certificates-keys: pkcs11-tool is not installed, its keys are not tried\n');

beforeAll(async () => {
  mkdirSync(join(folder, 'tap'));
  token = await makeSoftHsm();
  const environment = { ...token.environment, ...tap.environment };
  line = await IssuingStation.open(folder, {
    detour: (key, digest, real) => {
      const now = detour;
      detour = undefined;
      return now ? now(key, digest, real) : real();
    },
    hsm: async () => {
      hsm = await Pkcs11Hsm.open({ ...token, environment, pin: token.pin() });
      return hsm;
    },
  });
  hand = new ForeignHand(token);
});
afterAll(async () => {
  hand.close();
  await line.close();
  await token.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** The one use that docs/design.md gives a signing key, and how the token keeps it. */
const wanted = {
  class: 'private',
  sign: true,
  signRecover: false,
  verify: false,
  encrypt: false,
  decrypt: false,
  wrap: false,
  unwrap: false,
  derive: false,
  sensitive: true,
  extractable: false,
  alwaysSensitive: true,
  neverExtractable: true,
  local: true,
  token: true,
  private: true,
};

test.each(['p256', 'rsa2048'] as const)(
  'the token shows the key of a CA of %s as a key that signs and does nothing else',
  async (algorithm) => {
    const issuer = await line.makeCa(`shown-${algorithm}`, algorithm);
    const { key } = line.station.issuers.ready(issuer);
    expect(await hsm.inspect(key)).toEqual({ ...wanted, label: key.label, id: key.id, type: expect.any(String) });
    const listed = (await hsm.list()).filter(({ label }) => label === key.label);
    expect(listed).toHaveLength(1);
    expect(listed[0]?.refused).toBeUndefined();
    if (!hasTool) return;
    const says = pkcs11Tool(token, '--list-objects', '--type', 'privkey', '--label', key.label).toString();
    expect(says).toMatch(/Usage: +sign\n/);
    expect(says).toMatch(/Access: +sensitive, always sensitive, never extractable, local\n/);
  },
);

/** A CA whose row names another key than its ceremony made: as if somebody had put it there. */
async function caWith(name: string, key: PublicKeyRef) {
  const publicKey = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const csr = makeCsr({
    subject: [{ type: 'CN', value: name }],
    pair: { publicKey, privateKey: makers.p256().privateKey },
  });
  return line.makeCa(name, 'p256', () => {
    line.station.records.db
      .prepare('UPDATE issuer SET label = ?, key_id = ?, public_key = ?, csr = ? WHERE name = ?')
      .run(key.label, key.id, key.publicKey, csr, name);
  });
}

/** What becomes of a request and of a unit on the line. */
async function refusedBy(
  issuer: { name: string; publicKey: string },
  attribute: string,
  found: boolean,
): Promise<void> {
  const { name: order, labels } = await line.order(2, withAttestation({ issuer }));
  const [one = '', two = ''] = labels;
  const before = certificatesOf(folder).length;
  const csr = plainCsr(line.registrationOf(one)).toString('base64');
  const [fared] = await line.as('lead', 'ca.issue', { order, csrs: [{ name: one, csr }] });
  const error = { code: 'hsm.key-attribute', details: { attribute, expected: !found, found } };
  expect(fared).toMatchObject({ state: 'refused', error });
  expect(await line.scan(1, two)).toMatchObject({ outcome: 'errored', error });
  const rows = certificatesOf(folder).slice(before);
  expect(rows.map(({ state }) => state)).toEqual(['unsigned', 'unsigned']);
}

test.each([
  ['CKA_DECRYPT', CKA.DECRYPT, true],
  ['CKA_UNWRAP', CKA.UNWRAP, true],
  ['CKA_DERIVE', CKA.DERIVE, true],
  ['CKA_SIGN_RECOVER', CKA.SIGN_RECOVER, true],
  ['CKA_EXTRACTABLE', CKA.EXTRACTABLE, true],
  ['CKA_SENSITIVE', CKA.SENSITIVE, false],
  ['CKA_SIGN', CKA.SIGN, false],
])('a CA key whose %s is wrong signs nothing, and the refusal names it', async (attribute, type, value) => {
  const name = attribute.slice(4).toLowerCase().replace('_', '-');
  const issuer = await caWith(name, hand.pair(name, [{ type, value }]));
  await refusedBy(issuer, attribute, value);
  const shown = (await hsm.list()).find(({ label }) => label === name);
  expect(shown?.refused).toEqual({ attribute, expected: !value, found: value });
});

test.skipIf(!hasTool).each([
  ['for signing', []],
  ['that may be taken out', ['--extractable']],
  ['for decrypting too', ['--usage-decrypt']],
  ['for deriving too', ['--usage-derive']],
])('a CA key that pkcs11-tool made %s signs nothing', async (what, options) => {
  const name = what.replaceAll(' ', '-');
  // SoftHSM gives every use that a template leaves out (PKCS#11 section 4.1): CKA_UNWRAP is the first that we refuse.
  await refusedBy(await caWith(name, toolPair(token, name, ...options)), 'CKA_UNWRAP', true);
});

test('a pair that the station makes is lawful where these are not: the same way ends in a certificate', async () => {
  const issuer = await caWith('lawful', hand.pair('lawful', []));
  const { labels } = await line.order(1, withAttestation({ issuer }));
  expect(await line.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'passed' });
});

test('a token whose process dies while it signs leaves a certificate that is possibly issued; the unit waits, and its next certificate is another', async () => {
  const { labels } = await line.order(2);
  const [before = '', label = ''] = labels;
  expect(await line.scan(1, before)).toMatchObject({ outcome: 'passed' }); // the key is proven by now
  const since = noted(tapOf(folder)).length;
  const rows = certificatesOf(folder).length;
  detour = (_key, _digest, real) => {
    const { hostPid } = hsm;
    if (hostPid === undefined) throw new Error('the token has no process');
    process.kill(hostPid, 'SIGSTOP');
    const signing = real();
    process.kill(hostPid, 'SIGKILL');
    return signing;
  };
  expect(await line.scan(1, label)).toMatchObject({ outcome: 'indeterminate', error: { code: 'hsm.ambiguous' } });
  await untilState(hsm, 'ready');
  expect(line.station.records.units.bySerial(label)[0]?.state).toBe('quarantined');
  expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  const [lost, issued] = certificatesOf(folder).slice(rows);
  expect([lost?.state, issued?.state]).toEqual(['possible', 'issued']);
  expect(lost?.serial.equals(issued?.serial ?? Buffer.alloc(0))).toBe(false);
  expect(lost?.keyHash).toEqual(issued?.keyHash);
  await inspectStruck(folder, since, {});
});

test('a token that is down at the signature leaves the certificate unsigned, and the line goes on when it is back', async () => {
  const { labels } = await line.order(1);
  const [label = ''] = labels;
  const rows = certificatesOf(folder).length;
  tap.break({ call: 'C_SignInit', code: 0x30, always: true });
  const { outcome, error } = await line.scan(1, label);
  tap.mend();
  await untilState(hsm, 'ready');
  expect([outcome, error?.code]).toEqual(['errored', 'hsm.down']);
  expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  expect(
    certificatesOf(folder)
      .slice(rows)
      .map(({ state }) => state),
  ).toEqual(['unsigned', 'issued']);
  expect((await fsck(folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
});
