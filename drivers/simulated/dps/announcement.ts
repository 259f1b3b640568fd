import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from './emulator.ts';

/** What whoever started an emulator is told. Credentials are in files that only their owner can read. */
export type Announcement = Pick<
  Emulator,
  'port' | 'mqttPort' | 'serviceHost' | 'deviceHost' | 'idScope' | 'caFile' | 'certificatesPath'
> & {
  readonly connectionStringFile: string;
  readonly adminTokenFile: string;
  readonly policyFiles: Record<string, string>;
};

/** Writes the credentials into the folder, and says where everything is. */
export function announcement(ready: Emulator, folder: string, policies: readonly string[] = []): Announcement {
  const { port, mqttPort, serviceHost, deviceHost, idScope, certificatesPath, caFile } = ready;
  const connectionStringFile = join(folder, 'connection-string.txt');
  const adminTokenFile = join(folder, 'admin-token.txt');
  writeCredential(connectionStringFile, ready.connectionString);
  writeCredential(adminTokenFile, ready.adminToken);
  const policyFiles = policies.map((name): [string, string] => {
    const file = join(folder, `connection-string-${name}.txt`);
    writeCredential(file, ready.connectionStringOf(name));
    return [name, file];
  });
  const files = { caFile, connectionStringFile, adminTokenFile, policyFiles: Object.fromEntries(policyFiles) };
  return { port, mqttPort, serviceHost, deviceHost, idScope, certificatesPath, ...files };
}

/** Writes a credential where only its owner can read it. */
export function writeCredential(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // The mode above counts only for a new file.
  chmodSync(file, 0o600);
}
