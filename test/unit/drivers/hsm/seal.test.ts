import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seal, unseal } from '../../../../drivers/hsm/seal.ts';

const sealingKey = Buffer.alloc(32, 7);
const given: Buffer[] = [];
const mac = async (message: Buffer) => {
  const key = createHmac('sha256', sealingKey).update(message).digest();
  given.push(key);
  return key;
};

test('what was sealed by another program after the written format is opened', async () => {
  const salt = randomBytes(32);
  const nonce = randomBytes(12);
  const key = createHmac('sha256', sealingKey)
    .update('credential')
    .update(Buffer.from([0]))
    .update(salt)
    .digest();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('row 1'));
  const ciphertext = Buffer.concat([cipher.update('secret'), cipher.final()]);
  const sealed = Buffer.concat([Buffer.from([1]), salt, nonce, ciphertext, cipher.getAuthTag()]);
  expect((await unseal(mac, 'credential', sealed, Buffer.from('row 1'))).toString()).toBe('secret');
});

test('the keys in between are zeroed, whether it opens or not', async () => {
  const sealed = await seal(mac, 'credential', randomBytes(16), Buffer.alloc(0));
  await unseal(mac, 'credential', sealed, Buffer.alloc(0));
  await expect(unseal(mac, 'credential', sealed, Buffer.from('other'))).rejects.toThrow();
  expect(given.length).toBeGreaterThanOrEqual(3);
  for (const key of given) expect(key.equals(Buffer.alloc(32))).toBe(true);
});

test('another version is refused, and no key is made for it', async () => {
  const sealed = await seal(mac, 'credential', randomBytes(16), Buffer.alloc(0));
  const before = given.length;
  for (const version of [0, 2, 255]) {
    sealed[0] = version;
    await expect(unseal(mac, 'credential', sealed, Buffer.alloc(0))).rejects.toMatchObject({ code: 'hsm.unsealable' });
  }
  expect(given.length).toBe(before);
});

test('a label with a zero byte, which would run into the salt, is refused', async () => {
  await expect(seal(mac, 'a\0b', Buffer.alloc(1), Buffer.alloc(0))).rejects.toMatchObject({ code: 'input.invalid' });
});
