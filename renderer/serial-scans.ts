import { asStationError } from '../station-core/contract/errors.ts';
import type { StationClient } from './client.ts';
import type { ScanDesk } from './desk.ts';

/**
 * What serial scanners read goes to one page, the one that people look at: this one asks for it whenever it gets the keyboard, has
 * its connection back, or somebody signs in or out. It goes on going here while another program has the keyboard.
 */
export function takeSerialScans(client: StationClient, desk: ScanDesk, window: Window): void {
  const take = async (): Promise<void> => {
    const { missed, at } = await client.call('scanners.take', {});
    if (missed > 0 && at !== undefined) desk.missed(missed, at, performance.now());
  };
  const ask = () => {
    take().catch((thrown: unknown) => {
      // A connection that is lost is said elsewhere, and asked again when it is back.
      if (asStationError(thrown, () => 'screen').code !== 'rpc.closed') throw thrown;
    });
  };
  let before: string | undefined;
  client.screen.subscribe(() => {
    const { person } = client.screen.get();
    const now = isThere(client) ? (person?.session ?? '') : undefined;
    if (now !== undefined && now !== before && window.document.hasFocus()) ask();
    before = now;
  });
  window.addEventListener('focus', () => {
    if (isThere(client)) ask();
  });
  client.onProgress((progress) => {
    // That a scanner is gone is said where the last scan is; what is refused later stands above it.
    if (progress.type === 'scanner' && progress.scanner.error) desk.forget();
    if (progress.type !== 'scan') return;
    if ('code' in progress) desk.scanned(progress.code, performance.now());
    else desk.misread(progress.error, performance.now());
  });
}

/** Whether a station answers that has scanners: one that is to be set up has none yet. */
function isThere({ screen }: StationClient): boolean {
  const { connection, description } = screen.get();
  return connection === 'online' && description !== undefined && !description.toSetUp;
}
