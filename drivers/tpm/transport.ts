/**
 * Carries raw TPM 2.0 commands to one TPM, one at a time: through a unit's protocol, over TCP, or through a device node.
 */
export interface TpmTransport {
  /** How a person knows it, for messages: `127.0.0.1:2321`, `/dev/tpmrm0`, `the unit's TPM`. */
  readonly name: string;
  /** Longest command or response that it carries, in bytes, at most 4,096. */
  readonly longest: number;
  /**
   * Sends one command and answers the whole response. `commandCode` lets it know how long the TPM may take. Throws `link.lost`,
   * `tpm.missing`, what the way to it throws, or the signal's reason.
   */
  transmit(command: Buffer, commandCode: number, signal: AbortSignal): Promise<Buffer>;
  /** Ends it; safe to call twice. */
  close(): Promise<void>;
}
