// The TPM that a unit has: a simulated one, or a real program's behind a port of this machine.
import { StationError } from '../../../station-core/contract/errors.ts';
import { Deadline } from '../../deadline.ts';
import { openTcp } from '../../tpm/tcp.ts';
import { type Behaviour, SimulatedTpm } from '../tpm/tpm.ts';

/** A unit's TPM as its firmware reaches it: one raw command at a time. */
export interface UnitsTpm {
  /** The response to a command. Rejects with NoTpm when there is none. */
  execute(command: Buffer): Promise<Buffer>;
  /** Its power comes anew, with its unit's: what was loaded is gone. */
  restart(): void;
}

/** Nothing answers where the TPM should be, or nothing that is a response. */
export class NoTpm extends Error {}

/** What a unit is given for a TPM: made with this endorsement key and certificate, or behind this TCP port (swtpm's). */
export type TpmGiven =
  | {
      /** The private endorsement key, RSA-2048, PKCS#8 in PEM. */
      readonly ekKey: string;
      /** Its certificate, DER in base64. */
      readonly certificate: string;
      readonly behaves?: Behaviour;
    }
  | { readonly port: number };

/** A unit's TPM; a simulated one keeps its state in the file. Throws what SimulatedTpm.open throws. */
export function openUnitsTpm(given: TpmGiven, file: string): UnitsTpm {
  return 'port' in given ? new TpmBehindPort(given.port) : new TpmInside(file, given);
}

class TpmInside implements UnitsTpm {
  readonly #open: () => SimulatedTpm;
  #tpm: SimulatedTpm;

  constructor(file: string, { ekKey, certificate, behaves = 'normal' }: Exclude<TpmGiven, { port: number }>) {
    const made = { ekKey, certificate: Buffer.from(certificate, 'base64') };
    this.#open = () => SimulatedTpm.open({ file, made, behaves });
    this.#tpm = this.#open();
  }

  async execute(command: Buffer): Promise<Buffer> {
    return this.#tpm.execute(command);
  }

  restart(): void {
    this.#tpm = this.#open();
  }
}

/** Longer than any TPM takes for any command. */
const patience = 90_000;

/** A connection for each command: swtpm serves one client at a time, and keeps what is loaded from one to the next. */
class TpmBehindPort implements UnitsTpm {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async execute(command: Buffer): Promise<Buffer> {
    using deadline = new Deadline(patience);
    try {
      const transport = await openTcp({ host: '127.0.0.1', port: this.#port, framing: 'raw' }, deadline.signal);
      try {
        return await transport.transmit(command, command.readUInt32BE(6), deadline.signal);
      } finally {
        await transport.close();
      }
    } catch (thrown) {
      if (!(thrown instanceof StationError) && !deadline.passed) throw thrown;
      throw new NoTpm('the TPM does not answer', { cause: thrown });
    }
  }

  /** Its power is its own: whoever started it may take it away. */
  restart(): void {}
}
