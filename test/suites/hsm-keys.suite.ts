import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PairAlgorithm } from '../../drivers/hsm/hsm.ts';
import { fresh, lawful, type OpenHsm, publicKeyOf, sha256, sha384, verifies } from './hsm-facts.ts';
import { hsmVectors } from './hsm-vectors.ts';

/** Group keys and signing keys of any HSM. */
export function hsmKeys(at: OpenHsm): void {
  const pairs: readonly PairAlgorithm[] = ['p256', 'p384', 'rsa2048', ...(at.edwards ? (['ed25519'] as const) : [])];
  describe('group keys', () => {
    test.each(hsmVectors)('derives the published device key of $registrationId', async (vector) => {
      const key = await at.hsm.importGroupKey(fresh('group'), Buffer.from(vector.groupKey, 'base64'));
      expect((await at.hsm.deriveDeviceKey(key, vector.registrationId)).toString('base64')).toBe(vector.deviceKey);
    });

    test('of 16, 31, 32 and 64 bytes derive what HMAC-SHA256 says', async () => {
      for (const length of [16, 31, 32, 64]) {
        const bytes = randomBytes(length);
        const key = await at.hsm.importGroupKey(fresh('group'), bytes);
        const expected = createHmac('sha256', bytes).update('unit-1').digest();
        expect(await at.hsm.deriveDeviceKey(key, 'unit-1')).toEqual(expected);
      }
    });

    test('of 15 and 65 bytes are refused, and leave nothing behind', async () => {
      const label = fresh('group');
      await expect(at.hsm.importGroupKey(label, randomBytes(15))).rejects.toMatchObject({ code: 'hsm.key-length' });
      await expect(at.hsm.importGroupKey(label, randomBytes(65))).rejects.toMatchObject({ code: 'hsm.key-length' });
      await at.hsm.importGroupKey(label, randomBytes(32));
    });

    test('are left untouched in the Buffer of the caller, who zeroes it', async () => {
      const bytes = randomBytes(64);
      const copy = Buffer.from(bytes);
      await at.hsm.importGroupKey(fresh('group'), bytes);
      expect(bytes).toEqual(copy);
    });

    test('have the check value of birthmark/kcv and a zero byte', async () => {
      const bytes = randomBytes(64);
      const expected = createHmac('sha256', bytes).update('birthmark/kcv\0').digest('hex').slice(0, 16);
      const key = await at.hsm.importGroupKey(fresh('group'), bytes);
      expect(key.checkValue).toBe(expected);
      expect(await at.hsm.checkValue({ label: key.label, id: key.id })).toBe(expected);
    });

    test('are never overwritten: a label that is taken is refused', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(32));
      const again = at.hsm.importGroupKey(key.label, randomBytes(32));
      await expect(again).rejects.toMatchObject({ code: 'hsm.key-exists', details: { label: key.label } });
      expect(await at.hsm.checkValue(key)).toBe(key.checkValue);
    });

    test('imported twice at once under one label, only one is taken', async () => {
      const label = fresh('group');
      const both = await Promise.allSettled([
        at.hsm.importGroupKey(label, randomBytes(32)),
        at.hsm.importGroupKey(label, randomBytes(32)),
      ]);
      expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'hsm.key-exists' });
    });

    test('derive nothing for what is no registration ID', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(32));
      for (const id of ['', 'unit 1', 'unit-1\n', 'birthmark/kcv\0', 'é', 'a'.repeat(129)]) {
        await expect(at.hsm.deriveDeviceKey(key, id)).rejects.toMatchObject({ code: 'identity.invalid' });
      }
    });

    test('of another check value are refused', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(32));
      const wrong = { ...key, checkValue: '0123456789abcdef' };
      await expect(at.hsm.deriveDeviceKey(wrong, 'unit-1')).rejects.toMatchObject({ code: 'hsm.key-differs' });
      await expect(at.hsm.mac({ ...key, checkValue: '' }, Buffer.from('x'))).rejects.toMatchObject({
        code: 'hsm.key-differs',
      });
      await at.hsm.deriveDeviceKey(key, 'unit-1');
    });

    test('that are not there are missing, by label or by id', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(32));
      const missing = { code: 'hsm.key-missing' };
      await expect(at.hsm.mac({ ...key, label: fresh('none') }, Buffer.from('x'))).rejects.toMatchObject(missing);
      await expect(at.hsm.mac({ ...key, id: '00ff' }, Buffer.from('x'))).rejects.toMatchObject(missing);
      await expect(at.hsm.inspect({ ...key, id: '00ff' })).rejects.toMatchObject(missing);
      await expect(at.hsm.destroyKey({ ...key, id: '00ff' })).rejects.toMatchObject(missing);
    });

    test('report one use, sensitive, not extractable, and that they came from outside', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(64));
      expect(await at.hsm.inspect(key)).toEqual({
        ...lawful,
        label: key.label,
        id: key.id,
        class: 'secret',
        type: 'CKK_GENERIC_SECRET',
        local: false,
        alwaysSensitive: false,
        neverExtractable: false,
      });
    });

    test('that were imported cannot seal: a sealing key never was outside', async () => {
      const key = await at.hsm.importGroupKey(fresh('group'), randomBytes(64));
      const sealing = at.hsm.seal(key, 'credential', randomBytes(8), Buffer.alloc(0));
      await expect(sealing).rejects.toMatchObject({ code: 'hsm.key-attribute', details: { attribute: 'CKA_LOCAL' } });
    });
  });

  describe('signing keys', () => {
    test.each(pairs)('of %s make signatures that OpenSSL verifies under the pinned public key', async (algorithm) => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), algorithm);
      for (let i = 0; i < 8; i++) {
        const message = randomBytes(100);
        const signature = await at.hsm.sign(key, algorithm === 'ed25519' ? message : sha256(message));
        expect(verifies(algorithm, key, message, signature)).toBe(true);
        expect(verifies(algorithm, key, randomBytes(100), signature)).toBe(false);
      }
    });

    test.each(['p384', 'rsa2048'] as const)('of %s sign a SHA-384 digest', async (algorithm) => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), algorithm);
      const message = randomBytes(100);
      const signature = await at.hsm.sign(key, sha384(message));
      expect(verifies(algorithm, key, message, signature, 'sha384')).toBe(true);
    });

    test('answer raw r and s of fixed length', async () => {
      const p256 = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const p384 = await at.hsm.generateSigningKey(fresh('sign'), 'p384');
      expect(await at.hsm.sign(p256, sha256(Buffer.from('x')))).toHaveLength(64);
      expect(await at.hsm.sign(p384, sha384(Buffer.from('x')))).toHaveLength(96);
    });

    test.each([...pairs, 'hmac-sha256'] as const)(
      'of %s are made inside: local, always sensitive, never extractable, one use',
      async (algorithm) => {
        const key = await at.hsm.generateSigningKey(fresh('sign'), algorithm);
        const { type, ...rest } = await at.hsm.inspect(key);
        expect(type).toMatch(/^CKK_/);
        expect(rest).toEqual({
          ...lawful,
          label: key.label,
          id: key.id,
          class: algorithm === 'hmac-sha256' ? 'secret' : 'private',
        });
      },
    );

    test('of RSA have as many bits as asked for', async () => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), 'rsa3072');
      expect(publicKeyOf(key).asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65537n });
    }, 60_000);

    test('are never overwritten: a label that is taken is refused, of a secret as well', async () => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const exists = { code: 'hsm.key-exists' };
      await expect(at.hsm.generateSigningKey(key.label, 'p256')).rejects.toMatchObject(exists);
      await expect(at.hsm.generateSigningKey(key.label, 'hmac-sha256')).rejects.toMatchObject(exists);
      await expect(at.hsm.importGroupKey(key.label, randomBytes(32))).rejects.toMatchObject(exists);
    });

    test.each(['p256', 'hmac-sha256'] as const)(
      'of %s made twice at once under one label: one is made',
      async (algorithm) => {
        const label = fresh('sign');
        const both = await Promise.allSettled([
          at.hsm.generateSigningKey(label, algorithm),
          at.hsm.generateSigningKey(label, algorithm),
        ]);
        expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'hsm.key-exists' });
      },
    );

    test('that are not the pinned ones are refused', async () => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const other = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const rsa = await at.hsm.generateSigningKey(fresh('sign'), 'rsa2048');
      const digest = sha256(Buffer.from('x'));
      for (const publicKey of [other.publicKey, rsa.publicKey, '', 'AAAA']) {
        await expect(at.hsm.sign({ ...key, publicKey }, digest)).rejects.toMatchObject({ code: 'hsm.key-differs' });
      }
      await at.hsm.sign(key, digest);
    });

    test('sign no bytes that are no digest', async () => {
      const key = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      for (const length of [0, 31, 33, 65]) {
        await expect(at.hsm.sign(key, Buffer.alloc(length))).rejects.toMatchObject({ code: 'input.invalid' });
      }
    });

    test('make no HMACs, and secrets make no signatures', async () => {
      const pair = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const secret = await at.hsm.generateSigningKey(fresh('mac'), 'hmac-sha256');
      const mac = at.hsm.mac({ label: pair.label, id: pair.id, checkValue: secret.checkValue }, Buffer.from('x'));
      await expect(mac).rejects.toMatchObject({ code: 'hsm.key-differs' });
      await expect(at.hsm.checkValue(pair)).rejects.toMatchObject({ code: 'hsm.key-differs' });
      const signature = at.hsm.sign(
        { label: secret.label, id: secret.id, publicKey: pair.publicKey },
        sha256(Buffer.from('x')),
      );
      await expect(signature).rejects.toMatchObject({ code: 'hsm.key-differs' });
    });

    test('are gone when they were destroyed, and their label is free again', async () => {
      for (const algorithm of ['p256', 'hmac-sha256'] as const) {
        const key = await at.hsm.generateSigningKey(fresh('sign'), algorithm);
        await at.hsm.destroyKey(key);
        await expect(at.hsm.inspect(key)).rejects.toMatchObject({ code: 'hsm.key-missing' });
        const next = await at.hsm.generateSigningKey(key.label, algorithm);
        expect(next.id).not.toBe(key.id);
      }
    });
  });
}
