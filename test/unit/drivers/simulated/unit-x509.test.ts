import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Answer, provisioningFields } from '../../../../drivers/protocols/uart-v1-messages.ts';
import { writeFields } from '../../../../drivers/protocols/wire.ts';
import { equip } from '../../../../drivers/simulated/unit/factory.ts';
import { Memory } from '../../../../drivers/simulated/unit/memory.ts';
import { CuttableFlash } from '../../../suites/loop.ts';
import { digest, key, operation, Talk } from '../../../suites/talk.ts';
import { chainFor, ownKey, pairs, requestedKey, sentKey } from '../../../suites/unit-certificates.ts';

const pending = { operation, algorithm: 'p256' };
const wanted = { operation, object: 'csr', offset: 0 };
const done = { answers: {} };

function bytesOf(answer: Answer<'fetch'>): Buffer {
  if (!('answers' in answer)) throw new Error(`fetched nothing: ${JSON.stringify(answer)}`);
  return answer.answers.bytes;
}

test('a key is made for a unit that knows its name, of a kind that it makes, and for nobody else', () => {
  const talk = new Talk();
  expect(talk.ask('make-key', pending)).toEqual({ refused: 'not-provisioned' });
  talk.provisioned();
  expect(talk.ask('make-key', { ...pending, algorithm: 'rsa4096' })).toEqual({ refused: 'unknown-algorithm' });
  expect(talk.ask('make-key', { ...pending, algorithm: 'toString' })).toEqual({ refused: 'unknown-algorithm' });
  expect(talk.ask('make-key', pending)).toEqual(done);
});

test('a certificate request stays the same while it is fetched, and asks for the same key after a power cut', () => {
  const flash = new CuttableFlash();
  const talk = new Talk(flash).provisioned();
  talk.ask('make-key', pending);
  const first = bytesOf(talk.ask('fetch', wanted));
  talk.ask('status', {});
  expect(bytesOf(talk.ask('fetch', wanted))).toEqual(first);
  const second = bytesOf(new Talk(flash).ask('fetch', wanted));
  expect(second).not.toEqual(first);
  expect(requestedKey(second).equals(requestedKey(first))).toBe(true);
});

test('a certificate request is for the name that the unit has now', () => {
  const talk = new Talk().provisioned();
  talk.ask('make-key', pending);
  expect(bytesOf(talk.ask('fetch', wanted)).includes('sn-000001')).toBe(true);
  const renamed = writeFields(provisioningFields, { idScope: 's', endpoint: 'e', registrationId: 'sn-000002' });
  talk.send('provisioning', renamed, digest(renamed).subarray(0, 16));
  expect(bytesOf(talk.ask('fetch', wanted)).includes('sn-000002')).toBe(true);
});

test('a request of an RSA key is the same whenever it is made', () => {
  const flash = new CuttableFlash();
  const talk = new Talk(flash).provisioned();
  talk.ask('make-key', { ...pending, algorithm: 'rsa2048' });
  expect(talk.ask('make-key', { ...pending, algorithm: 'rsa2048' })).toEqual(done);
  expect(new Talk(flash).ask('fetch', wanted)).toEqual(talk.ask('fetch', wanted));
});

test('what is fetched is refused by name for each thing that is missing', () => {
  const talk = new Talk().provisioned();
  expect(talk.ask('fetch', { ...wanted, object: 'private-key' })).toEqual({ refused: 'unknown-object' });
  expect(talk.ask('fetch', { object: 'csr', offset: 0 })).toEqual({ refused: 'malformed' });
  expect(talk.ask('fetch', wanted)).toEqual({ refused: 'no-key' });
  expect(talk.ask('fetch', { ...wanted, object: 'chain' })).toEqual({ refused: 'no-chain' });
  expect(talk.ask('fetch', { object: 'certificate', offset: 0 })).toEqual({ refused: 'no-chain' });
  talk.ask('make-key', pending);
  expect(talk.ask('fetch', { ...wanted, object: 'chain' })).toEqual({ refused: 'no-chain' });
  expect(talk.ask('fetch', { ...wanted, offset: 4_000 })).toEqual({ refused: 'out-of-order' });
  expect(talk.ask('fetch', { ...wanted, operation: Buffer.alloc(16) })).toEqual({ refused: 'no-key' });
  const sent = new Talk().complete();
  expect(sent.ask('fetch', wanted)).toEqual({ refused: 'no-key' });
  expect(sent.ask('fetch', { ...wanted, operation: Buffer.alloc(16) })).toEqual({ refused: 'other-credential' });
});

test('a chain is refused by name for each thing that is wrong with it, and its key is kept', () => {
  const talk = new Talk().provisioned();
  const { chain } = sentKey();
  expect(talk.send('chain', chain)).toEqual({ refused: 'no-key' });
  talk.send('symmetric-key', key);
  expect(talk.send('chain', chain)).toEqual({ refused: 'no-key' });
  talk.ask('make-key', pending);
  expect(talk.send('chain', chain)).toEqual({ refused: 'key-differs' });
  const cut = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  expect(talk.send('chain', cut)).toEqual({ refused: 'object-invalid' });
  expect(talk.send('chain', Buffer.alloc(16_384, 0x20))).toEqual({ refused: 'object-invalid' });
  expect(talk.ask('commit', { operation })).toEqual({ refused: 'no-chain' });
  expect(talk.send('chain', chainFor(requestedKey(bytesOf(talk.ask('fetch', wanted)))))).toEqual(done);
  expect(talk.ask('commit', { operation })).toEqual(done);
});

test('a private key that proves nothing here, or is longer than its place, is refused', () => {
  const talk = new Talk();
  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  expect(talk.send('private-key', ed25519)).toEqual({ refused: 'object-invalid' });
  expect(talk.send('private-key', Buffer.alloc(4_097))).toEqual({ refused: 'too-long' });
  expect(talk.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
});

test('a key that was sent in place of one that the unit made takes its chain with it', () => {
  const talk = new Talk().provisioned();
  talk.ask('make-key', pending);
  talk.send('chain', chainFor(requestedKey(bytesOf(talk.ask('fetch', wanted)))));
  const { key: sent, chain } = sentKey(pairs.p384);
  expect(talk.send('private-key', sent)).toEqual(done);
  expect(talk.ask('commit', { operation })).toEqual({ refused: 'no-chain' });
  expect(talk.ask('fetch', wanted)).toEqual({ refused: 'no-key' });
  expect(talk.send('chain', chain)).toEqual(done);
  // The unit is asked to make the key of an operation whose key came from outside: it makes one.
  expect(talk.ask('make-key', pending)).toEqual(done);
  expect(talk.ask('commit', { operation })).toEqual({ refused: 'no-chain' });
});

test('a staged key or chain whose bytes are damaged is not committed, and can be staged again', () => {
  const { key: sent, chain } = sentKey();
  for (const damaged of [sent, chain]) {
    const flash = new CuttableFlash();
    const talk = new Talk(flash);
    talk.send('private-key', sent);
    talk.send('chain', chain);
    flash.bytes[flash.bytes.indexOf(damaged) + 40] = 0;
    expect(talk.ask('commit', { operation })).toEqual({ refused: 'memory-failed' });
    expect(talk.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
    expect([talk.send('private-key', sent), talk.send('chain', chain)]).toEqual([done, done]);
    expect(talk.ask('commit', { operation })).toEqual(done);
  }
});

test('what was damaged in force is neither proven nor fetched', () => {
  const { key: sent, chain } = sentKey();
  const flash = new CuttableFlash();
  const talk = new Talk(flash).provisioned();
  talk.send('private-key', sent);
  talk.send('chain', chain);
  talk.ask('commit', { operation });
  flash.bytes[flash.bytes.indexOf(chain)] = 0;
  expect(talk.ask('fetch', { ...wanted, object: 'chain' })).toEqual({ refused: 'memory-failed' });
  flash.bytes[flash.bytes.indexOf(sent)] = 0;
  const asks = { operation, registrationId: 'sn-000001', stationNonce: Buffer.alloc(32) };
  expect(talk.ask('prove', asks)).toEqual({ refused: 'memory-failed' });
});

test('a key that was pending when the unit was locked gets no chain and never comes in force', () => {
  const talk = new Talk().complete();
  const next = Buffer.alloc(16, 10);
  talk.ask('make-key', { operation: next, algorithm: 'p256', replaces: operation });
  const chain = chainFor(requestedKey(bytesOf(talk.ask('fetch', { ...wanted, operation: next }))));
  expect(talk.ask('lock', { operation })).toEqual(done);
  expect(talk.send('chain', chain, next)).toEqual({ refused: 'locked' });
  expect(talk.ask('commit', { operation: next })).toEqual({ refused: 'locked' });
});

test('a certificate that was replaced leaves neither key nor chain behind', () => {
  const { key: sent, chain } = sentKey();
  const flash = new CuttableFlash();
  const talk = new Talk(flash).provisioned();
  talk.send('private-key', sent);
  talk.send('chain', chain);
  talk.ask('commit', { operation });
  const next = Buffer.alloc(16, 10);
  talk.ask('make-key', { operation: next, algorithm: 'p256', replaces: operation });
  const request = bytesOf(talk.ask('fetch', { ...wanted, operation: next }));
  talk.send('chain', chainFor(requestedKey(request)), next);
  expect(talk.ask('commit', { operation: next })).toEqual(done);
  expect(flash.bytes.includes(sent)).toBe(false);
  expect(flash.bytes.includes(chain)).toBe(false);
});

test('a unit is given what it comes with once, and keeps what it has instead when it is started again', () => {
  const flash = new CuttableFlash();
  const own = ownKey('SN-1');
  equip(flash, own);
  const before = Buffer.from(flash.bytes);
  equip(flash, ownKey('SN-2'));
  expect(flash.bytes).toEqual(before);
  const { committed } = new Memory(flash).load();
  expect(committed?.operation).toEqual(digest(Buffer.from(own.chain)).subarray(0, 16));
  const used = new CuttableFlash();
  new Talk(used).complete();
  equip(used, own);
  expect(new Talk(used).ask('fetch', { object: 'certificate', offset: 0 })).toEqual({ refused: 'no-chain' });
});

test('the private key is in the memory and in nothing that the unit says', () => {
  const flash = new CuttableFlash();
  const talk = new Talk(flash).provisioned();
  talk.ask('make-key', pending);
  const { staged } = new Memory(flash).load();
  const pkcs8 = staged && new Memory(flash).readSlot(staged);
  const { d = '' } = createPrivateKey({ key: pkcs8 ?? '', format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  const secret = Buffer.from(d, 'base64url');
  expect(flash.bytes.includes(secret)).toBe(true);
  expect(bytesOf(talk.ask('fetch', wanted)).includes(secret)).toBe(false);
});
