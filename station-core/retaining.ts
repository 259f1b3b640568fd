import { StationError } from './contract/errors.ts';
import { dayMs, duePeople, dueUnits } from './privacy/due.ts';
import { mentions } from './privacy/erase.ts';
import { dropOldLines } from './privacy/scrub.ts';
import { personOf, type Subject, unitsOf } from './privacy/subject.ts';
import type { Station } from './station.ts';
import { folderOf } from './store/open.ts';

/** Units of one commit: its entry names their commitments, and an entry has a limit. The most of one round, which reads the journal once. */
const batch = 50;
const mostUnits = 2_000;

const everyMs = { round: dayMs, pages: 60 * 60_000 } as const;

/** Keeps what names people and units no longer than the station's configuration says: at its start and every day. */
export class Retaining {
  readonly #station: Station;
  #silence: (() => void)[] = [];
  #going: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(station: Station) {
    this.#station = station;
  }

  begin(ready: boolean): void {
    if (ready) this.#soon(() => this.#station.erasures.recognise());
    this.#every(everyMs.pages, () => this.#station.erasures.scrubLeft());
    this.#every(everyMs.round, () => this.#round());
  }

  /** Resolves when what goes on has ended; nothing begins any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const silence of this.#silence) silence();
    await this.#going;
  }

  /** Now, and again each time that so many milliseconds have passed. */
  #every(ms: number, act: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#soon(act);
    const silence = this.#station.parts.clock.timer(ms, () => {
      this.#silence = this.#silence.filter((one) => one !== silence);
      this.#every(ms, act);
    });
    this.#silence.push(silence);
  }

  #soon(act: () => Promise<void>): void {
    const { log } = this.#station.parts;
    this.#going = this.#going
      .then(() => (this.#stopped ? undefined : act()))
      .catch((thrown: unknown) => {
        // A locked HSM and a reading program are ordinary: the next round does it.
        if (thrown instanceof StationError) log.logger.warn('erasing waits: {code}', { code: thrown.code });
        else log.incident(thrown);
      });
  }

  async #round(): Promise<void> {
    const { clock, retention = {}, db } = this.#station.parts;
    const { logsDays, unitsDays, peopleDays } = retention;
    if (logsDays !== undefined) dropOldLines(folderOf(db), clock.now() - logsDays * dayMs);
    if (unitsDays !== undefined) await this.#units(this.#before(unitsDays));
    if (peopleDays !== undefined) await this.#people(this.#before(peopleDays));
  }

  #before(days: number): string {
    return new Date(this.#station.parts.clock.now() - days * dayMs).toISOString();
  }

  async #units(before: string): Promise<void> {
    const { records, erasures } = this.#station;
    const { db } = records;
    const due = dueUnits(db, before, mostUnits);
    if (due.length === 0) return;
    const all = unitsOf(db, due);
    const texts = await mentions(db, all);
    for (let at = 0; at < due.length && !this.#stopped; at += batch) {
      const some = due.slice(at, at + batch);
      await erasures.erase(() => unitsOf(db, some), { reason: 'retention' }, texts);
    }
    await erasures.scrub(all);
  }

  async #people(before: string): Promise<void> {
    const { records, erasures, row } = this.#station;
    // Its ready-made people are no secret, and would be there again at the next start.
    if (row.mode === 'practice') return;
    for (const name of await duePeople(records.db, before)) {
      const person: Subject = personOf(records.db, name);
      await this.#unlessRefused(() => erasures.erase(() => personOf(records.db, name), { reason: 'retention' }));
      await erasures.scrub(person);
    }
  }

  /** The only lead, or a person under a legal hold, stays, and keeps nobody else. */
  async #unlessRefused(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      if (!(thrown instanceof StationError) || !thrown.code.startsWith('privacy.')) throw thrown;
      this.#station.parts.log.logger.warn('kept beyond its period: {code}', { code: thrown.code });
    }
  }
}
