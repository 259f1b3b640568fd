import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../drivers/link.ts';
import { possessionHmacHolds, possessionMessage } from '../../drivers/protocols/possession.ts';
import type { CredentialObject, UnitAccess, UnitProtocol, UnitSession } from '../../drivers/protocols/protocol.ts';
import { type ErrorCode, StationError } from '../../station-core/contract/errors.ts';

/** What a unit says of itself, and the key with its certificate chain, and the TPM, that it comes with, if any. */
export type UnitOnBench = {
  readonly serial: string;
  readonly mac: string;
  readonly own?: { readonly key: string; readonly chain: string };
  readonly tpm?: { readonly ekKey: string; readonly certificate: string };
};

/** A unit that speaks the protocol, and what a technician can do to it. */
export type UnitBench = {
  /** Puts a unit that was never used in place of the one that was there. */
  freshUnit(facts: UnitOnBench): Promise<void>;
  openLink(): Promise<Link>;
  /** Lets the link that was opened last be lost. */
  cutLink(): Promise<void>;
  /** Ends the unit without a word and starts it again. */
  restartUnit(): Promise<void>;
  silenceUnit(silent: boolean): Promise<void>;
  end(): Promise<void>;
};

const never = new AbortController().signal;
export const info = {
  idScope: '0ne00000001',
  endpoint: 'global.azure-devices-provisioning.net',
  registrationId: 'sn-000001',
} as const;

export const symmetricKey = (length = 32): CredentialObject & { operation: Buffer } => ({
  operation: randomBytes(16),
  kind: 'symmetric-key',
  delivery: 'clear',
  bytes: randomBytes(length),
});

/** Expects a StationError of that code, whose words hold none of the secrets, and gives it. */
export async function refusal(promise: Promise<unknown>, code: ErrorCode, secrets: readonly Buffer[] = []) {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StationError)) throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  expect(error.code).toBe(code);
  const words = JSON.stringify([error.toData(), error.message, error.stack]);
  for (const secret of secrets) {
    for (const form of ['hex', 'base64'] as const) expect(words).not.toContain(secret.toString(form));
  }
  return error;
}

/** Whether the unit proves that it holds exactly this credential. */
export async function proves(session: UnitSession, credential: CredentialObject): Promise<boolean> {
  const { operation, bytes } = credential;
  const stationNonce = randomBytes(32);
  const { unitNonce, proof } = await session.prove(operation, info.registrationId, stationNonce, never);
  const message = possessionMessage({ operation, registrationId: info.registrationId, stationNonce, unitNonce });
  return possessionHmacHolds(bytes, message, proof);
}

export type ProtocolUnderTest = {
  readonly protocol: UnitProtocol;
  /** The same with so little patience that a silent unit is found out at once. */
  readonly impatient: UnitProtocol;
  /** What a recipe gives it to reach its units by. */
  readonly access?: UnitAccess;
};

/** What every conversation must do, whatever its unit keeps; called inside of a suite. */
export function conversationTests(
  at: () => { readonly bench: UnitBench; readonly link: Link; readonly session: UnitSession },
  under: ProtocolUnderTest,
): void {
  test('a unit that was never used holds nothing and is not locked', async () => {
    expect(await at().session.status(never)).toEqual({ state: 'none', locked: false });
  });

  test('a silent unit on a live link blames the unit and names what was asked, and can be asked again', async () => {
    await at().bench.silenceUnit(true);
    const error = await refusal(under.impatient.open(at().link, never, under.access), 'unit.silent');
    expect(error.blame).toBe('unit');
    expect(error.details).toEqual({ what: 'hello' });
    expect(at().link.lost.aborted).toBe(false);
    await at().bench.silenceUnit(false);
    expect((await under.protocol.open(at().link, never, under.access)).hello.version).toBe(1);
  });

  test('a lost link blames the station, at once and for every later call', async () => {
    await at().bench.silenceUnit(true);
    const asked = at().session.identity(never);
    const lost = refusal(asked, 'link.lost');
    await at().bench.cutLink();
    expect((await lost).blame).toBe('station');
    expect(at().link.lost.reason).toMatchObject({ code: 'link.lost' });
    await refusal(at().session.status(never), 'link.lost');
    await refusal(under.protocol.open(at().link, never, under.access), 'link.lost');
  });

  test('a call ends with its signal, and with its reason', async () => {
    await at().bench.silenceUnit(true);
    const stop = new AbortController();
    const asked = at().session.identity(stop.signal);
    stop.abort(new StationError('run.aborted', { who: 'a test' }));
    await refusal(asked, 'run.aborted');
    await refusal(at().session.identity(stop.signal), 'run.aborted');
    await at().bench.silenceUnit(false);
    expect(await at().session.status(never)).toMatchObject({ state: 'none' });
  });

  test('a link that was closed is lost, and closing it twice is no error', async () => {
    await at().link.close();
    await at().link.close();
    await refusal(at().session.status(never), 'link.lost');
  });
}

/** What every unit protocol must do that keeps credentials under operation ids, over any link. */
export function protocolSuite(name: string, under: ProtocolUnderTest, makeBench: () => Promise<UnitBench>): void {
  describe(name, () => {
    let bench: UnitBench;
    let link: Link;
    let session: UnitSession;

    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(async () => {
      await link.close();
      await bench.end();
    });
    beforeEach(async () => {
      await link?.close();
      await bench.freshUnit({ serial: `SN-${randomBytes(4).toString('hex')}`, mac: '02:00:5E:10:00:0A' });
      link = await bench.openLink();
      session = await under.protocol.open(link, never);
    });

    const committed = async (): Promise<CredentialObject & { operation: Buffer }> => {
      const credential = symmetricKey();
      await session.provision(info, never);
      await session.stage(credential, never);
      await session.commit(credential.operation, never);
      return credential;
    };

    test('a unit says its version, what it can do, where it keeps its credential and that it is simulated', () => {
      expect(session.hello).toMatchObject({ version: 1, storage: 'file', simulated: true });
      expect(session.hello.capabilities).toContain('symmetric-key');
    });

    conversationTests(() => ({ bench, link, session }), under);

    test('a unit says the serial and the MAC that it has', async () => {
      await bench.freshUnit({ serial: 'SN-OWN-1', mac: '02:00:5E:10:00:0B' });
      const said = await session.identity(never);
      expect(said).toMatchObject({ serial: 'SN-OWN-1', mac: '02:00:5E:10:00:0B' });
    });

    test('a credential that was staged and committed is proven, and another key is not', async () => {
      const credential = await committed();
      expect(await session.status(never)).toEqual({
        state: 'committed',
        operation: credential.operation,
        locked: false,
      });
      expect(await proves(session, credential)).toBe(true);
      expect(await proves(session, { ...credential, bytes: randomBytes(32) })).toBe(false);
    });

    test('the proof is over both nonces, so two proofs for one station nonce differ', async () => {
      const credential = await committed();
      const nonce = Buffer.alloc(32, 7);
      const prove = () => session.prove(credential.operation, info.registrationId, nonce, never);
      const [first, second] = [await prove(), await prove()];
      expect(first.proof.equals(second.proof)).toBe(false);
      expect(createHmac('sha256', credential.bytes).update(nonce).digest().equals(first.proof)).toBe(false);
    });

    test('a staged credential is not in force', async () => {
      const credential = symmetricKey();
      await session.provision(info, never);
      await session.stage(credential, never);
      expect(await session.status(never)).toMatchObject({ state: 'staged', operation: credential.operation });
      await refusal(proves(session, credential), 'unit.refused', [credential.bytes]);
    });

    test('another credential takes the place of one that is only staged', async () => {
      const [first, second] = [symmetricKey(), symmetricKey()];
      await session.provision(info, never);
      await session.stage(first, never);
      await session.stage(second, never);
      await session.commit(second.operation, never);
      expect(await proves(session, second)).toBe(true);
    });

    test('the same operation staged with other bytes is replaced before it is in force', async () => {
      const first = symmetricKey();
      const second = { ...first, bytes: randomBytes(32) };
      await session.provision(info, never);
      await session.stage(first, never);
      await session.stage(second, never);
      await session.commit(first.operation, never);
      expect(await proves(session, second)).toBe(true);
    });

    test('the same operation with the same credential is answered the same, however often', async () => {
      const credential = await committed();
      await session.stage(credential, never);
      await session.commit(credential.operation, never);
      expect(await session.status(never)).toMatchObject({ state: 'committed', operation: credential.operation });
      expect(await proves(session, credential)).toBe(true);
    });

    test('a committed unit refuses another credential and keeps its own', async () => {
      const credential = await committed();
      const other = symmetricKey();
      const sameName = { ...credential, bytes: randomBytes(32) };
      await refusal(session.stage(other, never), 'unit.other-credential', [other.bytes]);
      await refusal(session.stage(sameName, never), 'unit.other-credential', [sameName.bytes]);
      await refusal(session.commit(other.operation, never), 'unit.other-credential');
      expect(await proves(session, credential)).toBe(true);
    });

    test('a replacement that names the operation in force is taken, and switches only when committed', async () => {
      const credential = await committed();
      const next = { ...symmetricKey(), replaces: credential.operation };
      await refusal(session.stage({ ...next, replaces: randomBytes(16) }, never), 'unit.other-credential');
      await session.stage(next, never);
      expect(await proves(session, credential)).toBe(true);
      await session.commit(next.operation, never);
      expect(await proves(session, next)).toBe(true);
      await refusal(proves(session, credential), 'unit.other-credential');
    });

    test('nothing is committed that was not staged', async () => {
      await refusal(session.commit(randomBytes(16), never), 'unit.refused');
      expect(await session.status(never)).toMatchObject({ state: 'none' });
    });

    test('a credential longer than a frame arrives whole', async () => {
      const credential = symmetricKey(2500);
      await session.provision(info, never);
      await session.stage(credential, never);
      await session.commit(credential.operation, never);
      expect(await proves(session, credential)).toBe(true);
    });

    test('provisioning again with the same values changes nothing, with other values it takes the new ones', async () => {
      const credential = await committed();
      await session.provision(info, never);
      expect(await proves(session, credential)).toBe(true);
      await session.provision({ ...info, registrationId: 'sn-000002' }, never);
      await refusal(proves(session, credential), 'unit.refused');
      await session.provision(info, never);
      expect(await proves(session, credential)).toBe(true);
    });

    test('a locked unit takes nothing new, still proves its credential and answers the same lock the same', async () => {
      const credential = await committed();
      await refusal(session.lock(randomBytes(16), never), 'unit.other-credential');
      await session.lock(credential.operation, never);
      await session.lock(credential.operation, never);
      expect(await session.status(never)).toMatchObject({ state: 'committed', locked: true });
      await refusal(session.provision({ ...info, idScope: '0ne00000002' }, never), 'unit.refused');
      await refusal(session.stage({ ...symmetricKey(), replaces: credential.operation }, never), 'unit.refused');
      await session.provision(info, never);
      expect(await proves(session, credential)).toBe(true);
    });

    test('a unit without a credential is not locked', async () => {
      await refusal(session.lock(randomBytes(16), never), 'unit.refused');
    });

    test('a unit that is ended without a word keeps its credential', async () => {
      const credential = await committed();
      await link.close();
      await bench.restartUnit();
      link = await bench.openLink();
      session = await under.protocol.open(link, never);
      expect(await session.status(never)).toMatchObject({ state: 'committed', operation: credential.operation });
      expect(await proves(session, credential)).toBe(true);
    });
  });
}
