import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CredentialObject } from '../../../../drivers/protocols/protocol.ts';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { FileFlash } from '../../../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../../../drivers/simulated/unit/memory.ts';
import { chainSize, fresh, type Kept, keySize } from '../../../../drivers/simulated/unit/record.ts';
import { CuttableFlash, loopUnit, PowerCut } from '../../../suites/loop.ts';
import { proves, symmetricKey } from '../../../suites/protocol.suite.ts';

const never = new AbortController().signal;
const info = { idScope: '0ne1', endpoint: 'e.example', registrationId: 'sn-000001' };

function record(operation: number, locked = false): Kept {
  const sha256 = createHash('sha256').update(Buffer.of(operation)).digest();
  const named = { slot: 0, operation: Buffer.alloc(16, operation), kind: 'symmetric-key' } as const;
  return { locked, committed: { ...named, length: 1, sha256 } };
}

test('new flash holds what a new unit knows', () => {
  expect(new Memory(new CuttableFlash()).load()).toEqual(fresh);
});

test('a record that was written is read again, and the newest of many wins', () => {
  const flash = new CuttableFlash();
  for (let at = 1; at <= 9; at += 1) {
    new Memory(flash).save(record(at));
    expect(new Memory(flash).load()).toEqual(record(at));
  }
});

test('a record torn after any byte leaves the old one or the new one', () => {
  const old = new CuttableFlash();
  new Memory(old).save(record(1));
  new Memory(old).save(record(2));
  const before = old.written;
  new Memory(old).save(record(3, true));
  const length = old.written - before;
  const seen = new Set<string>();
  for (let left = 0; left <= length; left += 1) {
    const flash = new CuttableFlash();
    new Memory(flash).save(record(1));
    new Memory(flash).save(record(2));
    flash.left = left;
    expect(cutShort(() => new Memory(flash).save(record(3, true)))).toBe(left < length);
    const kept = new Memory(flash).load();
    expect([record(2), record(3, true)]).toContainEqual(kept);
    seen.add(JSON.stringify(kept));
  }
  expect(seen.size).toBe(2);
});

test('a record with any changed bit is not read', () => {
  const flash = new CuttableFlash();
  const memory = new Memory(flash);
  memory.save(record(1));
  memory.save(record(2));
  const at = flash.bytes.indexOf(Buffer.alloc(16, 2));
  for (let bit = 0; bit < 128; bit += 1) {
    const byte = at + (bit >> 3);
    flash.bytes[byte] = (flash.bytes[byte] ?? 0) ^ (1 << (bit & 7));
    expect(memory.load()).toEqual(record(1));
    flash.bytes[byte] = (flash.bytes[byte] ?? 0) ^ (1 << (bit & 7));
  }
  expect(memory.load()).toEqual(record(2));
});

test('a slot that does not hold what the record says is not read', () => {
  const memory = new Memory(new CuttableFlash());
  const bytes = randomBytes(32);
  const sha256 = createHash('sha256').update(bytes).digest();
  const held = { slot: 1, operation: Buffer.alloc(16), kind: 'symmetric-key', length: 32, sha256 } as const;
  memory.writeSlot(1, 'key', 0, bytes);
  expect(memory.readSlot(held)?.equals(bytes)).toBe(true);
  expect(memory.readSlot({ ...held, slot: 0 })).toBeUndefined();
  memory.writeSlot(1, 'key', 31, Buffer.of((bytes[31] ?? 0) ^ 1));
  expect(memory.readSlot(held)).toBeUndefined();
  expect(() => memory.writeSlot(1, 'key', keySize - 6, randomBytes(7))).toThrow(RangeError);
});

test('a slot has room for the longest key and chain, which touch neither each other nor the other slot', () => {
  const memory = new Memory(new CuttableFlash());
  const filled = ([0, 1] as const).map((slot) => {
    const [key, chain] = [randomBytes(keySize), randomBytes(chainSize)];
    memory.writeSlot(slot, 'chain', 0, chain);
    memory.writeSlot(slot, 'key', 0, key);
    const stored = { ...storedAs(key), chain: storedAs(chain) };
    return { key, chain, held: { slot, operation: Buffer.alloc(16, slot), kind: 'made-key', ...stored } as const };
  });
  for (const { key, chain, held } of filled) {
    expect(memory.readSlot(held)?.equals(key)).toBe(true);
    expect(memory.readChain(held)?.equals(chain)).toBe(true);
    memory.writeSlot(held.slot, 'chain', chainSize - 1, Buffer.of((chain.at(-1) ?? 0) ^ 1));
    expect(memory.readChain(held)).toBeUndefined();
    expect(memory.readSlot(held)?.equals(key)).toBe(true);
  }
  const [first, second] = filled;
  memory.eraseSlot(0);
  expect([memory.isErased(0), memory.isErased(1)]).toEqual([true, false]);
  expect(first && memory.readSlot(first.held)).toBeUndefined();
  expect(second && memory.readSlot(second.held)?.equals(second.key)).toBe(true);
});

test('a record with all that it can hold fits its cell and is read again', () => {
  const flash = new CuttableFlash();
  const held = {
    kind: 'symmetric-key',
    ...storedAs(randomBytes(keySize)),
    chain: storedAs(randomBytes(chainSize)),
  } as const;
  const full: Kept = {
    locked: true,
    committed: { slot: 1, operation: randomBytes(16), ...held },
    staged: { slot: 0, operation: randomBytes(16), ...held },
    provisioned: randomBytes(1024),
  };
  new Memory(flash).save({ locked: false });
  new Memory(flash).save(full);
  expect(new Memory(flash).load()).toEqual(full);
  new Memory(flash).save({ locked: false });
  expect(new Memory(flash).load()).toEqual({ locked: false });
});

test('what is erased is written only where something is', () => {
  const flash = new CuttableFlash();
  const memory = new Memory(flash);
  memory.writeSlot(1, 'key', 0, randomBytes(32));
  memory.writeSlot(1, 'chain', 800, randomBytes(32));
  const before = flash.written;
  memory.eraseSlot(1);
  expect(memory.isErased(1)).toBe(true);
  expect(flash.written - before).toBe(2 * 256);
  memory.eraseSlot(1);
  expect(flash.written - before).toBe(2 * 256);
});

test('power cut after any byte of a whole provisioning leaves no credential or all of it, and trying again passes', async () => {
  const key = symmetricKey();
  const whole = new CuttableFlash();
  await provision(whole, key);
  const states = new Set<string>();
  for (let left = 0; left <= whole.written; left += 1) {
    const flash = new CuttableFlash();
    flash.left = left;
    const tried = provision(flash, key);
    // The last byte of all is the one that switches.
    await (left < whole.written ? expect(tried).rejects.toBeInstanceOf(PowerCut) : tried);
    flash.left = Number.POSITIVE_INFINITY;
    const { session } = await powerUp(flash);
    const status = await session.status(never);
    states.add(status.state);
    if (status.state === 'committed') expect(await proves(session, key)).toBe(true);
    await provision(flash, key);
    expect(await proves((await powerUp(flash)).session, key)).toBe(true);
  }
  expect([...states].sort()).toEqual(['committed', 'none', 'staged']);
});

test('power cut after any byte of a replacement leaves the old credential or the new one, and trying again passes', async () => {
  const old = symmetricKey();
  const next = { ...symmetricKey(), replaces: old.operation };
  const begun = async () => {
    const flash = new CuttableFlash();
    await provision(flash, old);
    flash.written = 0;
    return flash;
  };
  const whole = await begun();
  await replace(whole, next);
  const seen = new Set<string>();
  for (let left = 0; left < whole.written; left += 1) {
    const flash = await begun();
    flash.left = left;
    await expect(replace(flash, next)).rejects.toBeInstanceOf(PowerCut);
    flash.left = Number.POSITIVE_INFINITY;
    const { session } = await powerUp(flash);
    const { operation } = await session.status(never);
    const inForce = operation?.equals(old.operation) ? old : next;
    seen.add(inForce === old ? 'old' : 'new');
    expect(operation).toEqual(inForce.operation);
    expect(await proves(session, inForce)).toBe(true);
    await replace(flash, next);
    expect(await proves((await powerUp(flash)).session, next)).toBe(true);
  }
  expect([...seen].sort()).toEqual(['new', 'old']);
  // What was replaced is erased.
  expect(whole.bytes.includes(old.bytes)).toBe(false);
  expect(whole.bytes.includes(next.bytes)).toBe(true);
});

test('flash in a file keeps what was written, and only its owner may read it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-flash-'));
  try {
    const path = join(folder, 'unit.mem');
    const first = new FileFlash(path, flashSize);
    expect(first.read(0, 4).toString('hex')).toBe('ffffffff');
    new Memory(first).save(record(7));
    first.close();
    const second = new FileFlash(path, flashSize);
    expect(new Memory(second).load()).toEqual(record(7));
    second.close();
    expect(statSync(path).size).toBe(flashSize);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function storedAs(bytes: Buffer) {
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest() };
}

async function powerUp(flash: CuttableFlash) {
  const { link } = loopUnit(flash);
  return { session: await uartV1.open(link, never) };
}

async function provision(flash: CuttableFlash, credential: CredentialObject & { operation: Buffer }): Promise<void> {
  const { session } = await powerUp(flash);
  await session.provision(info, never);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
}

async function replace(flash: CuttableFlash, credential: CredentialObject & { operation: Buffer }): Promise<void> {
  const { session } = await powerUp(flash);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
}

function cutShort(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (thrown) {
    if (thrown instanceof PowerCut) return true;
    throw thrown;
  }
}
