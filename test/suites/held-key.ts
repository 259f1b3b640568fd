import { join } from 'node:path';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';

/** The key that a simulated unit holds in force, base64, as its firmware would use it; none when it holds none. */
export function heldKey(lineFolder: string, serial: string): string | undefined {
  const flash = new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize);
  const memory = new Memory(flash);
  const { committed } = memory.load();
  const key = committed && memory.readSlot(committed)?.toString('base64');
  flash.close();
  return key;
}
