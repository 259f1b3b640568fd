/** A backup, as its manifest tells of it. */
export type BackupView = {
  readonly name: string;
  readonly madeAt: string;
  readonly bytes: number;
  /** Entries of the audit trail, and how many of them its newest signed head covers. */
  readonly entries: number;
  readonly sealed: number;
  /** From then on it must not be put back. */
  readonly expires?: string;
};

/** Where backups go (null: the folder `backups` of the station's own) and which are there, the newest first; `unread` are folders whose manifest does not hold. */
export type Backups = {
  readonly folder: string | null;
  readonly backups: readonly BackupView[];
  readonly unread: readonly string[];
};

/** What the making of a backup does right now. */
export type BackupStage = 'copying' | 'reading' | 'checking' | 'verifying';
