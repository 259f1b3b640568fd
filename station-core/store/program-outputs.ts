import { createHash } from 'node:crypto';
import { canonical } from '../contract/canonical.ts';
import type { ProgramOutput } from '../contract/programmer.ts';
import type { Db } from './open.ts';

/** What is kept of a program that a run started. */
export type KeptOutput = Omit<ProgramOutput, 'run' | 'sha256'>;

/** SHA-256 of a record as it is stored, in hex: what the entry of the run's end binds. */
export const outputHash = (body: string): string => createHash('sha256').update(body, 'utf8').digest('hex');

/** What external programmers printed, by the run that started them. */
export class ProgramOutputs {
  readonly #insert;
  readonly #ofRun;

  constructor(db: Db) {
    this.#insert = db.prepare('INSERT INTO program_output (run, body) VALUES (?, ?)');
    this.#ofRun = db.prepare<[number], string>('SELECT body FROM program_output WHERE run = ?').pluck();
  }

  /** Inside a commit. */
  keep(run: number, output: KeptOutput): void {
    this.#insert.run(run, canonical(output));
  }

  /** What the run's program printed; none where it started none, or where it was erased. */
  of(run: number): ProgramOutput | undefined {
    const body = this.#ofRun.get(run);
    return body === undefined ? undefined : { ...(JSON.parse(body) as KeptOutput), run, sha256: outputHash(body) };
  }

  /** What the entry of the run's end says of it. */
  said(run: number): { readonly output?: string } {
    const body = this.#ofRun.get(run);
    return body === undefined ? {} : { output: outputHash(body) };
  }
}
