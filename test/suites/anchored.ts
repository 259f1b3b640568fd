import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import type { StationParts } from '../../station-core/station.ts';
import { TestStation } from './station.ts';
import { temporaryFolder } from './temporary.ts';

export type AnchoredOptions = {
  readonly hsm?: (folder: string) => Promise<Hsm>;
  /** No way to the cloud: then it is no anchor. */
  readonly offline?: boolean;
};

/** A station with anchors: its own folder, a share, the token and the cloud. It goes with the test. */
export async function anchoredStation({ hsm, offline = false }: AnchoredOptions = {}): Promise<{
  readonly line: TestStation;
  readonly own: string;
  readonly share: string;
}> {
  const places = temporaryFolder();
  const [own, share] = [join(places, 'anchors'), join(places, 'share')];
  mkdirSync(share);
  const parts: Partial<StationParts> = {
    anchorFolders: [own, share],
    ...(offline ? { client: undefined as never } : {}),
  };
  const line = await TestStation.open({ parts, ...(hsm ? { hsm } : {}) });
  onTestFinished(() => line.close());
  return { line, own, share };
}

const database = ['station.db', 'station.db-wal', 'station.db-shm'];

/** Copies the database of a folder: of a station that runs, or not, as a disk image would. */
export function copyDatabase(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of database) {
    rmSync(join(to, name), { force: true });
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name));
  }
}
