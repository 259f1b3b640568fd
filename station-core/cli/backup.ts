import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackup } from '../backup/make.ts';
import type { Manifest } from '../backup/manifest.ts';
import { prune, type Restored, restore } from '../backup/restore.ts';
import { toldOf } from '../backup/told.ts';
import { systemClock } from '../clock.ts';
import { parseConfig, readConfig } from '../config.ts';
import type { Params } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import { version } from '../version.ts';
import type { CaOptions } from './ca-people.ts';
import { byEither } from './either.ts';
import { note, Progress, printJson } from './terminal.ts';

/** `birthmark backup`: beside the station that may be running, which notes it; without one this process holds the folder for that. */
export async function backUp(out: string | undefined, options: CaOptions): Promise<number> {
  if (out === undefined) {
    throw new StationError('input.invalid', { place: '--out', expected: 'a new folder', found: 'nothing' });
  }
  const { station: folder, json } = options;
  const { retention } = readConfig(folder);
  const manifest = await makeBackup({
    folder,
    out,
    days: retention?.backupDays,
    software: version,
    now: systemClock.now,
    progress: shown(),
  });
  const told = toldOf(manifest);
  try {
    await tell(options, told);
  } catch (thrown) {
    note(`${out} is whole and checked, and the audit trail does not tell of it:`);
    throw thrown;
  }
  if (json) printJson({ schema: 1, folder: out, ...told });
  else process.stdout.write(`${out}: checked, ${told.entries} entries, ${told.bytes} bytes${until(manifest)}\n`);
  return 0;
}

const until = ({ expires }: Manifest): string => (expires === undefined ? '' : `, to be put back until ${expires}`);

async function tell(options: CaOptions, told: Params<'backup.note'>): Promise<void> {
  await byEither(options, 'backup', async (call) => {
    await call({ first: 'lead' }, 'backup.note', told);
    return 0;
  });
}

/** One bar for each thing that goes on; a line where it has no length. */
function shown(): (what: string, done: number, total: number) => void {
  let now = '';
  let before = 0;
  let bar: Progress | undefined;
  return (what, done, total) => {
    if (what !== now) {
      bar?.end();
      bar = total > 0 ? new Progress(what, total) : undefined;
      if (total === 0) note(`${what} …`);
      [now, before] = [what, 0];
    }
    bar?.advance(done - before);
    before = done;
    if (done === total) bar?.end();
  };
}

/** `birthmark backup --prune`. */
export async function pruneBackups(folder: string, { json }: CaOptions): Promise<number> {
  const removed = prune(folder, systemClock.now());
  if (json) printJson({ schema: 1, removed });
  else
    process.stdout.write(removed.length === 0 ? 'No backup is over its time.\n' : `Removed: ${removed.join(', ')}\n`);
  return 0;
}

/** `birthmark restore`. */
export async function putBack(
  backup: string,
  { station: folder, replace, expired, json }: CaOptions & { readonly replace: boolean; readonly expired: boolean },
): Promise<number> {
  const restored = await restore({ backup, folder, replace, expired, now: systemClock.now, progress: shown() });
  for (const line of adviceOf(restored, folder)) note(line);
  const { manifest, aside } = restored;
  if (json) printJson({ schema: 1, folder, ...toldOf(manifest), ...(aside === undefined ? {} : { aside }) });
  else process.stdout.write(`${folder}: put back as of ${manifest.madeAt}, ${manifest.entries} entries, checked\n`);
  return 0;
}

function adviceOf({ manifest, aside, ledger }: Restored, folder: string): string[] {
  const { hsm } = parseConfig(readFileSync(join(folder, 'station.json'), 'utf8'));
  return [
    ...(aside === undefined ? [] : [`The station that was there is kept in ${aside}.`]),
    `What happened after ${manifest.madeAt} is not in it. At its start the station compares itself with the anchors that it can see: where one is newer, lanes and issuing stop until two people reconcile.`,
    ledger
      ? 'What was erased after the backup was made is erased again at the next start.'
      : `What was erased after the backup was made is back: copy the file "erasures" of the old station into ${folder} before the first start.`,
    hsm.kind === 'soft'
      ? 'The keys of the soft HSM are in the folder practice of the old station, and in no backup.'
      : 'Its sealed secrets open with the HSM that it had, or with one that got its keys.',
  ];
}
