import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Hsm, PairAlgorithm, PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { hsmVectors } from './hsm-vectors.ts';
import { wrapWithOpenssl } from './openssl-wrap.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const sha384 = (bytes: Buffer) => createHash('sha384').update(bytes).digest();
let count = 0;
const fresh = (what: string) => `${what}-${++count}-${randomBytes(3).toString('hex')}`;

/**
 * What every HSM of this station does, whatever stands behind it. `open` opens the same token each time; `edwards` is false for
 * a token without Ed25519.
 */
export function hsmSuite(name: string, open: () => Promise<Hsm>, { edwards = true } = {}): void {
  const pairs: readonly PairAlgorithm[] = ['p256', 'p384', 'rsa2048', ...(edwards ? (['ed25519'] as const) : [])];
  describe(name, () => {
    let hsm: Hsm;
    beforeEach(async () => {
      hsm = await open();
    });
    afterEach(() => hsm.close());

    describe('group keys', () => {
      test.each(hsmVectors)('derives the published device key of $registrationId', async (vector) => {
        const key = await hsm.importGroupKey(fresh('group'), Buffer.from(vector.groupKey, 'base64'));
        expect((await hsm.deriveDeviceKey(key, vector.registrationId)).toString('base64')).toBe(vector.deviceKey);
      });

      test('of 16, 31, 32 and 64 bytes derive what HMAC-SHA256 says', async () => {
        for (const length of [16, 31, 32, 64]) {
          const bytes = randomBytes(length);
          const key = await hsm.importGroupKey(fresh('group'), bytes);
          const expected = createHmac('sha256', bytes).update('unit-1').digest();
          expect(await hsm.deriveDeviceKey(key, 'unit-1')).toEqual(expected);
        }
      });

      test('of 15 and 65 bytes are refused, and leave nothing behind', async () => {
        const label = fresh('group');
        await expect(hsm.importGroupKey(label, randomBytes(15))).rejects.toMatchObject({ code: 'hsm.key-length' });
        await expect(hsm.importGroupKey(label, randomBytes(65))).rejects.toMatchObject({ code: 'hsm.key-length' });
        await hsm.importGroupKey(label, randomBytes(32));
      });

      test('are left untouched in the Buffer of the caller, who zeroes it', async () => {
        const bytes = randomBytes(64);
        const copy = Buffer.from(bytes);
        await hsm.importGroupKey(fresh('group'), bytes);
        expect(bytes).toEqual(copy);
      });

      test('have the check value of birthmark/kcv and a zero byte', async () => {
        const bytes = randomBytes(64);
        const expected = createHmac('sha256', bytes).update('birthmark/kcv\0').digest('hex').slice(0, 16);
        const key = await hsm.importGroupKey(fresh('group'), bytes);
        expect(key.checkValue).toBe(expected);
        expect(await hsm.checkValue({ label: key.label, id: key.id })).toBe(expected);
      });

      test('are never overwritten: a label that is taken is refused', async () => {
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(32));
        const again = hsm.importGroupKey(key.label, randomBytes(32));
        await expect(again).rejects.toMatchObject({ code: 'hsm.key-exists', details: { label: key.label } });
        expect(await hsm.checkValue(key)).toBe(key.checkValue);
      });

      test('imported twice at once under one label, only one is taken', async () => {
        const label = fresh('group');
        const both = await Promise.allSettled([
          hsm.importGroupKey(label, randomBytes(32)),
          hsm.importGroupKey(label, randomBytes(32)),
        ]);
        expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'hsm.key-exists' });
      });

      test('derive nothing for what is no registration ID', async () => {
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(32));
        for (const id of ['', 'unit 1', 'unit-1\n', 'birthmark/kcv\0', 'é', 'a'.repeat(129)]) {
          await expect(hsm.deriveDeviceKey(key, id)).rejects.toMatchObject({ code: 'identity.invalid' });
        }
      });

      test('of another check value are refused', async () => {
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(32));
        const wrong = { ...key, checkValue: '0123456789abcdef' };
        await expect(hsm.deriveDeviceKey(wrong, 'unit-1')).rejects.toMatchObject({ code: 'hsm.key-differs' });
        await expect(hsm.mac({ ...key, checkValue: '' }, Buffer.from('x'))).rejects.toMatchObject({
          code: 'hsm.key-differs',
        });
        await hsm.deriveDeviceKey(key, 'unit-1');
      });

      test('that are not there are missing, by label or by id', async () => {
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(32));
        const missing = { code: 'hsm.key-missing' };
        await expect(hsm.mac({ ...key, label: fresh('none') }, Buffer.from('x'))).rejects.toMatchObject(missing);
        await expect(hsm.mac({ ...key, id: '00ff' }, Buffer.from('x'))).rejects.toMatchObject(missing);
        await expect(hsm.inspect({ ...key, id: '00ff' })).rejects.toMatchObject(missing);
        await expect(hsm.destroyKey({ ...key, id: '00ff' })).rejects.toMatchObject(missing);
      });

      test('report one use, sensitive, not extractable, and that they came from outside', async () => {
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(64));
        expect(await hsm.inspect(key)).toEqual({
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
        const key = await hsm.importGroupKey(fresh('group'), randomBytes(64));
        const sealing = hsm.seal(key, 'credential', randomBytes(8), Buffer.alloc(0));
        await expect(sealing).rejects.toMatchObject({ code: 'hsm.key-attribute', details: { attribute: 'CKA_LOCAL' } });
      });
    });

    describe('signing keys', () => {
      test.each(pairs)('of %s make signatures that OpenSSL verifies under the pinned public key', async (algorithm) => {
        const key = await hsm.generateSigningKey(fresh('sign'), algorithm);
        for (let i = 0; i < 8; i++) {
          const message = randomBytes(100);
          const signature = await hsm.sign(key, algorithm === 'ed25519' ? message : sha256(message));
          expect(verifies(algorithm, key, message, signature)).toBe(true);
          expect(verifies(algorithm, key, randomBytes(100), signature)).toBe(false);
        }
      });

      test.each(['p384', 'rsa2048'] as const)('of %s sign a SHA-384 digest', async (algorithm) => {
        const key = await hsm.generateSigningKey(fresh('sign'), algorithm);
        const message = randomBytes(100);
        const signature = await hsm.sign(key, sha384(message));
        expect(verifies(algorithm, key, message, signature, 'sha384')).toBe(true);
      });

      test('answer raw r and s of fixed length', async () => {
        const p256 = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const p384 = await hsm.generateSigningKey(fresh('sign'), 'p384');
        expect(await hsm.sign(p256, sha256(Buffer.from('x')))).toHaveLength(64);
        expect(await hsm.sign(p384, sha384(Buffer.from('x')))).toHaveLength(96);
      });

      test.each([...pairs, 'hmac-sha256'] as const)(
        'of %s are made inside: local, always sensitive, never extractable, one use',
        async (algorithm) => {
          const key = await hsm.generateSigningKey(fresh('sign'), algorithm);
          const { type, ...rest } = await hsm.inspect(key);
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
        const key = await hsm.generateSigningKey(fresh('sign'), 'rsa3072');
        expect(publicKeyOf(key).asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65537n });
      }, 60_000);

      test('are never overwritten: a label that is taken is refused, of a secret as well', async () => {
        const key = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const exists = { code: 'hsm.key-exists' };
        await expect(hsm.generateSigningKey(key.label, 'p256')).rejects.toMatchObject(exists);
        await expect(hsm.generateSigningKey(key.label, 'hmac-sha256')).rejects.toMatchObject(exists);
        await expect(hsm.importGroupKey(key.label, randomBytes(32))).rejects.toMatchObject(exists);
      });

      test.each(['p256', 'hmac-sha256'] as const)(
        'of %s made twice at once under one label: one is made',
        async (algorithm) => {
          const label = fresh('sign');
          const both = await Promise.allSettled([
            hsm.generateSigningKey(label, algorithm),
            hsm.generateSigningKey(label, algorithm),
          ]);
          expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
          expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'hsm.key-exists' });
        },
      );

      test('that are not the pinned ones are refused', async () => {
        const key = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const other = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const rsa = await hsm.generateSigningKey(fresh('sign'), 'rsa2048');
        const digest = sha256(Buffer.from('x'));
        for (const publicKey of [other.publicKey, rsa.publicKey, '', 'AAAA']) {
          await expect(hsm.sign({ ...key, publicKey }, digest)).rejects.toMatchObject({ code: 'hsm.key-differs' });
        }
        await hsm.sign(key, digest);
      });

      test('sign no bytes that are no digest', async () => {
        const key = await hsm.generateSigningKey(fresh('sign'), 'p256');
        for (const length of [0, 31, 33, 65]) {
          await expect(hsm.sign(key, Buffer.alloc(length))).rejects.toMatchObject({ code: 'input.invalid' });
        }
      });

      test('make no HMACs, and secrets make no signatures', async () => {
        const pair = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const secret = await hsm.generateSigningKey(fresh('mac'), 'hmac-sha256');
        const mac = hsm.mac({ label: pair.label, id: pair.id, checkValue: secret.checkValue }, Buffer.from('x'));
        await expect(mac).rejects.toMatchObject({ code: 'hsm.key-differs' });
        await expect(hsm.checkValue(pair)).rejects.toMatchObject({ code: 'hsm.key-differs' });
        const signature = hsm.sign(
          { label: secret.label, id: secret.id, publicKey: pair.publicKey },
          sha256(Buffer.from('x')),
        );
        await expect(signature).rejects.toMatchObject({ code: 'hsm.key-differs' });
      });

      test('are gone when they were destroyed, and their label is free again', async () => {
        for (const algorithm of ['p256', 'hmac-sha256'] as const) {
          const key = await hsm.generateSigningKey(fresh('sign'), algorithm);
          await hsm.destroyKey(key);
          await expect(hsm.inspect(key)).rejects.toMatchObject({ code: 'hsm.key-missing' });
          const next = await hsm.generateSigningKey(key.label, algorithm);
          expect(next.id).not.toBe(key.id);
        }
      });
    });

    describe('sealing', () => {
      test('opens to the same secret, of one byte and of many', async () => {
        const key = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        for (const length of [1, 64, 5000]) {
          const secret = randomBytes(length);
          const sealed = await hsm.seal(key, 'credential', secret, Buffer.from('row 1'));
          expect(sealed).toHaveLength(1 + 32 + 12 + length + 16);
          expect(sealed.includes(secret.subarray(0, 16)) && length > 1).toBe(false);
          expect(await hsm.unseal(key, 'credential', sealed, Buffer.from('row 1'))).toEqual(secret);
        }
      });

      test('never makes the same bytes twice', async () => {
        const key = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const seals = await Promise.all(
          Array.from({ length: 4 }, () => hsm.seal(key, 'credential', Buffer.alloc(32), Buffer.alloc(0))),
        );
        expect(new Set(seals.map((sealed) => sealed.toString('hex', 1, 33))).size).toBe(4);
        expect(new Set(seals.map((sealed) => sealed.toString('hex', 45))).size).toBe(4);
      });

      test('finds a flipped bit in every byte, and every cut', async () => {
        const key = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const sealed = await hsm.seal(key, 'credential', randomBytes(8), Buffer.from('row 1'));
        const changed = Array.from(sealed, (_, at) => flipped(sealed, at));
        const cut = Array.from(sealed, (_, at) => sealed.subarray(0, at));
        for (const bytes of [...changed, ...cut, Buffer.concat([sealed, Buffer.alloc(1)])]) {
          const opened = hsm.unseal(key, 'credential', bytes, Buffer.from('row 1'));
          await expect(opened).rejects.toMatchObject({ code: 'hsm.unsealable', details: { what: 'credential' } });
        }
      });

      test('opens only with the same label, row and key', async () => {
        const key = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const other = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const row = Buffer.from('row 1');
        const sealed = await hsm.seal(key, 'credential', randomBytes(32), row);
        const unsealable = { code: 'hsm.unsealable' };
        await expect(hsm.unseal(key, 'credentia1', sealed, row)).rejects.toMatchObject(unsealable);
        await expect(hsm.unseal(key, 'credential', sealed, Buffer.from('row 2'))).rejects.toMatchObject(unsealable);
        await expect(hsm.unseal(other, 'credential', sealed, row)).rejects.toMatchObject(unsealable);
        await hsm.unseal(key, 'credential', sealed, row);
      });

      test('leaves the secret to the caller to zero', async () => {
        const key = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const secret = randomBytes(32);
        const copy = Buffer.from(secret);
        await hsm.seal(key, 'credential', secret, Buffer.alloc(0));
        expect(secret).toEqual(copy);
      });
    });

    describe('unwrapping', () => {
      test('a group key that OpenSSL wrapped with SHA-1 derives what the key itself would', async () => {
        const unwrapping = await hsm.generateUnwrappingKey(fresh('unwrap'));
        for (const length of [32, 48, 64]) {
          const bytes = randomBytes(length);
          const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha1');
          const key = await hsm.unwrapGroupKey(fresh('group'), unwrapping, wrapped);
          const hmac = (message: string) => createHmac('sha256', bytes).update(message).digest();
          expect(key.checkValue).toBe(hmac('birthmark/kcv\0').toString('hex', 0, 8));
          expect(await hsm.deriveDeviceKey(key, 'unit-1')).toEqual(hmac('unit-1'));
          expect(await hsm.inspect(key)).toMatchObject({
            ...lawful,
            class: 'secret',
            local: false,
            alwaysSensitive: false,
            neverExtractable: false,
          });
        }
      });

      test('its key is made inside, is RSA-3072, and does nothing else', async () => {
        const key = await hsm.generateUnwrappingKey(fresh('unwrap'));
        expect(publicKeyOf(key).asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65537n });
        expect(await hsm.inspect(key)).toMatchObject({ ...lawful, sign: false, unwrap: true, class: 'private' });
        const signing = hsm.sign(key, sha256(Buffer.from('x')));
        await expect(signing).rejects.toMatchObject({
          code: 'hsm.key-attribute',
          details: { attribute: 'CKA_SIGN', expected: true, found: false },
        });
      });

      test('is done by no signing key, and by no key but the pinned one', async () => {
        const signing = await hsm.generateSigningKey(fresh('sign'), 'rsa3072');
        const other = await hsm.generateUnwrappingKey(fresh('unwrap'));
        const key = await hsm.generateUnwrappingKey(fresh('unwrap'));
        const unwrap = (by: PublicKeyRef) => hsm.unwrapGroupKey(fresh('group'), by, randomBytes(384));
        await expect(unwrap(signing)).rejects.toMatchObject({
          code: 'hsm.key-attribute',
          details: { attribute: 'CKA_UNWRAP', expected: true },
        });
        const wrongHalf = unwrap({ ...key, publicKey: other.publicKey });
        await expect(wrongHalf).rejects.toMatchObject({ code: 'hsm.key-differs' });
        await expect(unwrap({ ...key, id: '00ff' })).rejects.toMatchObject({ code: 'hsm.key-missing' });
      }, 60_000);

      test('refuses what was changed, wrapped for another key, or cut, and leaves the label free', async () => {
        const key = await hsm.generateUnwrappingKey(fresh('unwrap'));
        const other = await hsm.generateUnwrappingKey(fresh('unwrap'));
        const label = fresh('group');
        const bytes = randomBytes(32);
        const good = await wrapWithOpenssl(key.publicKey, bytes, 'sha1');
        const notForUs = await wrapWithOpenssl(other.publicKey, bytes, 'sha1');
        for (const wrapped of [flipped(good, 200), notForUs]) {
          const refused = hsm.unwrapGroupKey(label, key, wrapped);
          await expect(refused).rejects.toMatchObject({ code: 'hsm.not-unwrapped', details: { label } });
        }
        const cut = hsm.unwrapGroupKey(label, key, good.subarray(1));
        await expect(cut).rejects.toMatchObject({ code: 'input.invalid' });
        await hsm.unwrapGroupKey(label, key, good);
        await expect(hsm.unwrapGroupKey(label, key, good)).rejects.toMatchObject({ code: 'hsm.key-exists' });
        await expect(hsm.generateUnwrappingKey(label)).rejects.toMatchObject({ code: 'hsm.key-exists' });
      }, 60_000);

      test('works after the HSM was opened again', async () => {
        const unwrapping = await hsm.generateUnwrappingKey(fresh('unwrap'));
        await hsm.close();
        hsm = await open();
        const bytes = randomBytes(32);
        const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha1');
        const key = await hsm.unwrapGroupKey(fresh('group'), unwrapping, wrapped);
        expect(await hsm.mac(key, Buffer.from('x'))).toEqual(createHmac('sha256', bytes).update('x').digest());
        await hsm.destroyKey(unwrapping);
      });
    });

    describe('the rest', () => {
      test('the list shows every key with its attributes, and refuses none of ours', async () => {
        const made = [
          await hsm.importGroupKey(fresh('group'), randomBytes(32)),
          await hsm.generateSigningKey(fresh('sign'), 'p256'),
          await hsm.generateSigningKey(fresh('mac'), 'hmac-sha256'),
          await hsm.generateUnwrappingKey(fresh('unwrap')),
        ];
        const list = await hsm.list();
        for (const { label, id } of made) {
          const shown = list.filter((key) => key.label === label && key.id === id);
          expect(shown).toEqual([await hsm.inspect({ label, id })]);
        }
        expect(list.filter((key) => key.refused !== undefined)).toEqual([]);
        for (const key of made) await hsm.destroyKey(key);
        const labels = new Set((await hsm.list()).map((key) => key.label));
        expect(made.filter(({ label }) => labels.has(label))).toEqual([]);
      });

      test('who listens hears of its end, once, and nothing after having stopped to listen', async () => {
        const heard: string[] = [];
        const silent: string[] = [];
        hsm.onState(({ state, reason }) => heard.push(`${state} ${reason}`));
        hsm.onState(({ state }) => silent.push(state))();
        await hsm.random(8);
        await hsm.close();
        await hsm.close();
        expect(heard).toEqual(['down closed']);
        expect(silent).toEqual([]);
      });

      test('random gives as many bytes as asked for, and never the same', async () => {
        expect(await hsm.random(1)).toHaveLength(1);
        expect(await hsm.random(1024)).toHaveLength(1024);
        expect(await hsm.random(32)).not.toEqual(await hsm.random(32));
        for (const bytes of [0, -1, 1025, 1.5, Number.NaN]) {
          await expect(hsm.random(bytes)).rejects.toMatchObject({ code: 'input.invalid' });
        }
      });

      test('messages have 1 to 65536 bytes', async () => {
        const bytes = randomBytes(32);
        const key = await hsm.importGroupKey(fresh('mac'), bytes);
        const longest = randomBytes(65_536);
        expect(await hsm.mac(key, longest)).toEqual(createHmac('sha256', bytes).update(longest).digest());
        for (const length of [0, 65_537]) {
          await expect(hsm.mac(key, Buffer.alloc(length))).rejects.toMatchObject({ code: 'input.invalid' });
        }
      });

      test('an anchor is read back as it was written last, and none is none', async () => {
        const label = fresh('anchor');
        expect(await hsm.readAnchor(label)).toBeUndefined();
        await hsm.writeAnchor(label, Buffer.from('first'));
        await hsm.writeAnchor(label, Buffer.from('second'));
        expect((await hsm.readAnchor(label))?.toString()).toBe('second');
        expect(await hsm.readAnchor(fresh('anchor'))).toBeUndefined();
      });

      test('an anchor has at most 1024 bytes', async () => {
        const label = fresh('anchor');
        await hsm.writeAnchor(label, randomBytes(1024));
        await expect(hsm.writeAnchor(label, randomBytes(1025))).rejects.toMatchObject({ code: 'input.invalid' });
        expect(await hsm.readAnchor(label)).toHaveLength(1024);
      });

      test('labels are short printable text', async () => {
        for (const label of ['', 'a\0b', 'ä', 'a'.repeat(65)]) {
          await expect(hsm.importGroupKey(label, randomBytes(32))).rejects.toMatchObject({ code: 'input.invalid' });
          await expect(hsm.writeAnchor(label, Buffer.from('x'))).rejects.toMatchObject({ code: 'input.invalid' });
        }
      });

      test('32 calls at once all get their own right answer', async () => {
        const bytes = randomBytes(64);
        const group = await hsm.importGroupKey(fresh('group'), bytes);
        const pair = await hsm.generateSigningKey(fresh('sign'), 'p256');
        const ids = Array.from({ length: 32 }, (_, i) => `unit-${i}`);
        const [derived, signatures] = await Promise.all([
          Promise.all(ids.map((id) => hsm.deriveDeviceKey(group, id))),
          Promise.all(ids.map((id) => hsm.sign(pair, sha256(Buffer.from(id))))),
        ]);
        ids.forEach((id, i) => {
          expect(derived[i]).toEqual(createHmac('sha256', bytes).update(id).digest());
          expect(verifies('p256', pair, Buffer.from(id), signatures[i] ?? Buffer.alloc(0))).toBe(true);
        });
      });

      test('a refused call harms none of its neighbours', async () => {
        const group = await hsm.importGroupKey(fresh('group'), randomBytes(64));
        const wrong = { ...group, checkValue: 'ffffffffffffffff' };
        const calls = Array.from({ length: 32 }, (_, i) => hsm.deriveDeviceKey(i % 2 ? wrong : group, `unit-${i}`));
        const states = (await Promise.allSettled(calls)).map((call) => call.status);
        expect(states).toEqual(calls.map((_, i) => (i % 2 ? 'rejected' : 'fulfilled')));
      });

      test('opened again it finds the same keys, seals and anchors', async () => {
        const group = await hsm.importGroupKey(fresh('group'), randomBytes(64));
        const made = [
          await hsm.generateSigningKey(fresh('sign'), 'p256'),
          await hsm.generateSigningKey(fresh('sign'), edwards ? 'ed25519' : 'p384'),
        ];
        const sealing = await hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
        const sealed = await hsm.seal(sealing, 'credential', Buffer.from('secret'), Buffer.alloc(0));
        const anchor = fresh('anchor');
        await hsm.writeAnchor(anchor, Buffer.from('head'));
        const before = await hsm.deriveDeviceKey(group, 'unit-1');
        await hsm.close();
        hsm = await open();
        expect(await hsm.deriveDeviceKey(group, 'unit-1')).toEqual(before);
        expect((await hsm.unseal(sealing, 'credential', sealed, Buffer.alloc(0))).toString()).toBe('secret');
        expect((await hsm.readAnchor(anchor))?.toString()).toBe('head');
        for (const pair of made) await hsm.sign(pair, sha256(Buffer.from('x')));
      });

      test('its status says what it is, and that it is a stand-in', async () => {
        await hsm.random(8);
        const status = await hsm.status();
        expect(status).toMatchObject({ state: 'ready', reason: '', simulated: true });
        expect(status.token.label).not.toBe('');
        expect(status.token.serial).toMatch(/^[0-9a-f]{16}$/);
        expect(status.latencyMs.p50).toBeGreaterThan(0);
        expect(status.latencyMs.p99).toBeGreaterThanOrEqual(status.latencyMs.p50);
      });

      test('closed it is down, does nothing more, and may be closed again', async () => {
        await hsm.close();
        await hsm.close();
        expect((await hsm.status()).state).toBe('down');
        await expect(hsm.random(8)).rejects.toMatchObject({ code: 'hsm.down' });
      });
    });
  });
}

const lawful = {
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

function publicKeyOf(key: PublicKeyRef) {
  return createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), type: 'spki', format: 'der' });
}

function verifies(
  algorithm: PairAlgorithm,
  key: PublicKeyRef,
  message: Buffer,
  signature: Buffer,
  digest = 'sha256',
): boolean {
  const name = algorithm === 'ed25519' ? null : digest;
  return verify(name, message, { key: publicKeyOf(key), dsaEncoding: 'ieee-p1363' }, signature);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
