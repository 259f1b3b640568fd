import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { Lane } from '../../station-core/run/lanes.ts';
import { TestStation } from './station.ts';
import { temporaryFolder } from './temporary.ts';

/** Which of the two it is depends on how much the old copy wrote before it was found out. */
export const stopCode = expect.stringMatching(/^audit\.(older|forked)$/) as string;

const database = ['station.db', 'station.db-wal', 'station.db-shm'];

/** Copies the database of a folder, as whoever keeps a copy of the disk would. */
export function copyDatabase(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of database) {
    rmSync(join(to, name), { force: true });
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name));
  }
}

/** The note in a folder of anchors, or none. */
export function noteIn(folder: string): string | undefined {
  const [name] = existsSync(folder) ? readdirSync(folder) : [];
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8');
}

/** Where a test wants one anchor alone to know more. */
export type Place = 'token' | 'own folder' | 'share' | 'cloud';

export type AnchoredOptions = {
  readonly hsm?: (folder: string) => Promise<Hsm>;
  readonly openLane?: () => Lane['open'];
};

/** A station with anchors: the token, its own folder, a share, and the cloud. It goes with the test. */
export class Anchored {
  readonly line: TestStation;
  readonly own: string;
  readonly share: string;

  private constructor(line: TestStation, places: { own: string; share: string }) {
    this.line = line;
    this.own = places.own;
    this.share = places.share;
  }

  static async open(options: AnchoredOptions = {}): Promise<Anchored> {
    const folder = temporaryFolder();
    const places = { own: join(folder, 'anchors'), share: join(folder, 'share') };
    mkdirSync(places.share);
    const line = await TestStation.open({ ...options, parts: { anchorFolders: [places.own, places.share] } });
    onTestFinished(() => line.close());
    return new Anchored(line, places);
  }

  get stopped(): ErrorData | undefined {
    return this.line.station.stop.error();
  }

  /** The head that the station is stopped for. */
  knownElsewhere(): { readonly size: number; readonly root: string } {
    const { size, root } = this.stopped?.details ?? {};
    return { size: Number(size), root: String(root) };
  }

  /** Signs a head over something new, and waits until every anchor has it. */
  async anchor(): Promise<string> {
    const { note } = await this.line.as('lead', 'audit.checkpoint', {});
    await this.line.station.anchoring.idle();
    await this.line.station.pump.run();
    return note;
  }

  /** Stops the station and keeps a copy of its database. Answers what is newest in it. */
  async keep(copy: string): Promise<string> {
    await this.line.stop();
    copyDatabase(this.line.folder, copy);
    return noteIn(this.own) ?? '';
  }

  /** While the station is closed: another note in every anchor but the one that is out of reach, as if they had been put back, too. */
  async putBack(note: string, but: Place): Promise<void> {
    const { label } = this.line.station.anchoring;
    for (const [place, folder] of [
      ['own folder', this.own],
      ['share', this.share],
    ] as const) {
      if (place !== but) writeFileSync(join(folder, `${label}.checkpoint`), note);
    }
    if (but === 'token') return;
    const hsm = await this.line.openHsm();
    await hsm.writeAnchor(label, Buffer.from(note, 'utf8'));
    await hsm.close();
  }
}
