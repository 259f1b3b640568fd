// A security tag of a module: what lies under it, as digests, and what is written there.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { longestEntry } from '../../station-core/contract/modem.ts';
import { type Csr, csrSignatureHolds, readCsr } from '../asn1/csr.ts';
import {
  type AtEnd,
  type Entries,
  type EntryName,
  entryTypes,
  isFiller,
  notFound,
  readKeygen,
  readListed,
  reasonOf,
} from './at-modem-answers.ts';
import { type Answer, type AtLine, isLost } from './at-modem-line.ts';

/** How often something is written, or a key made, where what the module then holds is not that. */
const mostTries = 3;
/** How often a listing is asked for until two that follow each other agree: damage must not look like an entry that is not there. */
const mostListings = 6;

const whats = {
  roots: 'the CA certificates',
  certificate: 'the certificate chain',
  key: 'the private key',
} as const satisfies Record<EntryName, string>;

export class SecurityTag {
  readonly #line: AtLine;
  readonly #tag: number;

  constructor(line: AtLine, tag: number) {
    this.#line = line;
    this.#tag = tag;
  }

  /**
   * The digests of what lies under the tag (%CMNG, list), read twice. Throws `unit.cannot` for firmware that lists none, and what asking
   * throws.
   */
  async entries(signal: AbortSignal): Promise<Entries> {
    let before = await this.#list(signal);
    for (let listings = 2; listings <= mostListings; listings += 1) {
      const now = await this.#list(signal);
      if (isSame(before, now)) return checked(now);
      before = now;
    }
    throw new StationError('unit.garbled', { what: 'listing its credentials' });
  }

  #list(signal: AbortSignal): Promise<Entries> {
    const what = 'listing its credentials';
    const asked = { command: `AT%CMNG=1,${this.#tag}`, what };
    return this.#line.read(asked, (answer) => this.#listed(answer, what), signal);
  }

  #listed({ end, lines }: Answer, what: string): Entries | undefined {
    if (end.kind === 'refused') {
      if (end.code === notFound) return {};
      throw refused(what, end);
    }
    const read = lines.filter((line) => line.startsWith('%CMNG')).map((line) => readListed(line, this.#tag));
    return read.every((one) => one !== undefined) ? Object.assign({}, ...read) : undefined;
  }

  /**
   * Writes an entry, in place of the one that is there, unless it is the same: written, listed, compared. There is no second slot: between
   * the two there is none. Throws `unit.refused`, `unit.chain-differs`, and what asking throws.
   */
  async write(name: Exclude<EntryName, 'key'>, content: Buffer, signal: AbortSignal): Promise<void> {
    const what = whats[name];
    if (content.length > longestEntry || !isContent(content)) {
      throw new StationError('unit.refused', { what, reason: 'that is no text that a command can hold' });
    }
    const digest = sha256(content);
    let failure: StationError | undefined;
    for (let tries = 0; tries <= mostTries; tries += 1) {
      const entries = await this.entries(signal);
      if (entries[name] === digest) return;
      if (tries === mostTries) break;
      if (entries[name] !== undefined) await this.forget(name, signal);
      const command = `AT%CMNG=0,${this.#tag},${entryTypes[name]},"${content.toString('latin1')}"`;
      ({ failure } = await this.#change(command, what, signal));
    }
    throw failure ?? differs(name);
  }

  /** Deletes an entry; one that is not there is deleted. Throws `unit.refused`, `unit.garbled`, and what asking throws. */
  async forget(name: EntryName, signal: AbortSignal): Promise<void> {
    const what = `forgetting ${whats[name]}`;
    let failure: StationError | undefined;
    for (let tries = 0; tries < mostTries; tries += 1) {
      ({ failure } = await this.#change(`AT%CMNG=3,${this.#tag},${entryTypes[name]}`, what, signal));
      if ((await this.entries(signal))[name] === undefined) return;
    }
    throw failure ?? new StationError('unit.garbled', { what });
  }

  /**
   * Lets the module make a P-256 key (%KEYGEN) and answers the request for its certificate, which it signs this once. The tag has no key
   * then, or one that may go: an answer that was lost, or arrived damaged, costs the key. Throws `unit.refused`, `unit.garbled`.
   */
  async makeKey(commonName: string, signal: AbortSignal): Promise<Csr> {
    let failure: StationError | undefined;
    for (let tries = 1; tries <= mostTries; tries += 1) {
      if ((await this.entries(signal)).key !== undefined) await this.forget('key', signal);
      const command = `AT%KEYGEN=${this.#tag},${entryTypes.key},0,"CN=${commonName}"`;
      const answer = await this.#change(command, 'making a key', signal);
      const requests = answer.lines.map(readKeygen).map(requestOf);
      const csr = requests.find((one) => one !== undefined && isFor(one, commonName));
      // Whether it lies under this tag: a digit of it may have been lost on the way.
      if (csr !== undefined && (await this.entries(signal)).key !== undefined) return csr;
      failure = answer.failure;
    }
    throw failure ?? new StationError('unit.garbled', { what: 'its certificate request' });
  }

  /**
   * A command that changes the module. Neither a refusal nor an answer that is lost is the end: a command may have been damaged on its way,
   * so whoever asked looks at what is there.
   */
  async #change(
    command: string,
    what: string,
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly string[]; readonly failure: StationError | undefined }> {
    try {
      const { end, lines } = await this.#line.ask({ command, what, ms: this.#line.patience.work }, signal);
      return { lines, failure: end.kind === 'refused' ? refused(what, end) : undefined };
    } catch (error) {
      if (!isLost(error)) throw error;
      this.#line.doubt();
      return { lines: [], failure: undefined };
    }
  }
}

const differs = (name: EntryName): StationError =>
  name === 'certificate'
    ? new StationError('unit.chain-differs')
    : new StationError('unit.refused', {
        what: whats[name],
        reason: 'what it reads back is not what was written',
      });

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const refused = (what: string, end: Extract<AtEnd, { kind: 'refused' }>): StationError =>
  new StationError('unit.refused', { what, reason: reasonOf(end) });

/** Printable, without quotes, and lines that end with a line feed alone: with CR LF the digest is another, and 2.0.2 refuses it. */
const isContent = (content: Buffer): boolean => /^[\x20\x21\x23-\x7e\n]+$/.test(content.toString('latin1'));

const isSame = (one: Entries, other: Entries): boolean =>
  (Object.keys(entryTypes) as EntryName[]).every((name) => one[name] === other[name]);

function checked(entries: Entries): Entries {
  if (Object.values(entries).some(isFiller)) throw new StationError('unit.cannot', { what: 'read-back-digest' });
  return entries;
}

/** The request, if it is one and its own key signed it: a line may have damaged it. */
function requestOf(der: Buffer | undefined): Csr | undefined {
  if (der === undefined) return undefined;
  try {
    const csr = readCsr(der, 'the certificate request of the module');
    return csrSignatureHolds(csr) ? csr : undefined;
  } catch (error) {
    if (error instanceof StationError && error.code === 'input.invalid') return undefined;
    throw error;
  }
}

const isFor = ({ subject }: Csr, commonName: string): boolean =>
  subject.length === 1 && subject[0]?.type === 'CN' && subject[0].value === commonName;
