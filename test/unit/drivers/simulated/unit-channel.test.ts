import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agreeChannel, associatedData, Ephemeral, seal } from '../../../../drivers/protocols/channel.ts';
import { provisioningFields } from '../../../../drivers/protocols/uart-v1-messages.ts';
import { writeFields } from '../../../../drivers/protocols/wire.ts';
import { CuttableFlash, loopFacts } from '../../../suites/loop.ts';
import { inForce } from '../../../suites/power-cuts.ts';
import { digest, key, operation, provisioning, Talk } from '../../../suites/talk.ts';
import { sentKey } from '../../../suites/unit-certificates.ts';

const registrationId = 'sn-000001';
const bound = { operation, registrationId };
const done = { answers: {} };
const none = { answers: { state: 'none', locked: false, provisioned: digest(provisioning) } };

/** Agrees on a channel and gives what seals an object for it. */
function agreed(talk: Talk, id = operation) {
  const own = Ephemeral.draw();
  const said = talk.ask('channel', { operation: id, stationKey: own.point });
  if (!('answers' in said)) throw new Error(`no channel: ${JSON.stringify(said)}`);
  const { unitKey } = said.answers;
  const channel = agreeChannel(own, unitKey, { stationKey: own.point, unitKey }, { ...bound, operation: id });
  if (channel === undefined) throw new Error('the unit’s key is a point');
  return (plain: Uint8Array, kind = 'symmetric-key', to = { ...bound, operation: id }) =>
    seal(channel, associatedData(kind, to), plain);
}

const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const renamed = writeFields(provisioningFields, { idScope: 's', endpoint: 'e', registrationId: 'sn-000002' });

describe('a channel', () => {
  const asks = () => ({ operation, stationKey: Ephemeral.draw().point });

  test('is agreed on by a unit that knows its name, with a point of the curve, anew for each request', () => {
    const talk = new Talk();
    expect(talk.ask('channel', asks())).toEqual({ refused: 'not-provisioned' });
    talk.provisioned();
    expect(talk.ask('channel', { operation, stationKey: Buffer.alloc(65, 4) })).toEqual({ refused: 'bad-point' });
    const id = randomBytes(8);
    const first = talk.ask('channel', asks(), id);
    expect(talk.ask('channel', asks(), id)).toEqual(first);
    expect(talk.ask('channel', asks())).not.toEqual(first);
  });

  test('brings a key, of which nothing is in memory before it was opened', () => {
    const flash = new CuttableFlash();
    const talk = new Talk(flash).provisioned();
    const envelope = agreed(talk)(key);
    expect(talk.bring('symmetric-key', envelope, operation, 'channel')).toBeUndefined();
    expect(flash.bytes.includes(envelope) || flash.bytes.includes(key)).toBe(false);
    expect(talk.ask('end', { operation, object: 'symmetric-key', sha256: digest(envelope) })).toEqual(done);
    expect(flash.bytes.includes(key)).toBe(true);
    expect(talk.ask('commit', { operation })).toEqual(done);
    expect(inForce(flash)).toMatchObject({ key: key.toString('base64') });
  });

  test('is needed before the object begins, and for the same operation', () => {
    const talk = new Talk().provisioned();
    const begin = { operation, object: 'symmetric-key', total: 48, delivery: 'channel' };
    expect(talk.ask('begin', begin)).toEqual({ refused: 'no-channel' });
    agreed(talk, Buffer.alloc(16, 8));
    expect(talk.ask('begin', begin)).toEqual({ refused: 'no-channel' });
    agreed(talk);
    expect(talk.ask('begin', begin)).toEqual({ answers: { held: false } });
  });

  test('is forgotten with the object’s end, good or bad', () => {
    const talk = new Talk().provisioned();
    const sealed = agreed(talk);
    expect(talk.send('symmetric-key', sealed(key), operation, 'channel')).toEqual(done);
    expect(talk.send('symmetric-key', sealed(key), operation, 'channel')).toEqual({ refused: 'no-channel' });
    const again = agreed(talk)(key);
    expect(talk.bring('symmetric-key', again, operation, 'channel')).toBeUndefined();
    const end = { operation, object: 'symmetric-key', sha256: digest(key) };
    expect(talk.ask('end', end)).toEqual({ refused: 'digest-differs' });
    expect(talk.send('symmetric-key', again, operation, 'channel')).toEqual({ refused: 'no-channel' });
  });

  test('is forgotten with another one, and with what was on its way under it', () => {
    const talk = new Talk().provisioned();
    const envelope = agreed(talk)(key);
    expect(talk.bring('symmetric-key', envelope, operation, 'channel')).toBeUndefined();
    const next = agreed(talk);
    const end = { operation, object: 'symmetric-key', sha256: digest(envelope) };
    expect(talk.ask('end', end)).toEqual({ refused: 'out-of-order' });
    expect(talk.send('symmetric-key', next(key), operation, 'channel')).toEqual({ refused: 'no-channel' });
  });

  test('is forgotten with the power, and so is what was on its way', () => {
    const flash = new CuttableFlash();
    const talk = new Talk(flash).provisioned();
    const envelope = agreed(talk)(key);
    talk.bring('symmetric-key', envelope, operation, 'channel');
    const again = new Talk(flash);
    const end = { operation, object: 'symmetric-key', sha256: digest(envelope) };
    expect(again.ask('end', end)).toEqual({ refused: 'out-of-order' });
    expect(again.send('symmetric-key', envelope, operation, 'channel')).toEqual({ refused: 'no-channel' });
    expect(again.ask('status', {})).toEqual(none);
  });

  test('of one object does not open another', () => {
    const talk = new Talk().provisioned();
    const wrong: ((sealed: ReturnType<typeof agreed>) => Buffer)[] = [
      (sealed) => sealed(key, 'private-key'),
      (sealed) => sealed(key, 'symmetric-key', { ...bound, registrationId: 'sn-000002' }),
      (sealed) => sealed(key, 'symmetric-key', { ...bound, operation: Buffer.alloc(16) }),
      (sealed) => sealed(key).subarray(1),
      (sealed) => sealed(key).subarray(0, 8),
      ...Array.from({ length: 48 }, (_, at) => (sealed: ReturnType<typeof agreed>) => changed(sealed(key), at)),
    ];
    for (const make of wrong) {
      const envelope = make(agreed(talk));
      expect(talk.send('symmetric-key', envelope, operation, 'channel')).toEqual({ refused: 'not-opened' });
      const end = { operation, object: 'symmetric-key', sha256: digest(envelope) };
      expect(talk.ask('end', end)).toEqual({ refused: 'out-of-order' });
    }
    expect(talk.ask('status', {})).toEqual(none);
  });

  test('opens nothing for a unit that was given another name meanwhile', () => {
    const talk = new Talk().provisioned();
    const sealed = agreed(talk);
    expect(talk.send('provisioning', renamed, digest(renamed).subarray(0, 16))).toEqual(done);
    expect(talk.send('symmetric-key', sealed(key), operation, 'channel')).toEqual({ refused: 'no-channel' });
  });

  test('does not help what cannot be used: no key, a key that is none, one that is too long', () => {
    const talk = new Talk().provisioned();
    const send = (plain: Buffer, kind = 'symmetric-key') =>
      talk.send(kind, agreed(talk)(plain, kind), operation, 'channel');
    expect(send(Buffer.alloc(0))).toEqual({ refused: 'object-invalid' });
    expect(send(Buffer.alloc(100, 1), 'private-key')).toEqual({ refused: 'object-invalid' });
    expect(send(Buffer.alloc(4_097))).toEqual({ refused: 'too-long' });
    expect(talk.ask('status', {})).toEqual(none);
    expect(send(Buffer.alloc(4_096, 1))).toEqual(done);
    expect(send(sentKey().key, 'private-key')).toEqual(done);
  });

  test('is for keys alone: what is public travels in clear', () => {
    const talk = new Talk().provisioned();
    agreed(talk);
    for (const object of ['chain', 'provisioning']) {
      const begin = { operation, object, total: 48, delivery: 'channel' };
      expect(talk.ask('begin', begin)).toEqual({ refused: 'unknown-delivery' });
    }
  });

  test('is unknown to a unit that takes keys in clear alone', () => {
    const talk = new Talk(undefined, {}, { ...loopFacts, deliveries: ['clear'] }).provisioned();
    expect(talk.ask('channel', asks())).toEqual({ refused: 'unknown-delivery' });
    const begin = { operation, object: 'symmetric-key', total: 48, delivery: 'channel' };
    expect(talk.ask('begin', begin)).toEqual({ refused: 'unknown-delivery' });
  });

  test('cannot replace what is in force without its name, nor anything of a locked unit', () => {
    const talk = new Talk().complete();
    const next = Buffer.alloc(16, 8);
    const envelope = agreed(talk, next)(key);
    expect(talk.send('symmetric-key', envelope, next, 'channel')).toEqual({ refused: 'other-credential' });
    talk.ask('lock', { operation });
    const begin = { operation: next, object: 'symmetric-key', total: 48, delivery: 'channel', replaces: operation };
    expect(talk.ask('begin', begin)).toEqual({ refused: 'locked' });
    expect(talk.ask('begin', { ...begin, operation })).toEqual({ answers: { held: true } });
  });
});
