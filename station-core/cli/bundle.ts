import { requireFingerprint } from '../bundle/format.ts';
import type { BundleView, MadeBundle } from '../contract/bundle.ts';
import { applierFileSchema, largestCarried } from '../contract/bundle.ts';
import { StationError } from '../contract/errors.ts';
import { readPublicFile } from './applier.ts';
import { writeNew } from './ca-files.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { readBytes } from './recipe-file.ts';
import { note, printJson } from './terminal.ts';

// The station's side of the air gap.

export type BundleOptions = { readonly station: string; readonly as?: string | undefined; readonly json: boolean };

/** `birthmark sync bundle`: what waits for DPS, in a file for the pinned applier; or the same file once more. */
export async function syncBundle({
  station,
  as,
  json,
  out,
  days,
  again,
}: BundleOptions & { out: string; days: number; again?: number | undefined }): Promise<number> {
  const opened = await open(station, 'sync bundle');
  try {
    const actor = await actAs(opened, 'lead', as);
    note('Opening keys, encrypting, signing …');
    const make = (): Promise<MadeBundle> =>
      again === undefined
        ? opened.station.call('bundle.make', { days }, { actor })
        : opened.station.call('bundle.again', { sequence: again }, { actor });
    const { bundle, left } = await writeNew([out], make, ({ text }) => [text]);
    if (json) printJson({ schema: 1, file: out, ...bundle, left });
    else {
      process.stdout.write(`${bundleLine(bundle)}\n`);
      if (left > 0) note(`${left} more rows wait: make another bundle for them.`);
    }
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark sync receipts`: what the applier answered. Answers 0 when every row of the bundle is done. */
export async function syncReceipts(file: string, { station, as, json }: BundleOptions): Promise<number> {
  const text = readCarried(file);
  const opened = await open(station, 'sync receipts');
  try {
    const actor = await actAs(opened, 'lead', as);
    const taken = await opened.station.call('bundle.receipts', { text }, { actor });
    const { bundle, done, parked, returned, open: still, skipped } = taken;
    if (json) printJson({ schema: 1, ...taken });
    else {
      const words = `${done} done, ${parked} parked, ${returned} given back, ${still} still to be sent`;
      process.stdout.write(`Bundle ${bundle.sequence}: ${words}\n`);
      if (skipped > 0) note(`${skipped} rows had come to their end before.`);
      if (still > 0) note('Apply the same bundle again to send the rest, and carry its receipts back.');
      if (parked > 0) note('Parked rows wait for a person; birthmark sync run shows why.');
    }
    return bundle.rows.held + bundle.rows.parked + bundle.rows.returned === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}

/** `birthmark sync bundles`: the bundles that were made, the newest first. */
export async function syncBundles({ station, as, json }: BundleOptions): Promise<number> {
  const opened = await open(station, 'sync bundles');
  try {
    const bundles = await opened.station.call('bundle.list', {}, { actor: await actAs(opened, 'auditor', as) });
    if (json) printJson({ schema: 1, bundles });
    else
      process.stdout.write(
        bundles.length === 0 ? 'There is no bundle.\n' : bundles.map((one) => `${bundleLine(one)}\n`).join(''),
      );
    return 0;
  } finally {
    await opened.close();
  }
}

function bundleLine({ sequence, state, rows, applier, expiresAt }: BundleView): string {
  const { held, done, parked, returned } = rows;
  const all = held + done + parked + returned;
  return `Bundle ${sequence} for ${applier}: ${state}, ${all} rows (${done} done, ${parked} parked, ${returned} given back), good until ${expiresAt}`;
}

/** `birthmark sync pin-applier`: whom bundles are encrypted to. Two people; the fingerprint comes by another way than the file. */
export async function pinApplier(
  path: string,
  { station, json, fingerprint, ...people }: BundleOptions & People & { fingerprint: string },
): Promise<number> {
  const file = readPublicFile(path, applierFileSchema);
  requireFingerprint(file, fingerprint, path);
  const opened = await open(station, 'sync pin-applier');
  try {
    const roles = { first: 'security-officer', second: 'lead' } as const;
    const pinned = await callWithSecond(opened, roles, people, 'bundle.pinApplier', file);
    if (json) printJson({ schema: 1, name: file.name, ...pinned });
    else process.stdout.write(`Bundles are made for ${file.name} from now on: ${pinned.fingerprint}\n`);
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark sync identity`: what an applier needs to trust this station, in a file, and its fingerprint for another way. */
export async function syncIdentity({ station, as, json, out }: BundleOptions & { out: string }): Promise<number> {
  const opened = await open(station, 'sync identity');
  try {
    const actor = await actAs(opened, 'security-officer', as);
    const ask = () => opened.station.call('bundle.identity', {}, { actor });
    const { fingerprint } = await writeNew([out], ask, ({ file }) => [`${JSON.stringify(file, null, 2)}\n`]);
    if (json) printJson({ schema: 1, file: out, fingerprint });
    else
      process.stdout.write(
        `${out} is written. Its fingerprint, to be told by another way than the file:\n${fingerprint}\n`,
      );
    return 0;
  } finally {
    await opened.close();
  }
}

/** A file that was carried, as text. Throws `input.invalid` for one that is too large to be one of ours. */
export function readCarried(file: string): string {
  const bytes = readBytes(file);
  if (bytes.length <= largestCarried) return bytes.toString('latin1');
  const expected = `at most ${largestCarried} bytes`;
  throw new StationError('input.invalid', { place: file, expected, found: `${bytes.length}` });
}
