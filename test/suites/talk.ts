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
import { WiredUnit } from '../../drivers/simulated/unit/wired.ts';
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

  constructor(flash: Flash = new CuttableFlash()) {
    this.unit = new WiredUnit(loopFacts, new Memory(flash));
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

  /** Sends an object in pieces of 512 bytes. */
  send(object: string, bytes: Buffer, id = operation): Answer<'end'> {
    const total = bytes.length;
    const begun = this.ask('begin', { operation: id, object, total, delivery: 'clear' });
    if ('refused' in begun) return begun;
    for (let offset = 0; offset < total; offset += 512) {
      const piece = bytes.subarray(offset, offset + 512);
      const sent = this.ask('chunk', { operation: id, object, offset, total, bytes: piece });
      if ('refused' in sent) return sent;
    }
    return this.ask('end', { operation: id, object, sha256: digest(bytes) });
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
