import { contextTag, Fields, readDer, tags } from './der.ts';
import type { Extension } from './extension-list.ts';
import { type Name, readName } from './names.ts';

// subjectAltName (RFC 5280 section 4.2.1.6), as far as endorsement keys have one.

/** The directory names among the alternative names, in their order; names of other kinds are passed over. Throws `input.invalid`. */
export function readDirectoryNames({ oid, value }: Extension): readonly Name[] {
  const place = `extension ${oid}`;
  const fields = new Fields(readDer(value, place), tags.sequence, 'subjectAltName');
  const found: Name[] = [];
  do {
    const name = fields.any('an alternative name');
    // [4], explicit since Name is a CHOICE.
    if (name.tag !== contextTag(4, true)) continue;
    const inner = new Fields(name, name.tag, 'a directory name');
    found.push(readName(inner.any('a directory name'), place).attributes);
    inner.end('a directory name');
  } while (fields.more);
  return found;
}
