import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { flipped, fresh, lawful, type OpenHsm, publicKeyOf, sha256 } from './hsm-facts.ts';
import { wrapWithOpenssl } from './openssl-wrap.ts';

/** Sealed secrets and wrapped group keys of any HSM. */
export function hsmSecrets(at: OpenHsm): void {
  describe('sealing', () => {
    test('opens to the same secret, of one byte and of many', async () => {
      const key = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      for (const length of [1, 64, 5000]) {
        const secret = randomBytes(length);
        const sealed = await at.hsm.seal(key, 'credential', secret, Buffer.from('row 1'));
        expect(sealed).toHaveLength(1 + 32 + 12 + length + 16);
        expect(sealed.includes(secret.subarray(0, 16)) && length > 1).toBe(false);
        expect(await at.hsm.unseal(key, 'credential', sealed, Buffer.from('row 1'))).toEqual(secret);
      }
    });

    test('never makes the same bytes twice', async () => {
      const key = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const seals = await Promise.all(
        Array.from({ length: 4 }, () => at.hsm.seal(key, 'credential', Buffer.alloc(32), Buffer.alloc(0))),
      );
      expect(new Set(seals.map((sealed) => sealed.toString('hex', 1, 33))).size).toBe(4);
      expect(new Set(seals.map((sealed) => sealed.toString('hex', 45))).size).toBe(4);
    });

    test('finds a flipped bit in every byte, and every cut', async () => {
      const key = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const sealed = await at.hsm.seal(key, 'credential', randomBytes(8), Buffer.from('row 1'));
      const changed = Array.from(sealed, (_, at) => flipped(sealed, at));
      const cut = Array.from(sealed, (_, at) => sealed.subarray(0, at));
      for (const bytes of [...changed, ...cut, Buffer.concat([sealed, Buffer.alloc(1)])]) {
        const opened = at.hsm.unseal(key, 'credential', bytes, Buffer.from('row 1'));
        await expect(opened).rejects.toMatchObject({ code: 'hsm.unsealable', details: { what: 'credential' } });
      }
    });

    test('opens only with the same label, row and key', async () => {
      const key = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const other = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const row = Buffer.from('row 1');
      const sealed = await at.hsm.seal(key, 'credential', randomBytes(32), row);
      const unsealable = { code: 'hsm.unsealable' };
      await expect(at.hsm.unseal(key, 'credentia1', sealed, row)).rejects.toMatchObject(unsealable);
      await expect(at.hsm.unseal(key, 'credential', sealed, Buffer.from('row 2'))).rejects.toMatchObject(unsealable);
      await expect(at.hsm.unseal(other, 'credential', sealed, row)).rejects.toMatchObject(unsealable);
      await at.hsm.unseal(key, 'credential', sealed, row);
    });

    test('leaves the secret to the caller to zero', async () => {
      const key = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const secret = randomBytes(32);
      const copy = Buffer.from(secret);
      await at.hsm.seal(key, 'credential', secret, Buffer.alloc(0));
      expect(secret).toEqual(copy);
    });
  });

  describe('unwrapping', () => {
    test('a group key that OpenSSL wrapped with SHA-1 derives what the key itself would', async () => {
      const unwrapping = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      for (const length of [32, 48, 64]) {
        const bytes = randomBytes(length);
        const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha1');
        const key = await at.hsm.unwrapGroupKey(fresh('group'), unwrapping, wrapped);
        const hmac = (message: string) => createHmac('sha256', bytes).update(message).digest();
        expect(key.checkValue).toBe(hmac('birthmark/kcv\0').toString('hex', 0, 8));
        expect(await at.hsm.deriveDeviceKey(key, 'unit-1')).toEqual(hmac('unit-1'));
        expect(await at.hsm.inspect(key)).toMatchObject({
          ...lawful,
          class: 'secret',
          local: false,
          alwaysSensitive: false,
          neverExtractable: false,
        });
      }
    });

    test('its key is made inside, is RSA-3072, and does nothing else', async () => {
      const key = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      expect(publicKeyOf(key).asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65537n });
      expect(await at.hsm.inspect(key)).toMatchObject({ ...lawful, sign: false, unwrap: true, class: 'private' });
      const signing = at.hsm.sign(key, sha256(Buffer.from('x')));
      await expect(signing).rejects.toMatchObject({
        code: 'hsm.key-attribute',
        details: { attribute: 'CKA_SIGN', expected: true, found: false },
      });
    });

    test('is done by no signing key, and by no key but the pinned one', async () => {
      const signing = await at.hsm.generateSigningKey(fresh('sign'), 'rsa2048');
      const other = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      const key = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      const unwrap = (by: PublicKeyRef, bytes = 384) => at.hsm.unwrapGroupKey(fresh('group'), by, randomBytes(bytes));
      await expect(unwrap(signing, 256)).rejects.toMatchObject({
        code: 'hsm.key-attribute',
        details: { attribute: 'CKA_UNWRAP', expected: true },
      });
      const wrongHalf = unwrap({ ...key, publicKey: other.publicKey });
      await expect(wrongHalf).rejects.toMatchObject({ code: 'hsm.key-differs' });
      await expect(unwrap({ ...key, id: '00ff' })).rejects.toMatchObject({ code: 'hsm.key-missing' });
    }, 60_000);

    test('refuses what was changed, wrapped for another key, or cut, and leaves the label free', async () => {
      const key = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      const other = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      const label = fresh('group');
      const bytes = randomBytes(32);
      const good = await wrapWithOpenssl(key.publicKey, bytes, 'sha1');
      const notForUs = await wrapWithOpenssl(other.publicKey, bytes, 'sha1');
      for (const wrapped of [flipped(good, 200), notForUs]) {
        const refused = at.hsm.unwrapGroupKey(label, key, wrapped);
        await expect(refused).rejects.toMatchObject({ code: 'hsm.not-unwrapped', details: { label } });
      }
      const cut = at.hsm.unwrapGroupKey(label, key, good.subarray(1));
      await expect(cut).rejects.toMatchObject({ code: 'input.invalid' });
      await at.hsm.unwrapGroupKey(label, key, good);
      await expect(at.hsm.unwrapGroupKey(label, key, good)).rejects.toMatchObject({ code: 'hsm.key-exists' });
      await expect(at.hsm.generateUnwrappingKey(label)).rejects.toMatchObject({ code: 'hsm.key-exists' });
    }, 60_000);

    test('works after the HSM was opened again', async () => {
      const unwrapping = await at.hsm.generateUnwrappingKey(fresh('unwrap'));
      await at.reopen();
      const bytes = randomBytes(32);
      const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha1');
      const key = await at.hsm.unwrapGroupKey(fresh('group'), unwrapping, wrapped);
      expect(await at.hsm.mac(key, Buffer.from('x'))).toEqual(createHmac('sha256', bytes).update('x').digest());
      await at.hsm.destroyKey(unwrapping);
    });
  });
}
