import forge from 'node-forge';
import { StationError } from '../../station-core/contract/errors.ts';

// Strict DER (X.690 sections 8 to 11), read where it lies: every value knows its exact bytes, which is what signatures and
// names are compared by. forge.asn1.fromDer gives a tree without them, takes lengths that are not minimal and goes as
// deep as it is led, so the structure is read here and forge is left with the object identifiers.

/** Largest CSR, certificate or name that is read, in bytes. */
export const maxDer = 65_536;
/** Deepest nesting that is read. A certificate needs about nine levels. */
export const maxDepth = 32;

/** Identifier octets of the universal types in use: SEQUENCE and SET are constructed, all others primitive (X.690 10.2). */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

const constructedBit = 0x20;

/** Identifier octet of a context-specific tag, 0 to 30. */
export const contextTag = (number: number, constructed: boolean): number =>
  0x80 | (constructed ? constructedBit : 0) | number;

/** One value inside `bytes`: identifier octet at `start`, content from `at`, all of it before `end`. */
export type Der = {
  readonly bytes: Buffer;
  readonly place: string;
  readonly tag: number;
  readonly start: number;
  readonly at: number;
  readonly end: number;
};

/** What every malformed input ends in: StationError `input.invalid`. `found` describes and never quotes what is long. */
export function invalid(place: string, expected: string, found: string): StationError {
  return new StationError('input.invalid', { place, expected, found });
}

/**
 * Reads one value that fills `bytes`, and checks the encoding of all that it holds: tags, minimal definite lengths, depth,
 * nothing left over. Throws `input.invalid`.
 */
export function readDer(bytes: Buffer, place: string, limit: number = maxDer): Der {
  if (bytes.length > limit) throw invalid(place, `at most ${limit} bytes of DER`, `${bytes.length} bytes`);
  const root = header(bytes, 0, bytes.length, place);
  if (root.end !== bytes.length) {
    throw invalid(place, 'one DER value and nothing behind it', `${bytes.length - root.end} bytes behind it`);
  }
  checkTree(root);
  return root;
}

/** Walks the tree with a list instead of recursion: nesting is the attacker's, our stack is not. */
function checkTree(root: Der): void {
  const ends = [root.end];
  let at = isConstructed(root) ? root.at : root.end;
  for (let end = ends.at(-1); end !== undefined; end = ends.at(-1)) {
    if (at === end) {
      ends.pop();
      continue;
    }
    const value = header(root.bytes, at, end, root.place);
    at = value.end;
    if (!isConstructed(value)) continue;
    if (ends.length >= maxDepth) throw invalid(root.place, `at most ${maxDepth} levels of nesting`, 'deeper nesting');
    ends.push(value.end);
    at = value.at;
  }
}

const isConstructed = ({ tag }: Der): boolean => (tag & constructedBit) !== 0;

/** The value that starts at `start` and must end by `limit`. */
function header(bytes: Buffer, start: number, limit: number, place: string): Der {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || start + 2 > limit) throw cut(place, start);
  if (!isLawful(tag)) throw invalid(place, 'a tag of DER', `${hex(tag)} at byte ${start}`);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const at = start + 2 + lengthBytes;
  if (at > limit) throw cut(place, start);
  const length = first < 0x80 ? first : longLength(bytes, start + 2, lengthBytes, place);
  if (length > limit - at) throw cut(place, start);
  return { bytes, place, tag, start, at, end: at + length };
}

/** X.690 10.1: definite, and in as few bytes as can be. Four bytes are more than any limit here. */
function longLength(bytes: Buffer, at: number, count: number, place: string): number {
  if (count === 0 || count > 4) {
    throw invalid(
      place,
      'a definite length of at most 4 bytes',
      `${count === 0 ? 'an indefinite one' : `${count} bytes`} at byte ${at}`,
    );
  }
  const length = bytes.readUIntBE(at, count);
  if (length < 0x80 || bytes[at] === 0)
    throw invalid(place, 'a minimal length (X.690 10.1)', `a longer one at byte ${at}`);
  return length;
}

/** No tag numbers above 30, no end-of-contents, and the constructed bit where DER has it. */
function isLawful(tag: number): boolean {
  const number = tag & 0x1f;
  if (number === 0x1f || tag === 0) return false;
  if (tag >= 0x40) return true;
  return (number === 0x10 || number === 0x11) === ((tag & constructedBit) !== 0);
}

const cut = (place: string, start: number): StationError =>
  invalid(place, 'a whole DER value', `one at byte ${start} that runs over its end`);

const hex = (tag: number): string => `tag 0x${tag.toString(16).padStart(2, '0')}`;

/** The exact bytes of a value, with its header. Shares memory with what was read. */
export const wholeOf = ({ bytes, start, end }: Der): Buffer => bytes.subarray(start, end);

/** The bytes of a value without its header. Shares memory with what was read. */
export const contentOf = ({ bytes, at, end }: Der): Buffer => bytes.subarray(at, end);

/** The values inside a constructed one, taken one after the other. */
export class Fields {
  readonly #of: Der;
  #at: number;

  /** Throws `input.invalid` unless the value has this tag. `what` names it in messages. */
  constructor(of: Der, tag: number, what: string) {
    expectTag(of, tag, what);
    this.#of = of;
    this.#at = of.at;
  }

  get more(): boolean {
    return this.#at < this.#of.end;
  }

  /** The next value, of any tag. */
  any(what: string): Der {
    const { bytes, end, place } = this.#of;
    if (!this.more) throw invalid(place, what, 'nothing more');
    const value = header(bytes, this.#at, end, place);
    this.#at = value.end;
    return value;
  }

  next(tag: number, what: string): Der {
    return expectTag(this.any(what), tag, what);
  }

  /** The next value if it has one of these tags. */
  optional(...wanted: readonly number[]): Der | undefined {
    const tag = this.more ? this.#of.bytes[this.#at] : undefined;
    return tag !== undefined && wanted.includes(tag) ? this.any('a value') : undefined;
  }

  /** Throws unless all values were taken. */
  end(what: string): void {
    if (this.more) throw invalid(this.#of.place, `the end of ${what}`, 'more values');
  }
}

function expectTag(value: Der, tag: number, what: string): Der {
  if (value.tag !== tag)
    throw invalid(value.place, `${what} (${hex(tag)})`, `${hex(value.tag)} at byte ${value.start}`);
  return value;
}

/** Content of an INTEGER or ENUMERATED in its minimal two's complement (X.690 8.3.2). */
export function integerBytes(value: Der, what: string): Buffer {
  const content = contentOf(value);
  const [first, second] = content;
  const padded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (first === undefined || padded) throw invalid(value.place, `${what} as a minimal integer`, 'another encoding');
  return content;
}

/** A whole number from 0 to 2^47 - 1; more counts as malformed. */
export function smallInteger(value: Der, what: string): number {
  const content = integerBytes(value, what);
  if (content.length > 6 || (content[0] ?? 0) >= 0x80) {
    throw invalid(value.place, `${what} from 0 to 2^47 - 1`, 'a negative or larger number');
  }
  return content.readUIntBE(0, content.length);
}

/** TRUE is 0xff and nothing else (X.690 11.1). */
export function booleanOf(value: Der, what: string): boolean {
  const [octet] = contentOf(value);
  if (value.end - value.at !== 1 || (octet !== 0 && octet !== 0xff)) {
    throw invalid(value.place, `${what} as TRUE or FALSE`, 'another encoding');
  }
  return octet === 0xff;
}

/** Content of a BIT STRING of whole octets: signatures, keys. */
export function wholeBits(value: Der, what: string): Buffer {
  const content = contentOf(value);
  if (content[0] !== 0) throw invalid(value.place, `${what} in whole octets`, 'a bit string with unused bits');
  return content.subarray(1);
}

/** The few that nearly every certificate and request has, by their content; an attacker's many are not kept. */
const dotted = new Map<string, string>();
const mostDotted = 1_000;

/** An object identifier with dots. Arcs of more than 46 bits are refused: forge counts no further. */
export function oidOf(value: Der, what: string): string {
  const { bytes, at, end } = value;
  const content = bytes.toString('latin1', at, end);
  const known = dotted.get(content);
  if (known !== undefined) return known;
  const read = readOid(value, what);
  if (dotted.size < mostDotted) dotted.set(content, read);
  return read;
}

function readOid(value: Der, what: string): string {
  const content = contentOf(value);
  const lawful = content.length > 0 && content.length <= 64 && (content[content.length - 1] ?? 0x80) < 0x80;
  // A subidentifier never starts with 0x80 (X.690 8.19.2).
  const padded = content.some((octet, index) => octet === 0x80 && (content[index - 1] ?? 0) < 0x80);
  if (!lawful || padded) throw invalid(value.place, `${what} as an object identifier`, 'another encoding');
  try {
    return forge.asn1.derToOid(content.toString('latin1'));
  } catch {
    throw invalid(value.place, `${what} with arcs below 2^46`, 'a larger arc');
  }
}
