import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../drivers/link.ts';
import { possessionMessage, possessionSignatureHolds } from '../../drivers/protocols/possession.ts';
import type { UnitProtocol, UnitSession } from '../../drivers/protocols/protocol.ts';
import { info, proves, refusal, symmetricKey, type UnitBench } from './protocol.suite.ts';
import { chainFor, chainObject, keyObject, ownKey, pairs, requestedKey, sentKey } from './unit-certificates.ts';

const never = new AbortController().signal;
const { registrationId } = info;

/** Whether the unit proves that it holds the private half of this key under this operation. */
export async function signs(session: UnitSession, operation: Buffer, publicKey: KeyObject): Promise<boolean> {
  const stationNonce = randomBytes(32);
  const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, never);
  const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
  return possessionSignatureHolds(publicKey, message, proof);
}

/** What every unit protocol must do with private keys and certificates, over any link. */
export function x509Suite(name: string, protocol: UnitProtocol, makeBench: () => Promise<UnitBench>): void {
  describe(name, () => {
    let bench: UnitBench;
    let link: Link;
    let session: UnitSession;
    let operation: Buffer;

    const greet = async () => {
      await link?.close();
      link = await bench.openLink();
      session = await protocol.open(link, never);
    };
    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(async () => {
      await link.close();
      await bench.end();
    });
    beforeEach(async () => {
      await bench.freshUnit({ serial: `SN-${randomBytes(4).toString('hex')}`, mac: '02:00:5E:10:00:0A' });
      await greet();
      await session.provision(info, never);
      operation = randomBytes(16);
    });

    const make = async (of = operation, replaces?: Buffer): Promise<KeyObject> => {
      const asked = { operation: of, algorithm: 'p256', ...(replaces && { replaces }) } as const;
      return requestedKey(await session.makeKey(asked, never));
    };
    const takeChain = async (chain: Buffer, of = operation): Promise<void> => {
      await session.stage(chainObject(of, chain), never);
      await session.commit(of, never);
    };
    const committed = async (): Promise<KeyObject> => {
      const key = await make();
      await takeChain(chainFor(key));
      return key;
    };
    const same = (one: KeyObject, other: KeyObject) => one.equals(other);

    test('a key that the unit made is proven once the chain for it is committed, and another key is not', async () => {
      const key = await make();
      const chain = chainFor(key);
      expect(await session.status(never)).toEqual({ state: 'staged', operation, locked: false });
      await session.stage(chainObject(operation, chain), never);
      expect(await session.readChain(operation, never)).toEqual(chain);
      await refusal(signs(session, operation, key), 'unit.refused');
      await session.commit(operation, never);
      expect(await session.status(never)).toEqual({ state: 'committed', operation, locked: false });
      expect(await session.readChain(operation, never)).toEqual(chain);
      expect(await signs(session, operation, key)).toBe(true);
      expect(await signs(session, operation, pairs.p256().publicKey)).toBe(false);
    });

    test('the same operation is answered with the same key, before and after it is in force', async () => {
      const key = await make();
      expect(same(await make(), key)).toBe(true);
      await session.stage(chainObject(operation, chainFor(key)), never);
      expect(same(await make(), key)).toBe(true);
      await session.commit(operation, never);
      expect(same(await make(), key)).toBe(true);
      expect(await signs(session, operation, key)).toBe(true);
    });

    test('another operation makes another key and forgets the one that was pending', async () => {
      const first = await make();
      const other = randomBytes(16);
      expect(same(await make(other), first)).toBe(false);
      await refusal(session.stage(chainObject(operation, chainFor(first)), never), 'unit.refused');
      expect(same(await make(), first)).toBe(false);
    });

    test('another kind of key is made anew while pending, and refused once one is in force', async () => {
      const asked = { operation, algorithm: 'p384' } as const;
      await make();
      expect(requestedKey(await session.makeKey(asked, never)).asymmetricKeyDetails).toEqual({
        namedCurve: 'secp384r1',
      });
      await committed();
      await refusal(session.makeKey(asked, never), 'unit.other-credential');
    });

    test('a chain for another key is refused and the key stays, so that the right chain can follow', async () => {
      const key = await make();
      const wrong = chainFor(pairs.p256().publicKey);
      const error = await refusal(session.stage(chainObject(operation, wrong), never), 'unit.refused');
      expect(error.details).toEqual({ what: 'chain', reason: 'the certificate is not for its key' });
      await refusal(session.readChain(operation, never), 'unit.refused');
      await takeChain(chainFor(key));
      expect(await signs(session, operation, key)).toBe(true);
    });

    test('another chain for the same key takes the place of one that is only staged', async () => {
      const key = await make();
      const [first, second] = [chainFor(key, 'first'), chainFor(key, 'second')];
      await session.stage(chainObject(operation, first), never);
      await session.stage(chainObject(operation, second), never);
      await session.commit(operation, never);
      expect(await session.readChain(operation, never)).toEqual(second);
      await refusal(session.stage(chainObject(operation, first), never), 'unit.other-credential');
      await session.stage(chainObject(operation, second), never);
    });

    test('what is no chain, or comes without a key, is refused', async () => {
      await refusal(session.stage(chainObject(operation, chainFor(pairs.p256().publicKey)), never), 'unit.refused');
      await make();
      const error = await refusal(session.stage(chainObject(operation, Buffer.from('no PEM')), never), 'unit.refused');
      expect(error.details.reason).toBe('it cannot use the object');
    });

    test('a key without its chain is not committed', async () => {
      await make();
      const error = await refusal(session.commit(operation, never), 'unit.refused');
      expect(error.details.reason).toBe('it has no certificate chain of this operation');
      expect(await session.status(never)).toMatchObject({ state: 'staged', operation });
    });

    test('a kind of key that the unit does not make is not asked for', async () => {
      const error = await refusal(session.makeKey({ operation, algorithm: 'rsa4096' }, never), 'unit.cannot');
      expect(error.details).toEqual({ what: 'key-rsa4096' });
    });

    test('a unit that was not provisioned has no name to ask a certificate for, and makes no key', async () => {
      await bench.freshUnit({ serial: 'SN-BARE', mac: '02:00:5E:10:00:0B' });
      await greet();
      await refusal(make(), 'unit.refused');
      expect(await session.status(never)).toEqual({ state: 'none', locked: false });
    });

    test.each(Object.keys(pairs) as (keyof typeof pairs)[])(
      'a %s key that the station made is proven with its chain, and gives no certificate request',
      async (kind) => {
        const { key, chain, publicKey } = sentKey(pairs[kind]);
        await session.stage(keyObject(operation, key), never);
        await takeChain(chain);
        expect(await session.readChain(operation, never)).toEqual(chain);
        expect(await signs(session, operation, publicKey)).toBe(true);
        await session.stage(keyObject(operation, key), never);
        await refusal(make(), 'unit.other-credential');
      },
    );

    test('a private key that is none, and an operation that is another kind of credential, are refused', async () => {
      await refusal(session.stage(keyObject(operation, randomBytes(120)), never), 'unit.refused');
      const credential = symmetricKey();
      await session.stage(credential, never);
      await session.commit(credential.operation, never);
      const { key, chain } = sentKey();
      const { operation: taken } = credential;
      await refusal(session.stage(keyObject(taken, key), never), 'unit.other-credential', [key]);
      await refusal(session.stage(chainObject(taken, chain), never), 'unit.refused');
      expect(await proves(session, credential)).toBe(true);
    });

    test('a committed unit makes no key for another operation unless that names the one in force', async () => {
      const key = await committed();
      const next = randomBytes(16);
      await refusal(make(next), 'unit.other-credential');
      await refusal(session.readChain(next, never), 'unit.other-credential');
      const nextKey = await make(next, operation);
      const chain = chainFor(nextKey);
      await session.stage(chainObject(next, chain), never);
      expect(await session.readChain(next, never)).toEqual(chain);
      expect(await signs(session, operation, key)).toBe(true);
      await session.commit(next, never);
      expect(await signs(session, next, nextKey)).toBe(true);
      await refusal(session.readChain(operation, never), 'unit.other-credential');
    });

    test('a certificate takes the place of a symmetric key, and a symmetric key that of a certificate', async () => {
      const first = symmetricKey();
      await session.stage(first, never);
      await session.commit(first.operation, never);
      const key = await make(operation, first.operation);
      await takeChain(chainFor(key));
      expect(await signs(session, operation, key)).toBe(true);
      const last = { ...symmetricKey(), replaces: operation };
      await session.stage(last, never);
      await session.commit(last.operation, never);
      expect(await proves(session, last)).toBe(true);
    });

    test('a locked unit makes no new key, and still answers for the one in force', async () => {
      const key = await committed();
      await session.lock(operation, never);
      await refusal(make(randomBytes(16), operation), 'unit.refused');
      expect(same(await make(), key)).toBe(true);
      expect(await signs(session, operation, key)).toBe(true);
    });

    test('a unit that is ended without a word keeps the key that it made, pending or in force', async () => {
      const key = await make();
      await link.close();
      await bench.restartUnit();
      await greet();
      expect(same(await make(), key)).toBe(true);
      await takeChain(chainFor(key));
      await link.close();
      await bench.restartUnit();
      await greet();
      expect(await signs(session, operation, key)).toBe(true);
    });

    test('a chain as long as four certificates of RSA-4096 keys arrives whole and is read back whole', async () => {
      const chain = chainFor(await make());
      const long = Buffer.concat(Array.from({ length: Math.floor(16_384 / chain.length) }, () => chain));
      await takeChain(long);
      expect(await session.readChain(operation, never)).toEqual(long);
    });

    test('a unit that came with a certificate shows it, and proves its key under the operation of its chain', async () => {
      const own = ownKey('SN-OWN');
      await bench.freshUnit({ serial: `SN-OWN-${operation.toString('hex')}`, mac: '02:00:5E:10:00:0C', own });
      await greet();
      const found = await session.ownCertificate(never);
      expect(found.chain.toString('latin1')).toBe(own.chain);
      expect(found.operation).toEqual(createHash('sha256').update(own.chain).digest().subarray(0, 16));
      expect(await session.status(never)).toMatchObject({ state: 'committed', operation: found.operation });
      await session.provision(info, never);
      expect(await signs(session, found.operation, own.publicKey)).toBe(true);
      await refusal(make(), 'unit.other-credential');
      await takeChain(chainFor(await make(operation, found.operation)));
      await refusal(session.ownCertificate(never), 'unit.refused');
      await greet();
      await refusal(session.ownCertificate(never), 'unit.cannot');
    });
  });
}
