import { Wrong } from './findings.ts';
import { ed25519Half, fingerprintOf, type Half, type Note, type Pin, p256Half, verifyNote } from './note.ts';
import { base64, isCount, isHash, isObject, isOneOf, isText, members } from './strict.ts';

type Key = {
  readonly n: number;
  readonly action: keyof typeof shapes;
  readonly origin: string;
  readonly p256: Half;
  readonly ed25519: Half | undefined;
  /** Whether the auditor's own key stands behind it. */
  vouched: boolean;
};

/** The second half, and what the HSM knows the two by. */
const beside = { ed25519: isText, id: isText, edId: isText, edLabel: isText };
const named = { n: isCount, p256: isText };
const shapes = {
  'audit.key-made': { required: { ...named, origin: isText }, optional: beside },
  'audit.key-rotated': { required: named, optional: beside },
  'audit.origin-begun': {
    required: { ...named, origin: isText, why: isOneOf(['key-lost', 'reconciled']) },
    optional: { ...beside, quotes: isObject },
  },
};
const quoted = { origin: isText, size: isCount, root: isHash };

type Said = {
  readonly n: number;
  readonly p256: string;
  readonly ed25519?: string;
  readonly origin?: string;
  readonly why?: string;
  readonly quotes?: unknown;
};

/** Whether the entry is one of those that name a key of the log (docs/audit.md, Keys). */
export const namesKey = (action: string): action is keyof typeof shapes => Object.hasOwn(shapes, action);

/**
 * The keys of the log, as its entries name them one after the other, and which one is in force. Entries and heads come in the
 * order of the log: what an entry names counts from the first head on that covers it.
 */
export class Keys {
  readonly #pins: readonly Pin[];
  #newest: Key | undefined;
  #inForce: Key | undefined;
  #uncovered: Key[] = [];
  #signer: Key | undefined;
  #pinFound = false;
  #origin: string | undefined;
  #last: Note | undefined;

  constructor(pins: readonly Pin[]) {
    this.#pins = pins;
  }

  /** The origin that an entry has to carry now; the first entry says the first one. */
  originFor(first: string): string {
    this.#origin ??= first;
    return this.#origin;
  }

  /** An entry that names a key. Answers what a reader has to know of it, if anything. Throws Wrong. */
  name(action: keyof typeof shapes, origin: string, details: unknown): string | undefined {
    const { required, optional } = shapes[action];
    const said = members(details, required, optional) as Said;
    const before = this.#newest;
    const n = (before?.n ?? 0) + 1;
    if (said.n !== n) throw new Wrong(`it names key ${said.n} of the log where key ${n} is next: an entry is missing`);
    if ((action === 'audit.key-made') !== (n === 1)) throw new Wrong(`it names key ${n} by ${action}`);
    if ((said.origin ?? origin) !== origin) throw new Wrong('it names another origin than its own');
    const begun = action === 'audit.origin-begun';
    if (begun && origin === before?.origin) throw new Wrong('it begins the origin that is in force already');
    const p256 = p256Half(base64(said.p256));
    const ed25519 = said.ed25519 === undefined ? undefined : ed25519Half(origin, base64(said.ed25519));
    const vouched = this.#isPinned(origin, p256, ed25519);
    this.#newest = { n, action, origin, p256, ed25519, vouched };
    this.#uncovered.push(this.#newest);
    this.#origin = origin;
    return begun ? this.#begun(origin, said) : undefined;
  }

  #begun(origin: string, { why, quotes }: Said): string {
    const what = `the log goes on under another origin, ${origin} (${why})`;
    if (quotes === undefined) {
      if (this.#last) throw new Wrong('it does not quote the last head of the origin before');
      return what;
    }
    const { origin: of, size, root } = members(quotes, quoted, {});
    const last = this.#last;
    if (last?.origin === of && last.size === size && last.root === root) return what;
    if (why === 'key-lost') throw new Wrong('it quotes another head than the last one of the origin before');
    return `${what}: a head of ${size} entries, root ${root}, was signed under ${of}, and is not one of this log`;
  }

  /** A signed head, of the log or of the seal: the key in force has to have signed it. Throws Wrong. */
  sign(note: Note): void {
    const named = this.#uncovered;
    const key = named.findLast(({ action }) => action !== 'audit.key-rotated') ?? this.#inForce;
    this.#uncovered = [];
    this.#inForce = this.#newest;
    this.#last = note;
    if (!key) throw new Wrong('no entry below it names the key that signs it');
    verifyNote(note, key.origin, key.p256, key.ed25519);
    this.#signer = key;
    // A rotation is worth what the signature is worth that covers it.
    for (const rotated of named) if (rotated.n > key.n) rotated.vouched ||= key.vouched;
  }

  #isPinned(origin: string, ...halves: (Half | undefined)[]): boolean {
    const found = this.#pins.some(
      ({ name, der }) => (name ?? origin) === origin && halves.some((half) => half?.der.equals(der)),
    );
    this.#pinFound ||= found;
    return found;
  }

  /** The key behind the newest signature, whether the auditor's own key stands behind it, and what speaks against that. */
  verdict(): { readonly pinned: boolean; readonly fingerprint: string | null; readonly problem?: string } {
    const signer = this.#signer;
    if (!signer) return { pinned: false, fingerprint: null };
    const fingerprint = fingerprintOf(signer.p256);
    if (signer.vouched || this.#pins.length === 0) return { pinned: signer.vouched, fingerprint };
    const problem = this.#pinFound
      ? `its newest signature is by key ${signer.n} of the log, and the key that was given does not vouch for that one: ask the owner of the log`
      : 'it is signed by another key: no entry names the key that was given';
    return { pinned: false, fingerprint, problem };
  }
}
