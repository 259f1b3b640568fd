import { createHash } from 'node:crypto';
import type { BackupView } from '../contract/backup.ts';
import { type Manifest, manifestBytes } from './manifest.ts';

/** What the audit trail keeps of a backup. */
export function toldOf(manifest: Manifest) {
  const { entries, sealed, expires } = manifest;
  return {
    manifest: createHash('sha256').update(manifestBytes(manifest)).digest('hex'),
    bytes: bytesOf(manifest),
    entries,
    sealed,
    ...(expires === undefined ? {} : { expires }),
  };
}

/** What people see of a backup in a folder of this name. */
export function viewOf(name: string, manifest: Manifest): BackupView {
  const { madeAt, entries, sealed, expires } = manifest;
  return { name, madeAt, bytes: bytesOf(manifest), entries, sealed, ...(expires === undefined ? {} : { expires }) };
}

const bytesOf = ({ files }: Manifest): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
