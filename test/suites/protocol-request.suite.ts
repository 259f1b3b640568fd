import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { csrSignatureHolds, readCsr } from '../../drivers/asn1/csr.ts';
import type { Link } from '../../drivers/link.ts';
import type { UnitSession } from '../../drivers/protocols/protocol.ts';
import {
  conversationTests,
  info,
  type ProtocolUnderTest,
  refusal,
  symmetricKey,
  type UnitBench,
} from './protocol.suite.ts';
import { chainFor, chainObject, keyObject, pairs, requestedKey } from './unit-certificates.ts';

const never = new AbortController().signal;
const file = { path: '/x', mode: 0o600, bytes: Buffer.from('x') } as const;

/**
 * What every unit protocol must do whose one proof is the certificate request, over any link: the unit signs nothing later, keeps no
 * operation ids, and answers digests of what it holds.
 */
export function requestProofSuite(name: string, under: ProtocolUnderTest, makeBench: () => Promise<UnitBench>): void {
  describe(name, () => {
    let bench: UnitBench;
    let link: Link;
    let session: UnitSession;

    const greet = async () => {
      await link?.close();
      link = await bench.openLink();
      session = await under.protocol.open(link, never, under.access);
    };
    beforeAll(async () => {
      bench = await makeBench();
    });
    afterAll(async () => {
      await link.close();
      await bench.end();
    });
    beforeEach(async () => {
      await link?.close();
      await bench.freshUnit({ serial: '', mac: '' });
      await greet();
      await session.provision(info, never);
    });

    const request = { operation: randomBytes(16), algorithm: 'p256' } as const;
    const make = async (replaces?: Buffer) => {
      const der = await session.makeKey({ ...request, ...(replaces ? { replaces } : {}) }, never);
      const { operation = Buffer.alloc(0) } = await session.status(never);
      return { der, operation, key: requestedKey(der) };
    };
    const take = async (operation: Buffer, chain: Buffer) => {
      await session.stage(chainObject(operation, chain), never);
      await session.commit(operation, never);
    };
    const committed = async () => {
      const made = await make();
      const chain = chainFor(made.key);
      await take(made.operation, chain);
      return { ...made, chain };
    };
    const digest = (chain: Buffer) => createHash('sha256').update(chain).digest();
    const held = (operation: Buffer) => session.chainDigest?.(operation, never);

    conversationTests(() => ({ bench, link, session }), under);

    test('a unit says that its request is its proof, and claims no proof over a nonce', () => {
      const { capabilities } = session.hello;
      expect(capabilities).toEqual(
        expect.arrayContaining(['csr', 'chain', 'proof-by-request', 'read-back-digest', 'operation-of-key']),
      );
      for (const word of ['proof-signature', 'proof-hmac-sha256', 'symmetric-key', 'provisioning', 'lock']) {
        expect(capabilities).not.toContain(word);
      }
    });

    test('what it cannot do is said so, whatever is asked', async () => {
      const { operation, key } = await make();
      const asked = [
        session.prove(operation, info.registrationId, randomBytes(32), never),
        session.lock(operation, never),
        session.ownCertificate(never),
        session.readChain(operation, never),
        session.tpm(never),
        session.writeFile(file, never),
        session.makeKey({ ...request, algorithm: 'rsa2048' }, never),
        session.stage(symmetricKey(), never),
        session.stage(keyObject(operation, randomBytes(32)), never),
      ];
      await Promise.all(asked.map((one) => refusal(one, 'unit.cannot')));
      expect(key.asymmetricKeyType).toBe('ec');
    });

    test('the request is for the name that it was told, signed by its key, and names its operation', async () => {
      const { der, operation } = await make();
      const csr = readCsr(der, 'a request');
      expect(csr.subject).toEqual([{ type: 'CN', value: info.registrationId }]);
      expect(csrSignatureHolds(csr)).toBe(true);
      expect(operation).toHaveLength(16);
      expect(await session.status(never)).toEqual({ state: 'staged', operation, locked: false });
    });

    test('each key has another operation, and the one before is gone with its key', async () => {
      const first = await make();
      const second = await make();
      expect(second.operation).not.toEqual(first.operation);
      expect(second.key.equals(first.key)).toBe(false);
      await refusal(session.stage(chainObject(first.operation, chainFor(first.key)), never), 'unit.other-credential');
    });

    test('a chain is in force when it is committed, not before, and is answered as its digest', async () => {
      const { operation, key } = await make();
      const chain = chainFor(key);
      await refusal(session.commit(operation, never), 'unit.refused');
      await session.stage(chainObject(operation, chain), never);
      expect(await session.status(never)).toMatchObject({ state: 'staged' });
      await refusal(Promise.resolve(held(operation)), 'unit.refused');
      await session.commit(operation, never);
      expect(await session.status(never)).toEqual({ state: 'committed', operation, locked: false });
      expect(await held(operation)).toEqual(digest(chain));
    });

    test('the same chain under the same operation is answered the same, however often', async () => {
      const { operation, chain } = await committed();
      await take(operation, chain);
      await session.commit(operation, never);
      expect(await held(operation)).toEqual(digest(chain));
    });

    test('a chain for another key, or no chain, is refused and the key stays', async () => {
      const { operation, key } = await make();
      const wrong = chainObject(operation, chainFor(pairs.p256().publicKey));
      expect((await refusal(session.stage(wrong, never), 'unit.refused')).details).toEqual({
        what: 'chain',
        reason: 'the certificate is not for its key',
      });
      await refusal(session.stage(chainObject(operation, Buffer.from('no PEM')), never), 'unit.refused');
      await take(operation, chainFor(key));
      expect(await session.status(never)).toMatchObject({ state: 'committed' });
    });

    test('a chain that is too long for it is refused before anything is written', async () => {
      const { operation, key } = await make();
      const chain = chainFor(key);
      const long = Buffer.concat(Array.from({ length: Math.ceil(5_000 / chain.length) }, () => chain));
      await session.stage(chainObject(operation, long), never);
      await refusal(session.commit(operation, never), 'unit.refused');
      expect(await session.status(never)).toMatchObject({ state: 'staged', operation });
    });

    test('a committed unit keeps its key and chain, unless the operation in force is named', async () => {
      const { operation, chain, key } = await committed();
      await refusal(make(), 'unit.other-credential');
      await refusal(make(randomBytes(16)), 'unit.other-credential');
      const other = chainObject(operation, chainFor(key, 'another'));
      await refusal(session.stage(other, never), 'unit.other-credential');
      expect(await held(operation)).toEqual(digest(chain));
      const next = await make(operation);
      await refusal(Promise.resolve(held(operation)), 'unit.other-credential');
      await take(next.operation, chainFor(next.key));
      expect(await session.status(never)).toMatchObject({ state: 'committed', operation: next.operation });
    });

    test('a unit that was not told its name makes no key', async () => {
      await greet();
      await refusal(make(), 'unit.refused');
      expect(await session.status(never)).toEqual({ state: 'none', locked: false });
    });

    test('a unit that is ended without a word keeps what it had, pending or in force', async () => {
      const { operation, key } = await make();
      await link.close();
      await bench.restartUnit();
      await greet();
      expect(await session.status(never)).toMatchObject({ state: 'staged', operation });
      const chain = chainFor(key);
      await take(operation, chain);
      await link.close();
      await bench.restartUnit();
      await greet();
      expect(await session.status(never)).toMatchObject({ state: 'committed', operation });
      expect(await held(operation)).toEqual(digest(chain));
      await session.commit(operation, never);
    });
  });
}
