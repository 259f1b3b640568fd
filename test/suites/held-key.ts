import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import { registrationOf } from '../../drivers/simulated/unit/unit-state.ts';

/** What a simulated unit with a certificate holds in force: its private key and its chain, PEM, as its firmware would use them. */
export function heldCertificate(lineFolder: string, serial: string): { key: string; chain: string } {
  const flash = new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize);
  const memory = new Memory(flash);
  const { committed } = memory.load();
  const der = committed && memory.readSlot(committed);
  const chain = committed && memory.readChain(committed);
  flash.close();
  if (!der || !chain) throw new Error(`the unit ${serial} holds no certificate`);
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  return { key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), chain: chain.toString('latin1') };
}

/** The key that a simulated unit holds in force, base64, as its firmware would use it; none when it holds none. */
export function heldKey(lineFolder: string, serial: string): string | undefined {
  const flash = new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize);
  const memory = new Memory(flash);
  const { committed } = memory.load();
  const key = committed && memory.readSlot(committed)?.toString('base64');
  flash.close();
  return key;
}

/** The files that a simulated unit holds, by path. */
export function heldFiles(
  lineFolder: string,
  serial: string,
): Readonly<Record<string, { readonly mode: number; readonly content: string }>> {
  const flash = new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize);
  const memory = new Memory(flash);
  const { files = [] } = memory.load();
  const held = files.map((file) => {
    const content = memory.readFile(file)?.toString('latin1');
    if (content === undefined) throw new Error(`the unit ${serial} names a file that it does not hold`);
    return [file.path, { mode: file.mode, content }] as const;
  });
  flash.close();
  return Object.fromEntries(held);
}

/** The registration ID that a simulated unit was told, if it was. */
export function heldRegistration(lineFolder: string, serial: string): string | undefined {
  const flash = new FileFlash(join(lineFolder, 'units', `${serial}.mem`), flashSize);
  const registrationId = registrationOf(new Memory(flash).load());
  flash.close();
  return registrationId;
}
