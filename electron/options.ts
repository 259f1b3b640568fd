import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { parse } from '../station-core/contract/parse.ts';

// What the desktop program is told: by its arguments, and by `desktop.json` in its profile, which a person writes.

const settingsSchema = z.strictObject({ kiosk: z._default(z.boolean(), false) });

export type Options = {
  readonly kiosk: boolean;
  /** Another Node than the one that came along. */
  readonly node: string | undefined;
  /** What the station process is told. */
  readonly station: readonly string[];
};

/**
 * Reads both. A practice folder is made here, so that a station that is started again finds it. Throws `input.invalid` for
 * settings that are none: a kiosk whose settings were mistyped must not open as a desktop.
 */
export function readOptions(args: readonly string[], profile: string): Options {
  // Chromium's and Electron's own switches stand among ours, so others are let pass.
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      kiosk: { type: 'boolean' },
      node: { type: 'string' },
      station: { type: 'string' },
      practice: { type: 'boolean' },
      lanes: { type: 'string' },
      recipe: { type: 'string' },
    },
  });
  const { practice, lanes, recipe, node } = values;
  const folder = values.station ?? (practice ? mkdtempSync(join(tmpdir(), 'birthmark-practice-')) : undefined);
  const named = Object.entries({ station: folder, lanes, recipe });
  return {
    kiosk: values.kiosk === true || readSettings(profile).kiosk,
    node: typeof node === 'string' ? node : undefined,
    station: [
      ...(practice ? ['--practice'] : []),
      ...named.flatMap(([name, value]) => (typeof value === 'string' ? [`--${name}`, value] : [])),
    ],
  };
}

function readSettings(profile: string): z.output<typeof settingsSchema> {
  return parse(settingsSchema, readJson(join(profile, 'desktop.json')) ?? {}, 'desktop.json');
}

/** What a file of the profile holds: none when it is not there, a text when it is no JSON. */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text; // a schema says what was expected in its place
  }
}
