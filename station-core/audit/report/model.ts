import { ExceptionList, type Exceptions } from './exceptions.ts';
import { type Line, said } from './line.ts';
import { OutcomeCounts, type Outcomes } from './outcomes.ts';
import { People, type Person } from './people.ts';
import { type Counted, type InForce, type Place, Spans, Tally } from './tally.ts';
import { UnitList, type Units } from './units.ts';

/** What was in force while the entries were written. */
export type Identity = {
  readonly stations: readonly InForce[];
  readonly origins: readonly InForce[];
  readonly software: readonly InForce[];
  /** SHA-256 of configurations in hex. */
  readonly configs: readonly InForce[];
  readonly hsms: readonly InForce[];
  /** Keys that were used: label and check value. */
  readonly keys: readonly InForce[];
};

/** What a report says of a log, or of a part of it. Whatever it is of, it is this large at most. */
export type Report = {
  /** Entries that it speaks of. */
  readonly entries: number;
  /** Entries among them that are not what an entry is. */
  readonly unreadable: readonly number[];
  readonly first: Place | undefined;
  readonly last: Place | undefined;
  readonly identity: Identity;
  /** Entries by how far the clock could be trusted. */
  readonly clocks: readonly Counted[];
  readonly people: readonly Person[];
  readonly outcomes: Outcomes;
  readonly exceptions: Exceptions;
  readonly units: Units;
};

/** How many damaged entries are named one by one. */
const namedDamaged = 20;

/** Folds entries, one at a time, in the order of the log. Of the log's length only a few bytes for each unit stay in memory. */
export class ReportFold {
  readonly #unreadable: number[] = [];
  readonly #spans = {
    stations: new Spans(),
    origins: new Spans(),
    software: new Spans(),
    configs: new Spans(),
    hsms: new Spans(),
    keys: new Spans(),
  };
  readonly #clocks = new Tally();
  readonly #people = new People();
  readonly #outcomes = new OutcomeCounts();
  readonly #exceptions = new ExceptionList();
  readonly #units = new UnitList();
  #entries = 0;
  #first: Place | undefined;
  #last: Place | undefined;

  take(line: Line): void {
    const { seq, at, clock } = line;
    this.#entries++;
    this.#first ??= { seq, at };
    this.#last = { seq, at };
    this.#clocks.add(clock);
    this.#identify(line, { seq, at });
    this.#people.take(line);
    this.#outcomes.take(line);
    this.#exceptions.take(line);
    this.#units.take(line);
  }

  /** An entry that is not what an entry is: it counts, and nothing is guessed of it. */
  takeUnreadable(seq: number): void {
    this.#entries++;
    if (this.#unreadable.length < namedDamaged) this.#unreadable.push(seq);
  }

  end(): Report {
    const { stations, origins, software, configs, hsms, keys } = this.#spans;
    return {
      entries: this.#entries,
      unreadable: this.#unreadable,
      first: this.#first,
      last: this.#last,
      identity: {
        stations: stations.all(),
        origins: origins.all(),
        software: software.all(),
        configs: configs.all(),
        hsms: hsms.all(),
        keys: keys.all(),
      },
      clocks: this.#clocks.sorted(),
      people: this.#people.all(),
      outcomes: this.#outcomes.all(),
      exceptions: this.#exceptions.all(),
      units: this.#units.all(),
    };
  }

  #identify(line: Line, place: Place): void {
    const spans = this.#spans;
    spans.stations.see(line.station, place);
    spans.origins.see(line.origin, place);
    spans.software.see(line.software, place);
    spans.configs.see(line.config, place);
    const hsm = line.key?.hsm ?? said(line, 'hsm');
    if (hsm !== undefined) spans.hsms.see(hsm, place);
    if (line.key) spans.keys.see(`${line.key.label} (${line.key.checkValue})`, place);
  }
}

/** Every commitment that a report shows: what clear names may stand for. */
export function commitmentsIn({ people, exceptions, units }: Report): ReadonlySet<string> {
  const found = [
    ...people.map(({ person }) => person),
    ...exceptions.listed.flatMap(({ unit, actor, approver }) => [unit, actor, approver]),
    ...exceptions.approvals.flatMap(({ askers, approvers }) => [...askers, ...approvers].map(({ name }) => name)),
    ...units.listed.flatMap(({ serial, registrationId }) => [serial, registrationId]),
  ];
  return new Set(found.filter((one) => one !== undefined));
}
