import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { CentralReport, Compared } from '../contract/central.ts';
import { actAs, open } from './folder.ts';
import { readBytes } from './recipe-file.ts';
import { printJson } from './terminal.ts';

export type CompareOptions = { readonly station: string; readonly as?: string | undefined; readonly json: boolean };

/**
 * `birthmark sync compare-central`: IoT Central's export against what was made; nothing is changed. Answers 0 when every unit is
 * there, and with its own credential as far as the file shows it. Foreign devices are no fault: others may use the application.
 */
export async function compareCentral(file: string, { station, as, json }: CompareOptions): Promise<number> {
  const bytes = readBytes(file);
  try {
    const opened = await open(station, 'sync compare-central');
    try {
      const params = { name: basename(file), sha256: createHash('sha256').update(bytes).digest('hex') };
      const actor = await actAs(opened, 'auditor', as);
      const report = await opened.station.call('sync.compareCentral', params, { actor, secret: bytes });
      if (json) printJson({ schema: 1, ...report });
      else process.stdout.write(textOf(report));
      const { missing, keys, thumbprints } = report;
      return missing.length + keys.different.length + thumbprints.different.length === 0 ? 0 : 1;
    } finally {
      await opened.close();
    }
  } finally {
    // It holds the keys of all devices.
    bytes.fill(0);
  }
}

function textOf({ devices, units, there, missing, foreign, keys, thumbprints }: CentralReport): string {
  return [
    `${there} of ${units} units are among the ${devices} devices of the file`,
    ...listed('missing', missing),
    ...listed('foreign', foreign),
    ...credentials('keys', keys),
    ...credentials('thumbprints', thumbprints),
    '',
  ].join('\n');
}

const listed = (what: string, ids: readonly string[]): readonly string[] => ids.map((id) => `  ${what}  ${id}`);

function credentials(what: string, { same, different, notShown }: Compared): readonly string[] {
  if (same + different.length + notShown === 0) return [];
  return [
    `${what}: ${same} the same, ${different.length} different, ${notShown} not shown`,
    ...listed('different', different),
  ];
}
