import { readEntry } from './entries.ts';
import { Wrong } from './findings.ts';
import type { Folder } from './folder.ts';
import type { Keys } from './keys.ts';
import type { Manifest } from './manifest.ts';
import { readNote } from './note.ts';
import { isCount, isHash, isList, isObject, isText, jsonFile, members } from './strict.ts';
import { type Head, leafOf, proveConsistency, proveInclusion } from './tree.ts';

const limit = 1 << 20;
const shape = { consistency: isList(isHash), entry: isText, inclusion: isList(isHash), index: isCount, note: isText };

/**
 * That the log itself names this manifest, by an entry under a head that holds the export's newest one. Then every file is what the
 * station wrote, documents too. Throws Wrong.
 */
export function verifySeal(folder: Folder, manifest: Manifest, newest: Head, keys: Keys): void {
  const {
    consistency,
    entry: text,
    inclusion,
    index,
    note,
  } = members(jsonFile(folder.whole('seal.json', limit)), shape, {});
  const head = readNote(note);
  keys.sign(head);
  proveConsistency(newest, head, consistency);
  proveInclusion(index, head.size, leafOf(Buffer.from(`\0${text}`)), inclusion, head.root);
  const { seq, action, details, station, origin, software } = readEntry(text);
  if (seq !== index || index < manifest.size) throw new Wrong(`its entry is number ${seq}, and stands at ${index}`);
  if (action !== 'audit.exported' || !isObject(details)) throw new Wrong(`its entry speaks of no export: ${action}`);
  if (details.manifest !== manifest.sha256 || details.kind !== manifest.kind)
    throw new Wrong('its entry speaks of another export: the manifest is not the one that the station wrote');
  if (station !== manifest.station || origin !== manifest.origin || software !== manifest.software)
    throw new Wrong('its entry was written by another station, origin or software than the manifest says');
}
