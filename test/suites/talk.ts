import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import {
  type Answer,
  type Asks,
  type MessageName,
  openEnvelope,
  provisioningFields,
  readAnswer,
  writeRequest,
} from '../../drivers/protocols/uart-v1-messages.ts';
import { writeFields } from '../../drivers/protocols/wire.ts';
import type { Flash } from '../../drivers/simulated/unit/flash.ts';
import { Memory } from '../../drivers/simulated/unit/memory.ts';
import type { UnitFacts } from '../../drivers/simulated/unit/unit-state.ts';
import { type UnitGiven, WiredUnit } from '../../drivers/simulated/unit/wired.ts';
import { CuttableFlash, loopFacts } from './loop.ts';

export const operation = Buffer.alloc(16, 9);
export const key = Buffer.alloc(32, 0x42);
export const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
export const provisioning = writeFields(provisioningFields, {
  idScope: 's',
  endpoint: 'e',
  registrationId: 'sn-000001',
});

/** Speaks to a unit in its own words, without the station's driver. */
export class Talk {
  readonly unit: WiredUnit;

  constructor(flash: Flash = new CuttableFlash(), given: UnitGiven = {}, facts: UnitFacts = loopFacts) {
    this.unit = new WiredUnit(facts, new Memory(flash), given);
  }

  /** Its answer's bytes, or nothing. */
  raw(payload: Uint8Array): Buffer | undefined {
    return new FrameDecoder().push(Buffer.concat(this.unit.receive(encodeFrame(payload))))[0];
  }

  ask<M extends MessageName>(name: M, asks: Asks<M>, requestId: Buffer = randomBytes(8)): Answer<M> {
    const envelope = openEnvelope(this.raw(writeRequest(name, requestId, asks)) ?? Buffer.alloc(0));
    if (envelope === undefined) throw new Error(`no answer to ${name}`);
    return readAnswer(name, envelope);
  }

  /** The same of a request whose answer comes later, or at once. */
  async askLater<M extends MessageName>(
    name: M,
    asks: Asks<M>,
    requestId: Buffer = randomBytes(8),
  ): Promise<Answer<M>> {
    const later: Promise<Buffer>[] = [];
    const said = this.unit.receive(encodeFrame(writeRequest(name, requestId, asks)), (frame) => later.push(frame));
    const frames = Buffer.concat([...said, ...(await Promise.all(later))]);
    const envelope = openEnvelope(new FrameDecoder().push(frames)[0] ?? Buffer.alloc(0));
    if (envelope === undefined) throw new Error(`no answer to ${name}`);
    return readAnswer(name, envelope);
  }

  /** Sends an object in pieces of 512 bytes. */
  send(object: string, bytes: Buffer, id = operation, delivery = 'clear'): Answer<'end'> {
    const refused = this.bring(object, bytes, id, delivery);
    return refused ?? this.ask('end', { operation: id, object, sha256: digest(bytes) });
  }

  /** The same of an object that the TPM is asked for. */
  async sendLater(object: string, bytes: Buffer, id = operation, delivery = 'sealed'): Promise<Answer<'end'>> {
    const refused = this.bring(object, bytes, id, delivery);
    return refused ?? (await this.askLater('end', { operation: id, object, sha256: digest(bytes) }));
  }

  /** All of an object but its end; what the unit refuses it for, if it does. */
  bring(object: string, bytes: Buffer, id = operation, delivery = 'clear') {
    const total = bytes.length;
    const begun = this.ask('begin', { operation: id, object, total, delivery });
    if ('refused' in begun) return { refused: begun.refused };
    for (let offset = 0; offset < total; offset += 512) {
      const piece = bytes.subarray(offset, offset + 512);
      const sent = this.ask('chunk', { operation: id, object, offset, total, bytes: piece });
      if ('refused' in sent) return { refused: sent.refused };
    }
    return undefined;
  }

  provisioned(): this {
    expect(this.send('provisioning', provisioning, digest(provisioning).subarray(0, 16))).toEqual({ answers: {} });
    return this;
  }

  complete(): this {
    this.provisioned();
    expect(this.send('symmetric-key', key)).toEqual({ answers: {} });
    expect(this.ask('commit', { operation })).toEqual({ answers: {} });
    return this;
  }
}
