// What is written to a Linux unit, and how it gets into place.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import type { Transfer } from './linux-console-transfer.ts';
import type { ProvisioningInfo, UnitFile } from './protocol.ts';

/** Longest path that Linux takes (PATH_MAX, with its zero byte). */
const longestPath = 4_095;

/** The bytes of a file with provisioning information: the same for the same values. */
export const provisioningFile = ({ idScope, endpoint, registrationId }: ProvisioningInfo): Buffer =>
  Buffer.from(`${JSON.stringify({ idScope, endpoint, registrationId }, undefined, 2)}\n`, 'utf8');

const invalid = (expected: string, found: string): StationError =>
  new StationError('input.invalid', { place: 'a file of the unit', expected, found });

/** Throws `input.invalid` for what is no path of a file: one that a shell or a terminal could take for anything else. */
export function checkPath(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  const isPath = /^\/[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]$/u.test(path) && Buffer.byteLength(path) <= longestPath;
  if (!isPath || path.split('/').some((name) => name === '..' || name === '.')) {
    throw invalid('a whole path of a file', 'another text');
  }
}

/** Throws `input.invalid` for a file that the station does not write. */
export function checkFile({ path, mode }: Pick<UnitFile, 'path' | 'mode'>): void {
  checkPath(path);
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777) throw invalid('permission bits 000 to 777', `${mode}`);
}

/**
 * Writes one file so that at its path is always either what was there or all of the new one, with its mode: beside it, synced, then
 * moved. Nothing is written when the same content is there. Its SHA-256 is read back. Throws `console.failed`, `console.file-differs`
 * and what `run` throws.
 */
export async function writeFile(transfer: Transfer, file: Omit<UnitFile, 'key'>, signal: AbortSignal): Promise<void> {
  checkFile(file);
  const { path, bytes } = file;
  const what = `writing ${path}`;
  const digest = createHash('sha256').update(bytes).digest('hex');
  const mode = file.mode.toString(8).padStart(3, '0');
  const must = (command: string) => transfer.must(command, what, signal);
  await transfer.assign('P', path, what, signal);
  await must(`D="\${P%/*}/";H='${digest}  -'`);
  // A folder would take the new file into itself.
  await must('[ ! -d "$P" ]');
  if (await transfer.succeeds('[ "$(sha256sum <"$P")" = "$H" ]', what, signal)) return must(`chmod ${mode} "$P"`);
  // What a conversation that was cut off left behind.
  await must('rm -f "$D".birthmark.??????;N=$(umask 077;mktemp "$D".birthmark.XXXXXX)');
  try {
    await transfer.append('N', bytes, what, signal);
    await must(`chmod ${mode} "$N"&&sync&&mv -f "$N" "$P"&&sync`);
  } catch (error) {
    // A shell that is gone cannot tidy up either; the next run does.
    await transfer.succeeds('rm -f "$N"', what, signal).catch(() => false);
    throw error;
  }
  if (await transfer.succeeds('[ "$(sha256sum <"$P")" = "$H" ]', what, signal)) return;
  throw new StationError('console.file-differs', { path });
}
