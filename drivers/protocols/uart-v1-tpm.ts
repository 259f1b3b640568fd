// The way to a unit's TPM through uart-v1: one command in a request, its response in the answer.
import { StationError } from '../../station-core/contract/errors.ts';
import { commands } from '../tpm/constants.ts';
import type { TpmTransport } from '../tpm/transport.ts';
import type { Patience } from './exchange.ts';
import { type Asking, refusalError } from './uart-v1-asking.ts';
import { maxTpm } from './uart-v1-messages.ts';
import { refusals } from './uart-v1-refusals.ts';

/** Commands that let a TPM make or use an RSA key: an older discrete one searches for a minute. */
const slow: ReadonlySet<number> = new Set([commands.CreatePrimary, commands.ActivateCredential]);
/** 10 s for each sending, where others have 2 s. */
const timesSlower = 5;

export class TpmTunnel implements TpmTransport {
  readonly name = "the unit's TPM";
  readonly longest = maxTpm;
  readonly #asking: Asking;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** A repeated request id is answered without the TPM acting again, so that a lost answer changes nothing. */
  async transmit(command: Buffer, commandCode: number, signal: AbortSignal): Promise<Buffer> {
    const said = await this.#asking.try('tpm', { command }, signal, this.#patienceFor(commandCode));
    if ('answers' in said) return taken(said.answers.response);
    if (said.refused === 'no-tpm') throw new StationError('tpm.missing', { what: refusals['no-tpm'] });
    throw refusalError('tpm', said.refused);
  }

  /** The link is the session's. */
  async close(): Promise<void> {}

  #patienceFor(commandCode: number): Patience {
    const ordinary = this.#asking.patienceFor('tpm');
    return slow.has(commandCode) ? { ...ordinary, ms: ordinary.ms * timesSlower } : ordinary;
  }
}

/** What was read is a view of the frame, and may hold a challenge's secret: the reader gets, and zeroes, the one copy. */
function taken(response: Buffer): Buffer {
  const copy = Buffer.from(response);
  response.fill(0);
  return copy;
}
