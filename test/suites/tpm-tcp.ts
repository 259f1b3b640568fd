import { TpmCommands } from '../../drivers/tpm/commands.ts';
import { handleRanges } from '../../drivers/tpm/constants.ts';
import { openTcp } from '../../drivers/tpm/tcp.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';

const never = new AbortController().signal;

/** A transport to a TPM that listens on this machine. */
export const toPort = (port: number): Promise<TpmTransport> =>
  openTcp({ host: '127.0.0.1', port, framing: 'raw' }, never);

/** How many transient objects and sessions are loaded in the TPM behind a transport, which is closed. */
export async function loadedIn(transport: TpmTransport): Promise<number> {
  const commands = new TpmCommands(transport);
  try {
    let count = 0;
    for (const from of [handleRanges.transient, handleRanges.loadedSession, handleRanges.savedSession]) {
      count += (await commands.handles(from, never)).length;
    }
    return count;
  } finally {
    await transport.close();
  }
}
