import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fresh, type OpenHsm, sha256, verifies } from './hsm-facts.ts';

/** The rest of what any HSM does. */
export function hsmRest(at: OpenHsm): void {
  describe('the rest', () => {
    test('the list shows every key with its attributes, and refuses none of ours', async () => {
      const made = [
        await at.hsm.importGroupKey(fresh('group'), randomBytes(32)),
        await at.hsm.generateSigningKey(fresh('sign'), 'p256'),
        await at.hsm.generateSigningKey(fresh('mac'), 'hmac-sha256'),
        await at.hsm.generateUnwrappingKey(fresh('unwrap')),
        await at.hsm.generateSigningKey(fresh('p384'), 'p384'),
        await at.hsm.generateSigningKey(fresh('ed25519'), 'ed25519'),
      ];
      const list = await at.hsm.list();
      for (const { label, id } of made) {
        const shown = list.filter((key) => key.label === label && key.id === id);
        expect(shown).toEqual([{ ...(await at.hsm.inspect({ label, id })), bits: expect.any(Number) as number }]);
      }
      const bitsOf = ({ id }: { id: string }) => list.find((key) => key.id === id)?.bits;
      expect(made.map(bitsOf)).toEqual([256, 256, 256, 3072, 384, 256]);
      expect(list.filter((key) => key.refused !== undefined)).toEqual([]);
      for (const key of made) await at.hsm.destroyKey(key);
      const labels = new Set((await at.hsm.list()).map((key) => key.label));
      expect(made.filter(({ label }) => labels.has(label))).toEqual([]);
    });

    test('who listens hears of its end, once, and nothing after having stopped to listen', async () => {
      const heard: string[] = [];
      const silent: string[] = [];
      at.hsm.onState(({ state, reason }) => heard.push(`${state} ${reason}`));
      at.hsm.onState(({ state }) => silent.push(state))();
      await at.hsm.random(8);
      await at.hsm.close();
      await at.hsm.close();
      expect(heard).toEqual(['down closed']);
      expect(silent).toEqual([]);
    });

    test('random gives as many bytes as asked for, and never the same', async () => {
      expect(await at.hsm.random(1)).toHaveLength(1);
      expect(await at.hsm.random(1024)).toHaveLength(1024);
      expect(await at.hsm.random(32)).not.toEqual(await at.hsm.random(32));
      for (const bytes of [0, -1, 1025, 1.5, Number.NaN]) {
        await expect(at.hsm.random(bytes)).rejects.toMatchObject({ code: 'input.invalid' });
      }
    });

    test('messages have 1 to 65536 bytes', async () => {
      const bytes = randomBytes(32);
      const key = await at.hsm.importGroupKey(fresh('mac'), bytes);
      const longest = randomBytes(65_536);
      expect(await at.hsm.mac(key, longest)).toEqual(createHmac('sha256', bytes).update(longest).digest());
      for (const length of [0, 65_537]) {
        await expect(at.hsm.mac(key, Buffer.alloc(length))).rejects.toMatchObject({ code: 'input.invalid' });
      }
    });

    test('an anchor is read back as it was written last, and none is none', async () => {
      const label = fresh('anchor');
      expect(await at.hsm.readAnchor(label)).toBeUndefined();
      await at.hsm.writeAnchor(label, Buffer.from('first'));
      await at.hsm.writeAnchor(label, Buffer.from('second'));
      expect((await at.hsm.readAnchor(label))?.toString()).toBe('second');
      expect(await at.hsm.readAnchor(fresh('anchor'))).toBeUndefined();
    });

    test('an anchor has at most 1024 bytes', async () => {
      const label = fresh('anchor');
      await at.hsm.writeAnchor(label, randomBytes(1024));
      await expect(at.hsm.writeAnchor(label, randomBytes(1025))).rejects.toMatchObject({ code: 'input.invalid' });
      expect(await at.hsm.readAnchor(label)).toHaveLength(1024);
    });

    test('labels are short printable text', async () => {
      for (const label of ['', 'a\0b', 'ä', 'a'.repeat(65)]) {
        await expect(at.hsm.importGroupKey(label, randomBytes(32))).rejects.toMatchObject({ code: 'input.invalid' });
        await expect(at.hsm.writeAnchor(label, Buffer.from('x'))).rejects.toMatchObject({ code: 'input.invalid' });
      }
    });

    test('32 calls at once all get their own right answer', async () => {
      const bytes = randomBytes(64);
      const group = await at.hsm.importGroupKey(fresh('group'), bytes);
      const pair = await at.hsm.generateSigningKey(fresh('sign'), 'p256');
      const ids = Array.from({ length: 32 }, (_, i) => `unit-${i}`);
      const [derived, signatures] = await Promise.all([
        Promise.all(ids.map((id) => at.hsm.deriveDeviceKey(group, id))),
        Promise.all(ids.map((id) => at.hsm.sign(pair, sha256(Buffer.from(id))))),
      ]);
      ids.forEach((id, i) => {
        expect(derived[i]).toEqual(createHmac('sha256', bytes).update(id).digest());
        expect(verifies('p256', pair, Buffer.from(id), signatures[i] ?? Buffer.alloc(0))).toBe(true);
      });
    });

    test('a refused call harms none of its neighbours', async () => {
      const group = await at.hsm.importGroupKey(fresh('group'), randomBytes(64));
      const wrong = { ...group, checkValue: 'ffffffffffffffff' };
      const calls = Array.from({ length: 32 }, (_, i) => at.hsm.deriveDeviceKey(i % 2 ? wrong : group, `unit-${i}`));
      const states = (await Promise.allSettled(calls)).map((call) => call.status);
      expect(states).toEqual(calls.map((_, i) => (i % 2 ? 'rejected' : 'fulfilled')));
    });

    test('opened again it finds the same keys, seals and anchors', async () => {
      const group = await at.hsm.importGroupKey(fresh('group'), randomBytes(64));
      const made = [
        await at.hsm.generateSigningKey(fresh('sign'), 'p256'),
        await at.hsm.generateSigningKey(fresh('sign'), at.edwards ? 'ed25519' : 'p384'),
      ];
      const sealing = await at.hsm.generateSigningKey(fresh('seal'), 'hmac-sha256');
      const sealed = await at.hsm.seal(sealing, 'credential', Buffer.from('secret'), Buffer.alloc(0));
      const anchor = fresh('anchor');
      await at.hsm.writeAnchor(anchor, Buffer.from('head'));
      const before = await at.hsm.deriveDeviceKey(group, 'unit-1');
      await at.reopen();
      expect(await at.hsm.deriveDeviceKey(group, 'unit-1')).toEqual(before);
      expect((await at.hsm.unseal(sealing, 'credential', sealed, Buffer.alloc(0))).toString()).toBe('secret');
      expect((await at.hsm.readAnchor(anchor))?.toString()).toBe('head');
      for (const pair of made) await at.hsm.sign(pair, sha256(Buffer.from('x')));
    });

    test('its status says what it is, and that it is a stand-in', async () => {
      await at.hsm.random(8);
      const status = await at.hsm.status();
      expect(status).toMatchObject({ state: 'ready', reason: '', simulated: true });
      expect(status.token.label).not.toBe('');
      expect(status.token.serial).toMatch(/^[0-9a-f]{16}$/);
      expect(status.latencyMs.p50).toBeGreaterThan(0);
      expect(status.latencyMs.p99).toBeGreaterThanOrEqual(status.latencyMs.p50);
    });

    test('closed it is down, does nothing more, and may be closed again', async () => {
      await at.hsm.close();
      await at.hsm.close();
      expect((await at.hsm.status()).state).toBe('down');
      await expect(at.hsm.random(8)).rejects.toMatchObject({ code: 'hsm.down' });
    });
  });
}
