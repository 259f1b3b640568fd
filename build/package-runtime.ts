import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The Electron that a program is packaged with: its version, and where the packager finds it as a zip, if it is here. */
export type Runtime = { readonly version: string; readonly zips?: string };

const manifest = createRequire(import.meta.url).resolve('electron/package.json');

/**
 * An Electron that is on this machine, where ELECTRON_OVERRIDE_DIST_PATH says or where the npm package unpacked one; else the
 * version of the npm package, which the packager then downloads. A folder is zipped into `scratch`, since the packager takes
 * nothing else. Throws where `zip` is not installed.
 */
export function findRuntime(scratch: string, target: string, told = process.env.ELECTRON_OVERRIDE_DIST_PATH): Runtime {
  const folder = [told, join(dirname(manifest), 'dist')].find(
    (one) => one !== undefined && existsSync(join(one, 'version')),
  );
  if (folder === undefined) {
    return { version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version };
  }
  const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  mkdirSync(scratch, { recursive: true });
  const zip = join(scratch, `electron-v${version}-${target}.zip`);
  rmSync(zip, { force: true });
  // Stored, not packed: it is unpacked at once.
  const { status, error, stderr } = spawnSync('zip', ['-q', '-0', '-r', '-y', '-X', zip, '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error) throw new Error('the program zip is needed, to hand Electron to the packager', { cause: error });
  if (status !== 0) throw new Error(`zip failed: ${stderr}`);
  return { version, zips: scratch };
}
