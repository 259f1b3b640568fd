import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../../drivers/frames/framer.ts';
import { sealObject } from '../../../../drivers/protocols/sealed.ts';
import { writeRequest } from '../../../../drivers/protocols/uart-v1-messages.ts';
import { PowerCut, PoweredUnit } from '../../../../drivers/simulated/unit/power.ts';
import { NoTpm, type UnitsTpm } from '../../../../drivers/simulated/unit/units-tpm.ts';
import { CuttableFlash, loopFacts } from '../../../suites/loop.ts';
import { inForce } from '../../../suites/power-cuts.ts';
import { digest, key, operation, provisioning, Talk } from '../../../suites/talk.ts';
import { newUnitsTpm, sealTo } from '../../../suites/units-tpm.ts';

const registrationId = 'sn-000001';
const bound = { operation, registrationId };
const done = { answers: {} };
const none = { answers: { state: 'none', locked: false, provisioned: digest(provisioning) } };

/** A TPM that counts what it is asked, and is gone when it is told so. */
class CountedTpm implements UnitsTpm {
  asked = 0;
  gone = false;
  readonly #tpm: UnitsTpm;

  constructor(tpm: UnitsTpm) {
    this.#tpm = tpm;
  }

  async execute(command: Buffer): Promise<Buffer> {
    this.asked += 1;
    if (this.gone) throw new NoTpm();
    return this.#tpm.execute(command);
  }

  restart(): void {
    this.#tpm.restart();
  }
}

const getRandom = Buffer.from('80010000000c0000017b0008', 'hex');

describe('a command to the unit’s TPM', () => {
  const answering = (response: Buffer): UnitsTpm => ({ execute: async () => response, restart: () => undefined });

  test('is carried there and back, and a repeated one is answered without the TPM acting again', async () => {
    const tpm = new CountedTpm(answering(Buffer.alloc(896, 7)));
    const talk = new Talk(undefined, { tpm });
    const id = randomBytes(8);
    const first = await talk.askLater('tpm', { command: getRandom }, id);
    expect(first).toEqual({ answers: { response: Buffer.alloc(896, 7) } });
    expect(await talk.askLater('tpm', { command: getRandom }, id)).toEqual(first);
    expect(tpm.asked).toBe(1);
    await talk.askLater('tpm', { command: getRandom });
    expect(tpm.asked).toBe(2);
  });

  test('is refused without a TPM, without an answer, and where the response does not fit', async () => {
    const ask = (tpm?: UnitsTpm) => new Talk(undefined, tpm && { tpm }).askLater('tpm', { command: getRandom });
    expect(await ask()).toEqual({ refused: 'no-tpm' });
    const gone = new CountedTpm(answering(getRandom));
    gone.gone = true;
    expect(await ask(gone)).toEqual({ refused: 'no-tpm' });
    expect(await ask(answering(Buffer.alloc(897)))).toEqual({ refused: 'too-long' });
    expect(await ask(answering(Buffer.alloc(9)))).toEqual({ refused: 'no-tpm' });
  });

  test('keeps the unit busy: it hears nothing else, and answers once', async () => {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const talk = new Talk(undefined, { tpm: { execute: () => promise, restart: () => undefined } });
    const id = randomBytes(8);
    const answered = talk.askLater('tpm', { command: getRandom }, id);
    const again = encodeFrame(writeRequest('tpm', id, { command: getRandom }));
    expect(talk.unit.receive(again)).toEqual([]);
    expect(() => talk.ask('status', {})).toThrow('no answer');
    resolve(Buffer.alloc(10));
    expect(await answered).toEqual({ answers: { response: Buffer.alloc(10) } });
    expect(talk.unit.receive(again)).toHaveLength(1);
    expect(talk.ask('status', {})).toEqual({ answers: { state: 'none', locked: false } });
  });
});

describe('a sealed key', () => {
  const sealed = async (plain: Buffer, tpm: UnitsTpm, to: Partial<typeof bound> = {}) =>
    sealObject(plain, 'symmetric-key', await sealTo(tpm), { ...bound, ...to });

  test('is opened by the unit’s TPM, with nothing of it in memory before', async () => {
    const flash = new CuttableFlash();
    const tpm = new CountedTpm(await newUnitsTpm());
    const envelope = await sealed(key, tpm);
    const talk = new Talk(flash, { tpm }).provisioned();
    expect(talk.bring('symmetric-key', envelope, operation, 'sealed')).toBeUndefined();
    expect(flash.bytes.includes(envelope.subarray(0, 64))).toBe(false);
    const id = randomBytes(8);
    const end = { operation, object: 'symmetric-key', sha256: digest(envelope) };
    expect(await talk.askLater('end', end, id)).toEqual(done);
    const asked = tpm.asked;
    expect(await talk.askLater('end', end, id)).toEqual(done);
    expect(tpm.asked).toBe(asked);
    expect(talk.ask('commit', { operation })).toEqual(done);
    expect(inForce(flash)).toMatchObject({ key: key.toString('base64') });
  });

  test('that is none, or for another name, is refused and forgotten', async () => {
    const tpm = await newUnitsTpm();
    const talk = new Talk(undefined, { tpm }).provisioned();
    const send = (envelope: Buffer) => talk.sendLater('symmetric-key', envelope);
    expect(await send(Buffer.alloc(700, 1))).toEqual({ refused: 'not-opened' });
    expect(await send(await sealed(key, tpm, { registrationId: 'sn-2' }))).toEqual({ refused: 'not-opened' });
    expect(await send(await sealed(key, tpm, { operation: Buffer.alloc(16) }))).toEqual({ refused: 'not-opened' });
    expect(await send(Buffer.alloc(5_121))).toEqual({ refused: 'too-long' });
    expect(talk.ask('status', {})).toEqual(none);
    expect(await send(await sealed(Buffer.alloc(4_096, 1), tpm))).toEqual(done);
  });

  test('begins for a unit that knows its name', async () => {
    const talk = new Talk(undefined, { tpm: await newUnitsTpm() });
    const begin = { operation, object: 'symmetric-key', total: 700, delivery: 'sealed' };
    expect(talk.ask('begin', begin)).toEqual({ refused: 'not-provisioned' });
  });

  test('is refused when the TPM is gone, and can be sent again', async () => {
    const tpm = new CountedTpm(await newUnitsTpm());
    const envelope = await sealed(key, tpm);
    const talk = new Talk(undefined, { tpm }).provisioned();
    tpm.gone = true;
    expect(await talk.sendLater('symmetric-key', envelope)).toEqual({ refused: 'no-tpm' });
    tpm.gone = false;
    const end = { operation, object: 'symmetric-key', sha256: digest(envelope) };
    expect(talk.ask('end', end)).toEqual({ refused: 'out-of-order' });
    expect(await talk.sendLater('symmetric-key', envelope)).toEqual(done);
  });

  test('is not kept by a unit that loses its power while its TPM is asked, and its TPM is asked no more', async () => {
    const own = new CountedTpm(await newUnitsTpm());
    const envelope = await sealed(key, own);
    const asked = own.asked;
    const flash = new CuttableFlash();
    const talk = new Talk(flash, { tpm: own }).provisioned();
    talk.bring('symmetric-key', envelope, operation, 'sealed');
    const answered = talk.askLater('end', { operation, object: 'symmetric-key', sha256: digest(envelope) });
    talk.unit.end();
    await expect(answered).rejects.toBeInstanceOf(PowerCut);
    expect(own.asked).toBe(asked + 1);
    expect(new Talk(flash).ask('status', {})).toEqual(none);
  });
});

test('a unit that is unplugged while its TPM is asked says nothing afterwards', async () => {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const tpm = { execute: () => promise, restart: () => undefined };
  const unit = new PoweredUnit(loopFacts, new CuttableFlash(), undefined, { tpm });
  const heard: Buffer[] = [];
  const asks = encodeFrame(writeRequest('tpm', randomBytes(8), { command: getRandom }));
  expect(unit.receive(asks, (bytes) => heard.push(bytes))).toEqual([]);
  unit.unplug();
  resolve(Buffer.alloc(10));
  await promise;
  await new Promise(setImmediate);
  expect(heard).toEqual([]);
  expect(unit.receive(asks, (bytes) => heard.push(bytes))).toEqual([]);
});
