import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Behaviour, SimulatedTpm } from '../../../../drivers/simulated/tpm/tpm.ts';
import { makeCredential } from '../../../../drivers/tpm/credential.ts';
import { sized, u32 } from '../../../../drivers/tpm/marshal.ts';
import { keyObjectOf, nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { activationTemplate, ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import { type EkKind, ekKinds } from '../../../../drivers/tpm/unit-tpm.ts';
import { certify, made, newTpm, tpmRoot, transportTo } from '../../../suites/simulated-tpm.ts';
import {
  codeOf,
  commandOf,
  password,
  primaryParameters,
  secretParameters,
  sessionParameters,
} from '../../../suites/simulated-tpm-wire.ts';
import { loadedIn } from '../../../suites/tpm-tcp.ts';
import { challengeFor, refusedAs, unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;
const [owner, endorsement, lockout, none] = [0x4000_0001, 0x4000_000b, 0x4000_000a, 0x4000_0007];

unitTpmSuite('the simulated TPM', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-tpm-'));
  const tpm = SimulatedTpm.open({ file: join(folder, 'tpm'), made: await made() });
  return {
    open: async () => openTpm(transportTo(tpm)),
    loaded: () => loadedIn(transportTo(tpm)),
    hasCertificate: true,
    end: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

const create = (tpm: SimulatedTpm, template: Buffer, { hierarchy = endorsement, auth = '' } = {}): Buffer =>
  tpm.execute(
    commandOf('CreatePrimary', {
      handles: [hierarchy],
      sessions: [password()],
      parameters: primaryParameters(template, Buffer.from(auth)),
    }),
  );
const start = (tpm: SimulatedTpm, hash = 0x0b): Buffer =>
  tpm.execute(commandOf('StartAuthSession', { handles: [none, none], parameters: sessionParameters(hash) }));
const secretOf = (tpm: SimulatedTpm, entity: number, auth = ''): Buffer =>
  tpm.execute(
    commandOf('PolicySecret', {
      handles: [entity, 0x0300_0000],
      sessions: [password(auth)],
      parameters: secretParameters,
    }),
  );
const changeAuth = (tpm: SimulatedTpm, hierarchy: number, from: string, to: string): number =>
  codeOf(
    tpm.execute(
      commandOf('HierarchyChangeAuth', {
        handles: [hierarchy],
        sessions: [password(from)],
        parameters: sized(Buffer.from(to)),
      }),
    ),
  );

test('the endorsement key is the one that it was made with, and its certificate says so', async () => {
  const { tpm } = await newTpm();
  const found = await openTpm(transportTo(tpm)).endorsement({ kind: 'rsa2048' }, never);
  const certificate = new X509Certificate(found.certificate?.bytes ?? Buffer.alloc(0));
  expect(certificate.verify(tpmRoot.publicKey)).toBe(true);
  const key = keyObjectOf(readPublicArea(found.public, 'EK').key, 'EK');
  expect(certificate.publicKey.equals(key)).toBe(true);
  expect(createPublicKey((await made()).ekKey).equals(key)).toBe(true);
});

test('it says that it is a practice TPM', async () => {
  const { tpm } = await newTpm();
  expect(await openTpm(transportTo(tpm)).describe(never)).toEqual({
    manufacturer: 'BMPT',
    vendor: 'practice TPM',
    firmware: '1.0.0.0',
    ownerAuthSet: false,
    endorsementAuthSet: false,
    lockoutAuthSet: false,
    inLockout: false,
  });
});

test('a certificate longer than a piece of NV is read in pieces', async () => {
  const { ekKey } = await made();
  const certificate = randomBytes(2_500);
  const { tpm } = await newTpm({ made: { ekKey, certificate } });
  const { certificate: read } = await openTpm(transportTo(tpm)).endorsement({ kind: 'rsa2048' }, never);
  expect(read?.bytes).toEqual(certificate);
});

describe('a credential', () => {
  /** Both keys, a session that satisfies the endorsement key's policy, and a credential for them. */
  async function prepared(kind: EkKind, secret: Buffer) {
    const { tpm } = await newTpm();
    const [activation, ek] = [create(tpm, activationTemplate), create(tpm, ekTemplate(kind))].map((response) => {
      const area = response.subarray(18, 20 + response.readUInt16BE(18));
      return readPublicArea(Buffer.from(area), 'a key');
    });
    if (!activation || !ek) throw new TypeError('two keys');
    start(tpm, ek.nameAlgorithm === 'sha384' ? 0x0c : 0x0b);
    secretOf(tpm, endorsement);
    const activate = ({ credential, secret: encrypted }: { credential: Buffer; secret: Buffer }): Buffer =>
      tpm.execute(
        commandOf('ActivateCredential', {
          handles: [0x8000_0000, 0x8000_0001],
          sessions: [password(), { handle: 0x0300_0000 }],
          parameters: Buffer.concat([credential, encrypted]),
        }),
      );
    return { challenge: makeCredential(ek, nameOf(activation), secret), activate };
  }

  test.each(['rsa2048', 'p256'] as const)(
    'for the key %s gives its secret to the policy session, once',
    async (kind) => {
      const secret = randomBytes(32);
      const { challenge, activate } = await prepared(kind, secret);
      const response = activate(challenge);
      expect(codeOf(response)).toBe(0);
      expect(response.subarray(16, 48)).toEqual(secret);
      // The session ended with its use.
      expect(codeOf(activate(challenge))).toBe(0x919);
    },
  );

  test.each(['rsa2048', 'p256'] as const)(
    'for the key %s that was changed anywhere is refused with TPM_RC_INTEGRITY of parameter 1',
    async (kind) => {
      const { challenge, activate } = await prepared(kind, randomBytes(32));
      for (let at = 4; at < challenge.credential.length; at += 7) {
        const credential = Buffer.from(challenge.credential);
        credential[at] = (credential[at] ?? 0) ^ 0x10;
        expect(codeOf(activate({ ...challenge, credential }))).toBe(0x1df);
      }
    },
  );

  test('for a P-256 key with another point is refused: as no point, or by its integrity', async () => {
    const { challenge, activate } = await prepared('p256', randomBytes(32));
    const off = Buffer.from(challenge.secret);
    off[10] = (off[10] ?? 0) ^ 1;
    expect(codeOf(activate({ ...challenge, secret: off }))).toBe(0x2e7);
    const { challenge: other } = await prepared('p256', randomBytes(32));
    expect(codeOf(activate({ ...challenge, secret: other.secret }))).toBe(0x1df);
  });

  test('for an RSA key with another secret is refused: by its padding, or by its integrity', async () => {
    const { challenge, activate } = await prepared('rsa2048', randomBytes(32));
    const off = Buffer.from(challenge.secret);
    off[100] = (off[100] ?? 0) ^ 1;
    expect(codeOf(activate({ ...challenge, secret: off }))).toBe(0x2c4);
    const { challenge: other } = await prepared('rsa2048', randomBytes(32));
    expect(codeOf(activate({ ...challenge, secret: other.secret }))).toBe(0x1df);
  });
});

test.each(ekKinds)('without its policy, the key %s opens nothing', async (kind) => {
  const { tpm } = await newTpm();
  create(tpm, activationTemplate);
  create(tpm, ekTemplate(kind));
  start(tpm, kind === 'high-p384' ? 0x0c : 0x0b);
  const activate = commandOf('ActivateCredential', {
    handles: [0x8000_0000, 0x8000_0001],
    sessions: [password(), { handle: 0x0300_0000 }],
    parameters: Buffer.alloc(4),
  });
  expect(codeOf(tpm.execute(activate))).toBe(0xa9d);
});

test('an owner can be set, and is asked for', async () => {
  const { tpm } = await newTpm();
  expect(changeAuth(tpm, owner, '', 'mine')).toBe(0);
  expect(changeAuth(tpm, lockout, '', 'locked')).toBe(0);
  const { ownerAuthSet, endorsementAuthSet, lockoutAuthSet } = await openTpm(transportTo(tpm)).describe(never);
  expect([ownerAuthSet, endorsementAuthSet, lockoutAuthSet]).toEqual([true, false, true]);
  expect(codeOf(create(tpm, activationTemplate, { hierarchy: owner }))).toBe(0x9a2);
  expect(changeAuth(tpm, owner, 'mine', '')).toBe(0);
  expect(codeOf(create(tpm, activationTemplate, { hierarchy: owner }))).toBe(0);
});

test('an endorsement hierarchy with a password gives its keys to whoever knows it', async () => {
  const { tpm } = await newTpm();
  changeAuth(tpm, endorsement, '', 'secret');
  const station = openTpm(transportTo(tpm));
  await refusedAs(station.endorsement({ kind: 'p256' }, never), 'tpm.auth');
  const { public: ek } = await station.endorsement({ kind: 'p256', endorsementAuth: Buffer.from('secret') }, never);
  const { public: key } = await station.activationKey(never);
  const secret = randomBytes(20);
  const challenge = makeCredential(readPublicArea(ek, 'EK'), nameOf(readPublicArea(key, 'key')), secret);
  expect(await station.activate(challenge, never)).toEqual(secret);
});

test('three keys and three sessions may be loaded at a time', async () => {
  const { tpm } = await newTpm();
  const keys = Array.from({ length: 4 }, () => codeOf(create(tpm, activationTemplate)));
  expect(keys).toEqual([0, 0, 0, 0x902]);
  const sessions = Array.from({ length: 4 }, () => codeOf(start(tpm)));
  expect(sessions).toEqual([0, 0, 0, 0x903]);
});

describe('behaviours', () => {
  const behaving = async (behaves: Behaviour) => openTpm(transportTo((await newTpm({ behaves })).tpm));

  test('in failure mode it says who made it, and nothing else', async () => {
    const { tpm } = await newTpm({ behaves: 'failure-mode' });
    expect(codeOf(create(tpm, activationTemplate))).toBe(0x101);
    const manufacturer = commandOf('GetCapability', { parameters: Buffer.concat([u32(6), u32(0x105), u32(1)]) });
    expect(tpm.execute(manufacturer).subarray(-4).toString()).toBe('BMPT');
    await refusedAs((await behaving('failure-mode')).describe(never), 'tpm.failure-mode');
  });

  test('in lockout it says so, refuses what is protected, and still proves who it is', async () => {
    const { tpm } = await newTpm({ behaves: 'lockout' });
    const station = openTpm(transportTo(tpm));
    expect(await station.describe(never)).toMatchObject({ inLockout: true });
    const secret = randomBytes(32);
    expect(await station.activate(await challengeFor(station, 'rsa2048', secret), never)).toEqual(secret);
    await station.close();
    create(tpm, ekTemplate('high-p256'), { auth: 'mine' });
    start(tpm);
    expect(codeOf(secretOf(tpm, 0x8000_0000, 'mine'))).toBe(0x921);
  });

  test('as a TPM 1.2 it knows no command', async () => {
    const error = await refusedAs((await behaving('tpm-1.2')).describe(never), 'tpm.version');
    expect(error.details).toMatchObject({ found: '1.2' });
  });

  test('as a bus that nobody drives it answers no response', async () => {
    await refusedAs((await behaving('silent-garbage')).describe(never), 'tpm.garbled');
  });
});

test('a TPM starts once', async () => {
  const { tpm } = await newTpm();
  const startup = (type: number) => codeOf(tpm.execute(commandOf('Startup', { parameters: Buffer.of(0, type) })));
  expect([startup(1), startup(0), startup(0)]).toEqual([0x1c4, 0, 0x100]);
});

test('no TPM is made with another endorsement key than RSA-2048', async () => {
  const { privateKey } = tpmRoot;
  const ekKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await expect(newTpm({ made: { ekKey, certificate: certify(tpmRoot.publicKey) } })).rejects.toThrow(TypeError);
});
