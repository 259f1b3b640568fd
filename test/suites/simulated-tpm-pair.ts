import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SimulatedTpm } from '../../drivers/simulated/tpm/tpm.ts';
import { u16, u32 } from '../../drivers/tpm/marshal.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';
import { made } from './simulated-tpm.ts';
import { codeOf, commandOf } from './simulated-tpm-wire.ts';
import { makeSwtpm, type Swtpm, tools } from './swtpm.ts';
import { toPort } from './tpm-tcp.ts';

const never = new AbortController().signal;
const certificateIndex = '0x01c00002';
/** The attributes of a maker's index that a maker has to give; the others follow from the way it is made. */
const indexAttributes = 'platformcreate|ppwrite|writedefine|ppread|ownerread|authread|no_da';

/** The answers of both to one command. */
export type Answers = { readonly ours: Buffer; readonly theirs: Buffer };

/** A simulated TPM and swtpm, with the same certificate in the same index and nothing else. */
export class TpmPair {
  readonly #options: { readonly file: string };
  readonly #swtpm: Swtpm;
  #ours: SimulatedTpm;
  #theirs: TpmTransport;

  private constructor(swtpm: Swtpm, file: string, ours: SimulatedTpm, theirs: TpmTransport) {
    this.#options = { file };
    this.#swtpm = swtpm;
    this.#ours = ours;
    this.#theirs = theirs;
  }

  static async make(): Promise<TpmPair> {
    // Makers fill certificates up; it is read in two pieces.
    const { ekKey, certificate } = await made();
    const maker = { ekKey, certificate: Buffer.concat([certificate, Buffer.alloc(1_500 - certificate.length)]) };
    const swtpm = await makeSwtpm();
    try {
      const tool = tools(swtpm);
      await writeFile(join(swtpm.folder, 'certificate'), maker.certificate);
      const size = String(maker.certificate.length);
      await tool('tpm2_nvdefine', certificateIndex, '-C', 'p', '-s', size, '-a', indexAttributes);
      await tool('tpm2_nvwrite', certificateIndex, '-C', 'p', '-i', 'certificate');
      const file = join(swtpm.folder, 'simulated');
      return new TpmPair(swtpm, file, SimulatedTpm.open({ file, made: maker }), await toPort(swtpm.port));
    } catch (thrown) {
      await swtpm.stop();
      throw thrown;
    }
  }

  async both(command: Buffer, theirCommand = command): Promise<Answers> {
    return { ours: this.#ours.execute(command), theirs: await this.#theirs.transmit(theirCommand, 0, never) };
  }

  /** Handles of a kind that are in use in the simulated TPM. */
  inUse(from: number): readonly number[] {
    const parameters = Buffer.concat([u32(1), u32(from), u32(254)]);
    const answer = this.#ours.execute(commandOf('GetCapability', { parameters }));
    return Array.from({ length: answer.readUInt32BE(15) }, (_, at) => answer.readUInt32BE(19 + 4 * at));
  }

  /** What only swtpm did is undone: it is flushed there. */
  async flushTheirs(handle: number): Promise<void> {
    const flush = Buffer.concat([u16(0x8001), u32(14), u32(0x165), u32(handle)]);
    const answer = await this.#theirs.transmit(flush, 0, never);
    if (codeOf(answer) !== 0) throw new Error(`swtpm does not flush ${handle.toString(16)}`);
  }

  /** Both lose their power after an orderly shutdown, which swtpm is told of. */
  async powerCycle(): Promise<void> {
    await this.#theirs.transmit(Buffer.concat([u16(0x8001), u32(12), u32(0x145), u16(0)]), 0, never);
    await this.#theirs.close();
    await powerCycle(this.#swtpm);
    this.#theirs = await toPort(this.#swtpm.port);
    this.#ours = SimulatedTpm.open({ ...this.#options, made: await made() });
  }

  async stop(): Promise<void> {
    await this.#theirs.close();
    await this.#swtpm.stop();
  }
}

/** While swtpm is away, somebody else on this machine may have got its port for a moment. */
async function powerCycle(swtpm: Swtpm, attempts = 20): Promise<void> {
  try {
    await swtpm.powerCycle();
  } catch (thrown) {
    if (attempts === 0 || !(thrown instanceof Error && thrown.message.includes('Address already in use'))) throw thrown;
    await wait(50);
    await powerCycle(swtpm, attempts - 1);
  }
}
