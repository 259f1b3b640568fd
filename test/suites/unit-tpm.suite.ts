import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCredential } from '../../drivers/tpm/credential.ts';
import { brokenKeyRule, nameOf, readPublicArea } from '../../drivers/tpm/public.ts';
import { isOfKind } from '../../drivers/tpm/templates.ts';
import type { EkKind, UnitTpm } from '../../drivers/tpm/unit-tpm.ts';
import { ekKinds } from '../../drivers/tpm/unit-tpm.ts';
import { type ErrorCode, StationError } from '../../station-core/contract/errors.ts';

const never = new AbortController().signal;

/** A way to a TPM that works, as a suite needs it. */
export type TpmBench = {
  open(): Promise<UnitTpm>;
  /** Handles that are loaded in the TPM now: transient objects and sessions. */
  loaded(): Promise<number>;
  /** The certificate of the RSA key, or none. */
  readonly hasCertificate: boolean;
  /** Kinds that the TPM has; all where it is left out. */
  readonly kinds?: readonly EkKind[];
  end(): Promise<void>;
};

/** Expects a StationError of that code. */
export async function refusedAs(promise: Promise<unknown>, code: ErrorCode): Promise<StationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StationError)) throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  expect(error.code).toBe(code);
  return error;
}

/** A challenge for the keys that the TPM shows. */
export async function challengeFor(tpm: UnitTpm, kind: EkKind, secret: Buffer) {
  const { public: ek } = await tpm.endorsement({ kind }, never);
  const { public: key } = await tpm.activationKey(never);
  return makeCredential(readPublicArea(ek, 'EK'), nameOf(readPublicArea(key, 'key')), secret);
}

/** What every way to a unit's TPM must do, whatever TPM is behind it. */
export function unitTpmSuite(name: string, makeBench: () => Promise<TpmBench>): void {
  describe(name, () => {
    let bench: TpmBench;
    let tpm: UnitTpm;

    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(() => bench.end());
    beforeEach(async () => {
      tpm = await bench.open();
    });
    afterEach(() => tpm.close());

    test('a TPM says who made it, and that nobody owns it', async () => {
      const said = await tpm.describe(never);
      expect(said.manufacturer).toMatch(/^[\x20-\x7e]{1,4}$/);
      expect(said.firmware).toMatch(/^\d+(\.\d+){3}$/);
      expect(said).toMatchObject({ ownerAuthSet: false, endorsementAuthSet: false, inLockout: false });
    });

    test.each(ekKinds)(
      'the endorsement key %s is in the form of DPS, of its template, and the same again',
      async (kind) => {
        if (bench.kinds && !bench.kinds.includes(kind)) return;
        const first = await tpm.endorsement({ kind }, never);
        const area = readPublicArea(first.public, 'EK');
        expect(first.public.readUInt16BE(0)).toBe(first.public.length - 2);
        expect(brokenKeyRule(area)).toBeUndefined();
        expect(isOfKind(area, kind)).toBe(true);
        await tpm.close();
        tpm = await bench.open();
        expect((await tpm.endorsement({ kind }, never)).public).toEqual(first.public);
      },
    );

    test.each(ekKinds)('a challenge for the endorsement key %s gives its secret out again', async (kind) => {
      if (bench.kinds && !bench.kinds.includes(kind)) return;
      const secret = randomBytes(32);
      const challenge = await challengeFor(tpm, kind, secret);
      expect(await tpm.activate(challenge, never)).toEqual(secret);
    });

    test('a challenge may hold a short secret, and several follow each other', async () => {
      for (const length of [1, 16, 31, 32]) {
        const secret = randomBytes(length);
        expect(await tpm.activate(await challengeFor(tpm, 'rsa2048', secret), never)).toEqual(secret);
      }
    });

    test('a challenge that was changed anywhere is not activated, and the next one is', async () => {
      const secret = randomBytes(32);
      const challenge = await challengeFor(tpm, 'rsa2048', secret);
      for (const [part, at] of [
        ['credential', 4],
        ['credential', 40],
        ['secret', 20],
        ['secret', 200],
      ] as const) {
        const changed = { ...challenge, [part]: Buffer.from(challenge[part]) };
        changed[part][at] = (changed[part][at] ?? 0) ^ 1;
        await refusedAs(tpm.activate(changed, never), 'tpm.not-activated');
      }
      expect(await tpm.activate(challenge, never)).toEqual(secret);
    });

    test('a challenge for another name is not activated', async () => {
      const { public: ek } = await tpm.endorsement({ kind: 'rsa2048' }, never);
      await tpm.activationKey(never);
      const name = Buffer.concat([Buffer.from([0, 0x0b]), randomBytes(32)]);
      const challenge = makeCredential(readPublicArea(ek, 'EK'), name, randomBytes(32));
      await refusedAs(tpm.activate(challenge, never), 'tpm.not-activated');
    });

    test('the activation key is one of this TPM alone, and its name follows from its public part', async () => {
      const { public: bytes, name: said } = await tpm.activationKey(never);
      const area = readPublicArea(bytes, 'key');
      expect(brokenKeyRule(area)).toBeUndefined();
      expect(nameOf(area)).toEqual(said);
    });

    test('the RSA key’s certificate comes with it where the TPM has one', async () => {
      const { certificate } = await tpm.endorsement({ kind: 'rsa2048' }, never);
      expect(certificate?.index).toBe(bench.hasCertificate ? 0x01c0_0002 : undefined);
      if (certificate) expect(certificate.bytes.readUInt8(0)).toBe(0x30);
    });

    test('a wrong authorisation of the endorsement hierarchy is refused as one', async () => {
      await tpm.endorsement({ kind: 'rsa2048', endorsementAuth: Buffer.from('wrong') }, never).then(
        async () => {
          // Where the key is persistent, the authorisation is needed at activation.
          await refusedAs(tpm.activationKey(never), 'tpm.auth');
        },
        (thrown: unknown) => expect(thrown).toMatchObject({ code: 'tpm.auth' }),
      );
    });

    test('ownership is taken once, and seen', async () => {
      await tpm.takeOwnership(Buffer.from('owner'), never);
      expect(await tpm.describe(never)).toMatchObject({ ownerAuthSet: true });
      await refusedAs(tpm.takeOwnership(Buffer.from('another'), never), 'tpm.auth');
      // A TPM that is owned still shows and proves its endorsement key.
      const secret = randomBytes(32);
      expect(await tpm.activate(await challengeFor(tpm, 'rsa2048', secret), never)).toEqual(secret);
    });

    test('nothing stays loaded behind a conversation, whether it went well or not', async () => {
      const challenge = await challengeFor(tpm, 'high-p256', randomBytes(32));
      await tpm.activate(challenge, never);
      challenge.credential[10] = (challenge.credential[10] ?? 0) ^ 1;
      await refusedAs(tpm.activate(challenge, never), 'tpm.not-activated');
      await tpm.close();
      await tpm.close();
      expect(await bench.loaded()).toBe(0);
    });
  });
}
