import { join } from 'node:path';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';

/** The key that a simulated unit holds in force, base64, as its firmware would use it; none when it holds none. */
export function heldKey(lineFolder: string, serial: string): string | undefined {
  const memory = new Memory(new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize));
  const { committed } = memory.load();
  return committed && memory.readSlot(committed)?.toString('base64');
}
