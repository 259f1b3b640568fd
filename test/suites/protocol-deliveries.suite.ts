import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../drivers/link.ts';
import type {
  CredentialObject,
  Delivered,
  SealTo,
  UnitProtocol,
  UnitSession,
} from '../../drivers/protocols/protocol.ts';
import { makeTpm } from '../../drivers/simulated/tpm/manufacture.ts';
import { makeCredential } from '../../drivers/tpm/credential.ts';
import { nameOf, readPublicArea } from '../../drivers/tpm/public.ts';
import { info, proves, refusal, symmetricKey, type UnitBench } from './protocol.suite.ts';
import { signs } from './protocol-x509.suite.ts';
import { certify } from './simulated-tpm.ts';
import { chainObject, keyObject, pairs, sentKey } from './unit-certificates.ts';
import { sealToOf, tpmGiven } from './units-tpm.ts';

const never = new AbortController().signal;
const { registrationId } = info;
const deliveries = ['channel', 'sealed'] as const;
type Named = CredentialObject & { readonly operation: Buffer };

/** What every unit protocol must do with keys that are delivered encrypted, and with a unit's TPM, over any link. */
export function deliveriesSuite(name: string, protocol: UnitProtocol, makeBench: () => Promise<UnitBench>): void {
  describe(name, () => {
    let bench: UnitBench;
    let link: Link;
    let session: UnitSession;
    let to: SealTo;

    const greet = async () => {
      await link?.close();
      link = await bench.openLink();
      session = await protocol.open(link, never);
    };
    const fresh = (tpm?: Awaited<ReturnType<typeof tpmGiven>>) =>
      bench.freshUnit({
        serial: `SN-${randomBytes(4).toString('hex')}`,
        mac: '02:00:5E:10:00:0A',
        ...(tpm && { tpm }),
      });
    const readSealTo = async (): Promise<SealTo> => {
      const tpm = await session.tpm(never);
      const read = await sealToOf(tpm);
      await tpm.close();
      return read;
    };
    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(async () => {
      await link.close();
      await bench.end();
    });
    beforeEach(async () => {
      await fresh(await tpmGiven());
      await greet();
      await session.provision(info, never);
      to = await readSealTo();
    });

    describe.each(deliveries)('delivery %s', (delivery) => {
      /** The credential as it is sent in this way, to a unit that is taken for that one. */
      const delivered = (credential: Named, id: string = registrationId, sealTo = to): Named => {
        const by: Delivered =
          delivery === 'sealed' ? { delivery, registrationId: id, sealTo } : { delivery, registrationId: id };
        const { operation, kind, bytes, replaces } = credential;
        return { ...by, operation, kind, bytes, ...(replaces && { replaces }) };
      };
      const committed = async (): Promise<Named> => {
        const credential = delivered(symmetricKey());
        await session.stage(credential, never);
        await session.commit(credential.operation, never);
        return credential;
      };

      test('a credential is proven after its commit, and another key is not', async () => {
        const credential = delivered(symmetricKey());
        await session.stage(credential, never);
        expect(await session.status(never)).toMatchObject({ state: 'staged', operation: credential.operation });
        await refusal(proves(session, credential), 'unit.refused', [credential.bytes]);
        await session.commit(credential.operation, never);
        expect(await proves(session, credential)).toBe(true);
        expect(await proves(session, { ...credential, bytes: randomBytes(32) })).toBe(false);
      });

      test('a private key that is longer than a frame is delivered so, and its chain in clear', async () => {
        const { key, chain, publicKey } = sentKey(pairs.rsa2048);
        const sent = delivered(keyObject(randomBytes(16), key));
        await session.stage(sent, never);
        await session.stage({ ...delivered(chainObject(sent.operation, chain)), kind: 'chain' }, never);
        await session.commit(sent.operation, never);
        expect(await session.readChain(sent.operation, never)).toEqual(chain);
        expect(await signs(session, sent.operation, publicKey)).toBe(true);
      });

      test('a unit that was provisioned under another registration ID cannot open it, and holds nothing', async () => {
        const credential = symmetricKey();
        const error = await refusal(session.stage(delivered(credential, 'sn-000002'), never), 'unit.refused', [
          credential.bytes,
        ]);
        expect(error.details).toEqual({ what: 'symmetric-key', reason: 'it could not open what was delivered' });
        expect(await session.status(never)).toMatchObject({ state: 'none' });
        await session.stage(delivered(credential), never);
        await session.commit(credential.operation, never);
        expect(await proves(session, credential)).toBe(true);
      });

      test('a unit that has no registration ID takes nothing', async () => {
        await fresh(await tpmGiven());
        await greet();
        const error = await refusal(session.stage(delivered(symmetricKey()), never), 'unit.refused');
        expect(error.details.reason).toBe('it has no provisioning information');
      });

      test('what was staged is staged anew, with the same bytes or others, in any way', async () => {
        const first = delivered(symmetricKey());
        await session.stage(first, never);
        await session.stage(first, never);
        const clear = { ...symmetricKey(), operation: first.operation };
        await session.stage(clear, never);
        const last = delivered({ ...clear, bytes: randomBytes(32) });
        await session.stage(last, never);
        await session.commit(last.operation, never);
        expect(await proves(session, last)).toBe(true);
        expect(await proves(session, clear)).toBe(false);
      });

      test('the operation in force is answered the same, and the proof decides which key it is', async () => {
        const credential = await committed();
        await session.stage(credential, never);
        const other = { ...credential, bytes: randomBytes(32) };
        await session.stage(other, never);
        await session.commit(credential.operation, never);
        expect(await proves(session, credential)).toBe(true);
        expect(await proves(session, other)).toBe(false);
        const { key } = sentKey();
        const wrongKind = delivered(keyObject(credential.operation, key));
        await refusal(session.stage(wrongKind, never), 'unit.other-credential', [key]);
      });

      test('a committed unit refuses another credential, but a replacement that names its own', async () => {
        const credential = await committed();
        const other = delivered(symmetricKey());
        await refusal(session.stage(other, never), 'unit.other-credential', [other.bytes]);
        const next = { ...other, replaces: credential.operation };
        await session.stage(next, never);
        expect(await proves(session, credential)).toBe(true);
        await session.commit(next.operation, never);
        expect(await proves(session, next)).toBe(true);
      });

      test('a locked unit takes nothing new and answers for its own', async () => {
        const credential = await committed();
        await session.lock(credential.operation, never);
        await session.stage(credential, never);
        expect(await proves(session, credential)).toBe(true);
        const next = { ...delivered(symmetricKey()), replaces: credential.operation };
        await refusal(session.stage(next, never), 'unit.refused', [next.bytes]);
      });

      test('a unit that is ended without a word keeps what it answered for, and takes it again', async () => {
        const credential = delivered(symmetricKey());
        await session.stage(credential, never);
        await link.close();
        await bench.restartUnit();
        await greet();
        expect(await session.status(never)).toMatchObject({ state: 'staged', operation: credential.operation });
        await session.stage(credential, never);
        await session.commit(credential.operation, never);
        expect(await proves(session, credential)).toBe(true);
      });
    });

    describe('the TPM', () => {
      test('what is sealed to another TPM is refused, and nothing is staged', async () => {
        const other = await makeTpm(certify);
        await fresh({ ekKey: other.ekKey, certificate: other.certificate.toString('base64') });
        await greet();
        await session.provision(info, never);
        const sealed = { ...symmetricKey(), delivery: 'sealed', registrationId, sealTo: to } as const;
        const error = await refusal(session.stage(sealed, never), 'unit.refused', [sealed.bytes]);
        expect(error.details.reason).toBe('it could not open what was delivered');
        expect(await session.status(never)).toMatchObject({ state: 'none' });
      });

      test('a challenge that is made for its keys is activated, and one for another key is not', async () => {
        const secret = randomBytes(32);
        const tpm = await session.tpm(never);
        const { public: endorsementKey } = await tpm.endorsement({ kind: 'rsa2048' }, never);
        const { public: activationKey } = await tpm.activationKey(never);
        const ek = readPublicArea(endorsementKey, 'the endorsement key');
        const name = nameOf(readPublicArea(activationKey, 'the activation key'));
        expect(await tpm.activate(makeCredential(ek, name, secret), never)).toEqual(secret);
        const wrong = Buffer.from(name);
        wrong[33] = (wrong[33] ?? 0) ^ 1;
        await refusal(tpm.activate(makeCredential(ek, wrong, secret), never), 'tpm.not-activated', [secret]);
        await tpm.close();
      });

      test('that is made from the same maker’s key is the same after a restart', async () => {
        await link.close();
        await bench.restartUnit();
        await greet();
        expect(await readSealTo()).toEqual(to);
      });

      test('a unit without one says so, and takes nothing that is sealed', async () => {
        await fresh();
        await greet();
        await session.provision(info, never);
        expect((await refusal(session.tpm(never), 'unit.cannot')).details).toEqual({ what: 'tpm' });
        const sealed = { ...symmetricKey(), delivery: 'sealed', registrationId, sealTo: to } as const;
        const error = await refusal(session.stage(sealed, never), 'unit.cannot', [sealed.bytes]);
        expect(error.details).toEqual({ what: 'delivery-sealed' });
      });
    });
  });
}
