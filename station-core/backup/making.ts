import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { BackupStage } from '../contract/backup.ts';
import { type ErrorData, StationError } from '../contract/errors.ts';
import type { Manifest } from './manifest.ts';

/** What the process that makes a backup is told, and says. */
export type ToBackup = {
  readonly folder: string;
  readonly out: string;
  readonly days: number | undefined;
  readonly software: string;
};
export type FromBackup =
  | { readonly progress: { readonly what: string; readonly done: number; readonly total: number } }
  | { readonly manifest: Manifest }
  | { readonly problem: ErrorData };

const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'backup.main.ts' : 'backup.main.js');

/** Told so often at most, so that a large copy does not drown the screens. */
const tellEveryMs = 200;

/** Makes a backup in a process of its own; aborting ends it, and nothing of it stays. Throws as `makeBackup`. */
export function makeBeside(
  asked: ToBackup,
  tell: (stage: BackupStage, done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Manifest> {
  const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], signal });
  const paced = pace(tell);
  return new Promise((resolve, reject) => {
    const failed = (reason: string) => reject(new StationError('backup.failed', { folder: asked.out, reason }));
    child.once('error', (error) => (signal.aborted ? reject(signal.reason as Error) : failed(error.name)));
    child.once('exit', (code, by) => failed(`its process ended (${by ?? code})`));
    child.on('message', (message) => {
      const said = message as FromBackup; // our own program's
      if ('progress' in said) paced(said.progress);
      else if ('manifest' in said) resolve(said.manifest);
      else reject(new StationError(said.problem.code, said.problem.details));
    });
    child.send(asked);
  });
}

function pace(
  tell: Parameters<typeof makeBeside>[1],
): (progress: { what: string; done: number; total: number }) => void {
  let before: { stage: BackupStage; at: number } | undefined;
  return ({ what, done, total }) => {
    const stage = stageOf(what);
    const at = performance.now();
    if (before?.stage === stage && at - before.at < tellEveryMs && done < total) return;
    before = { stage, at };
    tell(stage, done, total);
  };
}

/** What `makeBackup` says that it does, as a word that screens translate. Pure. */
export function stageOf(what: string): BackupStage {
  if (what === 'copying') return 'copying';
  if (what === 'reading it back') return 'reading';
  return what === 'verifying the audit trail' ? 'verifying' : 'checking';
}
