import { randomBytes } from 'node:crypto';
import { encode } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../../drivers/frames/framer.ts';
import { type Asks, openEnvelope, readAnswer, refusalKind } from '../../../../drivers/protocols/uart-v1-messages.ts';
import { CuttableFlash } from '../../../suites/loop.ts';
import { digest, key, operation, provisioning, Talk } from '../../../suites/talk.ts';

test('a repeated request id is given the same answer, though the answer holds a fresh nonce', () => {
  const talk = new Talk().complete();
  const asks = { operation, registrationId: 'sn-000001', stationNonce: Buffer.alloc(32) };
  const id = randomBytes(8);
  const first = talk.ask('prove', asks, id);
  expect(talk.ask('prove', asks, id)).toEqual(first);
  expect(talk.ask('prove', asks)).not.toEqual(first);
});

test('a repeated request id acts once', () => {
  const talk = new Talk();
  const total = 2;
  const id = randomBytes(8);
  talk.ask('begin', { operation, object: 'symmetric-key', total, delivery: 'clear' });
  const chunk = { operation, object: 'symmetric-key', offset: 0, total, bytes: Buffer.of(1) };
  expect(talk.ask('chunk', chunk, id)).toEqual({ answers: { received: 1 } });
  expect(talk.ask('chunk', chunk, id)).toEqual({ answers: { received: 1 } });
  expect(talk.ask('chunk', { ...chunk, offset: 1 })).toEqual({ answers: { received: 2 } });
});

test('an unknown kind of message is refused by name', () => {
  const requestId = randomBytes(8);
  const unknown = encode(
    new Map<number, unknown>([
      [0, 60],
      [1, new Uint8Array(requestId)],
    ]),
  );
  const envelope = openEnvelope(new Talk().raw(unknown) ?? Buffer.alloc(0));
  expect(envelope).toMatchObject({ kind: refusalKind, requestId });
  expect(envelope && readAnswer('hello', envelope)).toEqual({ refused: 'unknown-kind' });
});

test('a request with a wrong field is refused as malformed, and what is no message is not answered', () => {
  const talk = new Talk();
  const requestId = new Uint8Array(randomBytes(8));
  const envelope = openEnvelope(
    talk.raw(
      encode(
        new Map<number, unknown>([
          [0, 7],
          [1, requestId],
        ]),
      ),
    ) ?? Buffer.alloc(0),
  );
  expect(envelope && readAnswer('commit', envelope)).toEqual({ refused: 'malformed' });
  expect(talk.raw(Buffer.from('80', 'hex'))).toBeUndefined();
});

describe('an object', () => {
  const begin = { operation, object: 'symmetric-key', total: 4, delivery: 'clear' };
  const chunk = { operation, object: 'symmetric-key', offset: 0, total: 4, bytes: Buffer.alloc(4, 1) };

  test('of an unknown kind, or delivered in an unknown way, is refused by name', () => {
    const talk = new Talk();
    expect(talk.ask('begin', { ...begin, object: 'x509' })).toEqual({ refused: 'unknown-object' });
    expect(talk.ask('begin', { ...begin, delivery: 'sealed' })).toEqual({ refused: 'unknown-delivery' });
  });

  test.each<[string, Partial<Asks<'chunk'>>]>([
    ['a hole before it', { offset: 1, bytes: Buffer.alloc(3) }],
    ['more bytes than announced', { bytes: Buffer.alloc(5) }],
    ['another total', { total: 5 }],
    ['another operation', { operation: Buffer.alloc(16, 8) }],
    ['another kind', { object: 'provisioning' }],
  ])('with a piece that has %s is refused', (_, wrong) => {
    const talk = new Talk();
    talk.ask('begin', begin);
    expect(talk.ask('chunk', { ...chunk, ...wrong })).toEqual({ refused: 'out-of-order' });
    expect(talk.ask('chunk', chunk)).toEqual({ answers: { received: 4 } });
  });

  test('that was never begun, or is not complete, does not end', () => {
    const talk = new Talk();
    const end = { operation, object: 'symmetric-key', sha256: digest(chunk.bytes) };
    expect(talk.ask('chunk', chunk)).toEqual({ refused: 'out-of-order' });
    expect(talk.ask('end', end)).toEqual({ refused: 'out-of-order' });
    talk.ask('begin', begin);
    talk.ask('chunk', { ...chunk, bytes: Buffer.alloc(3, 1) });
    expect(talk.ask('end', end)).toEqual({ refused: 'out-of-order' });
    expect(talk.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
  });

  test('whose digest differs is forgotten', () => {
    const talk = new Talk();
    talk.ask('begin', begin);
    talk.ask('chunk', chunk);
    expect(talk.ask('end', { operation, object: 'symmetric-key', sha256: digest(key) })).toEqual({
      refused: 'digest-differs',
    });
    expect(talk.ask('commit', { operation })).toEqual({ refused: 'nothing-staged' });
  });

  test('of provisioning information that is none is refused', () => {
    expect(new Talk().send('provisioning', Buffer.from('a0', 'hex'))).toEqual({ refused: 'object-invalid' });
  });
});

test('a proof is refused by name for each thing that is missing', () => {
  const asks = { operation, registrationId: 'sn-000001', stationNonce: Buffer.alloc(32) };
  const talk = new Talk();
  expect(talk.ask('prove', asks)).toEqual({ refused: 'no-credential' });
  talk.send('symmetric-key', key);
  expect(talk.ask('prove', asks)).toEqual({ refused: 'no-credential' });
  talk.ask('commit', { operation });
  expect(talk.ask('prove', asks)).toEqual({ refused: 'not-provisioned' });
  talk.send('provisioning', provisioning);
  expect(talk.ask('prove', { ...asks, registrationId: 'sn-000002' })).toEqual({ refused: 'other-registration' });
  expect(talk.ask('prove', { ...asks, operation: Buffer.alloc(16) })).toEqual({ refused: 'other-credential' });
});

test('a staged credential whose slot was written over by another one is forgotten, and can be staged again', () => {
  const flash = new CuttableFlash();
  const first = new Talk(flash);
  first.send('symmetric-key', key);
  const other = { operation: Buffer.alloc(16, 10), object: 'symmetric-key', total: 32 };
  first.ask('begin', { ...other, delivery: 'clear' });
  first.ask('chunk', { ...other, offset: 0, bytes: Buffer.alloc(32, 0x43) });
  const again = new Talk(flash);
  expect(again.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
  expect(again.send('symmetric-key', key)).toEqual({ answers: {} });
  expect(again.ask('commit', { operation })).toEqual({ answers: {} });
});

test('a staged credential whose slot is damaged is not committed, and can be staged again', () => {
  const flash = new CuttableFlash();
  const talk = new Talk(flash);
  talk.send('symmetric-key', key);
  const at = flash.bytes.indexOf(key);
  flash.bytes[at] = 0;
  expect(talk.ask('commit', { operation })).toEqual({ refused: 'memory-failed' });
  expect(talk.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
  expect(talk.send('symmetric-key', key)).toEqual({ answers: {} });
  expect(talk.ask('commit', { operation })).toEqual({ answers: {} });
});

test('a credential that was staged before the lock is not committed after it', () => {
  const talk = new Talk().complete();
  const next = Buffer.alloc(16, 10);
  const object = 'symmetric-key';
  talk.ask('begin', { operation: next, object, total: 32, delivery: 'clear', replaces: operation });
  talk.ask('chunk', { operation: next, object, offset: 0, total: 32, bytes: key });
  expect(talk.ask('end', { operation: next, object, sha256: digest(key) })).toEqual({ answers: {} });
  expect(talk.ask('lock', { operation })).toEqual({ answers: {} });
  expect(talk.ask('commit', { operation: next })).toEqual({ refused: 'locked' });
  expect(talk.ask('commit', { operation })).toEqual({ answers: {} });
});

test('a unit whose memory fails says so and goes on with what it holds', () => {
  class WornFlash extends CuttableFlash {
    worn = false;
    override write(offset: number, bytes: Uint8Array): void {
      if (this.worn) throw new Error('worn out');
      super.write(offset, bytes);
    }
  }
  const flash = new WornFlash();
  const talk = new Talk(flash);
  talk.send('symmetric-key', key);
  flash.worn = true;
  expect(talk.ask('commit', { operation })).toEqual({ refused: 'memory-failed' });
  expect(talk.ask('status', {})).toMatchObject({ answers: { state: 'staged' } });
});

test('no frames and no bytes whatever stop a unit', () => {
  const talk = new Talk().complete();
  const payloads = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(payloads, fc.boolean(), (payload, framed) => {
      talk.unit.receive(framed ? encodeFrame(payload) : payload);
    }),
    { numRuns: 3000 },
  );
  talk.unit.receive(Buffer.of(0));
  expect(talk.ask('status', {})).toMatchObject({ answers: { state: 'committed', operation } });
});
