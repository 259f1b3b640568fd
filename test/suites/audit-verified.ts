import { afterAll } from 'vitest';
import type { Pin } from '../../station-core/verifier/note.ts';
import { type Answer, verify } from '../../station-core/verifier/verify.ts';
import { type Files, folderOf } from './audit-export.ts';
import type { Pair } from './audit-log.ts';

const removals: (() => void)[] = [];
afterAll(() => {
  for (const remove of removals.splice(0)) remove();
});

/** The export in a folder of its own, which goes when the tests of the file end. */
export function written(files: Files): string {
  const { path, remove } = folderOf(files);
  removals.push(remove);
  return path;
}

export const pin = (pair: Pair): Pin[] => [{ der: pair.p256.spki }];

/** What the verifier says of the export. */
export const check = (files: Files, pins: readonly Pin[] = []): Answer => verify(written(files), pins);
