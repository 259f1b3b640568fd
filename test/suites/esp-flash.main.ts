// What stands where esptool stands: esp-flash.main.ts IMAGE MEMORY puts the identity that an image holds into a simulated unit's memory, as
// its firmware would find it in the partition at its next start. Ends with 2 when it cannot read the image.
import { readFileSync } from 'node:fs';
import { readImage } from '../../drivers/esp-secure-cert/image.ts';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import { freeSlot, sha256 } from '../../drivers/simulated/unit/unit-state.ts';

const [image = '', path = ''] = process.argv.slice(2);
const identity = (() => {
  try {
    return readImage(readFileSync(image));
  } catch (thrown) {
    process.stderr.write(`${String(thrown)}\n`);
    process.exit(2);
  }
})();
const { chain, key, operation } = identity;
if (!operation) throw new Error('the image names no operation');
const memory = new Memory(new FileFlash(path, flashSize));
const kept = memory.load();
const chained = { chain: { length: chain.length, sha256: sha256(chain) } };
if (key.kind === 'plain') {
  const slot = freeSlot(kept);
  memory.eraseSlot(slot);
  memory.writeSlot(slot, 'key', 0, key.pkcs8);
  memory.writeSlot(slot, 'chain', 0, chain);
  const stored = { length: key.pkcs8.length, sha256: sha256(key.pkcs8), ...chained };
  memory.save({ ...kept, committed: { slot, operation, kind: 'private-key', ...stored } });
  process.stdout.write(`${key.pkcs8.toString('hex').replaceAll(/(..)/g, '$1 ')}\n`);
} else {
  // The key that the unit made lies in the block that the image names.
  const made = kept.staged ?? kept.committed;
  if (made?.kind !== 'made-key') throw new Error('the unit made no key');
  memory.writeSlot(made.slot, 'chain', 0, chain);
  const { staged: _, ...rest } = kept;
  memory.save({ ...rest, committed: { ...made, operation, ...chained } });
}
process.stdout.write('Hash of data verified.\n');
