import { createHmac } from 'node:crypto';
import { isoTime } from './clock.ts';
import { canonical } from './contract/canonical.ts';
import { StationError } from './contract/errors.ts';
import type { Erased } from './contract/privacy.ts';
import { type By, people } from './person.ts';
import { erase, mentions, type Recognisable, type Text } from './privacy/erase.ts';
import { appendLedger, type LedgerLine, readLedger } from './privacy/ledger.ts';
import { Names } from './privacy/names.ts';
import { requireErasable } from './privacy/refusals.ts';
import { clearLogs, emptyPages } from './privacy/scrub.ts';
import { type Subject, subjectsOf } from './privacy/subject.ts';
import { endWaiting } from './privacy/waiting.ts';
import type { Station } from './station.ts';
import { type Fingerprint, identityLabels } from './store/disclosure.ts';
import { folderOf } from './store/open.ts';
import { noteBacklog } from './store/records.ts';

/** What the HSM makes the key of fingerprints from. FF is in no UTF-8 text, so that it is no PIN, whose HMACs the same key makes. */
const keyMessage = Buffer.concat([Buffer.from([0xff]), Buffer.from('birthmark/erased-identity/v1', 'utf8')]);

/** Most commitments of one entry, which holds 65,535 bytes. */
const mostCommitments = 800;

/** Why, and who stands behind it; nobody where a period ended. */
export type Why = { readonly reason: string; readonly by?: By };

/** Erasing, in its order: the ledger beside the database, the commit, the log, the pages of before. */
export class Erasures {
  readonly #station: Station;
  #key: Buffer | undefined;
  #pagesLeft = false;
  #before: Promise<unknown> = Promise.resolve();

  constructor(station: Station) {
    this.#station = station;
  }

  /** From now on identities that were erased are recognised. Throws `hsm.locked` and what else an HSM throws that is not there. */
  async recognise(): Promise<void> {
    const { parts, keys, records } = this.#station;
    this.#key ??= await parts.hsm.mac(keys.pepper, keyMessage);
    records.disclosures.recogniseBy(this.#fingerprint);
  }

  readonly #fingerprint: Fingerprint = (label, value) => {
    if (!this.#key) throw new StationError('hsm.locked');
    return createHmac('sha256', this.#key)
      .update(canonical({ [label]: value }), 'utf8')
      .digest();
  };

  /**
   * Erases whom `find` finds, asked once more inside the commit. Throws what `requireErasable` throws, `input.invalid` for a reason
   * that names the subject, and `privacy.still-read` when all is erased but the pages of before.
   */
  erase(find: () => Subject, why: Why, mentioned?: readonly Text[]): Promise<Erased> {
    // One at a time: the ledger is cut back to where it was when a commit fails.
    const next = this.#before.then(() => this.#eraseNow(find, why, mentioned));
    this.#before = next.catch(() => undefined); // who asked gets the error; the next one goes on
    return next;
  }

  async #eraseNow(find: () => Subject, why: Why, mentioned?: readonly Text[]): Promise<Erased> {
    const { records, audit, operators, approvals } = this.#station;
    await this.recognise();
    const before = find();
    requireErasable(records.db, before);
    refuseNaming(why.reason, before);
    const texts = mentioned ?? (await mentions(records.db, before));
    let takeBack = (): void => undefined;
    try {
      return await records.commits.commit(() => {
        const subject = find();
        requireErasable(records.db, subject);
        takeBack = appendLedger(folderOf(records.db), this.#linesOf(subject));
        const who = why.by ? people(operators, why.by) : {};
        const erased = erase(records.db, subject, texts, this.#fingerprint);
        approvals.voidWaiting();
        if (subject.operator) operators.end(subject.operator.id);
        const { reason } = why;
        audit.append({ action: 'privacy.erased', result: 'ok', ...who, details: { ...said(subject, erased), reason } });
        this.#pagesLeft = true;
        return erased;
      });
    } catch (thrown) {
      takeBack();
      throw thrown;
    }
  }

  /** After erasures: the lines of the log that name a subject, and the pages of before. Answers how many lines went. */
  async scrub(subject: Subject): Promise<number> {
    const { parts, records } = this.#station;
    const lines = clearLogs(folderOf(records.db), subject.values);
    await emptyPages(records.db, parts.clock);
    this.#pagesLeft = false;
    return lines;
  }

  /** Pages that another program kept from being emptied: once more. */
  async scrubLeft(): Promise<void> {
    if (!this.#pagesLeft) return;
    await emptyPages(this.#station.records.db, this.#station.parts.clock);
    this.#pagesLeft = false;
  }

  /**
   * At the start: whatever the ledger says was erased and the database still has, since an older one was put back or the program
   * died in the middle. It was decided before: nothing is asked again.
   */
  async eraseAgain(): Promise<void> {
    const { records, audit, parts } = this.#station;
    const folder = folderOf(records.db);
    const lines = readLedger(folder);
    const subjects = subjectsOf(
      records.db,
      lines.map(({ commitment }) => commitment),
    );
    for (const subject of subjects) {
      const texts = await mentions(records.db, subject);
      const fingerprint = fromLedger(lines, subject);
      await records.commits.commit(() => {
        if (endWaiting(records, audit, subject) > 0) noteBacklog(records, isoTime(parts.clock));
        const erased = erase(records.db, subject, texts, fingerprint);
        audit.append({ action: 'privacy.erased-again', result: 'ok', details: said(subject, erased) });
      });
      clearLogs(folder, subject.values);
    }
    // What a start that died before had erased is in the pages of before, too.
    this.#pagesLeft = lines.length > 0;
  }

  #linesOf({ values }: Subject): LedgerLine[] {
    const at = isoTime(this.#station.parts.clock);
    return values.map(({ label, value, commitment }) => {
      const known = identityLabels.has(label)
        ? { fingerprint: this.#fingerprint(label, value).toString('base64') }
        : {};
      return { at, commitment, ...known };
    });
  }
}

/** Its kind, how much, and the commitments that nothing opens any more; never a value. */
function said({ kind, values }: Subject, erased: Erased) {
  return { kind, ...erased, commitments: values.slice(0, mostCommitments).map(({ commitment }) => commitment) };
}

/** The reason stays in the audit trail for good. */
function refuseNaming(reason: string, { values }: Subject): void {
  if (!new Names(values, 4).mentionedIn(reason)) return;
  const expected = 'a reason that names nobody: it stays in the audit trail';
  throw new StationError('input.invalid', { place: 'reason', expected, found: 'a name that is to be erased' });
}

/** The HSM may be locked at the start: the ledger has what it made when the erasure was decided. */
function fromLedger(lines: readonly LedgerLine[], { values }: Subject): Recognisable {
  const byCommitment = new Map(lines.map(({ commitment, fingerprint }) => [commitment, fingerprint]));
  const byValue = new Map(
    values.map(({ label, value, commitment }) => [`${label} ${value}`, byCommitment.get(commitment)]),
  );
  return (label, value) => {
    const known = byValue.get(`${label} ${value}`);
    return known === undefined ? undefined : Buffer.from(known, 'base64');
  };
}
