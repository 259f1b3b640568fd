import { type Outcome, outcomes } from '../../contract/run.ts';
import { type Line, said } from './line.ts';
import { type InForce, type Place, Spans } from './tally.ts';
import { type Credential, credentialOf, type Upload } from './units.ts';

/** One run of the unit. */
export type BirthRun = {
  readonly run: number;
  readonly lane: number | undefined;
  readonly opened: Place;
  readonly closed: Place | undefined;
  readonly outcome: Outcome | undefined;
  readonly reason: string | undefined;
  readonly actor: string | undefined;
  readonly role: string | undefined;
};

/** What the log says of a TPM's endorsement key. */
export type Endorsement = {
  readonly commitment: string;
  readonly kind: string | undefined;
  readonly genuine: string | undefined;
  readonly manufacturer: string | undefined;
  /** SHA-256 of the EK certificate in hex. */
  readonly certificate: string | undefined;
};

/** What the log says of a credential's delivery, beside what it is. */
export type Delivered = Credential & {
  readonly operation: string | undefined;
  readonly delivery: string | undefined;
  readonly at: Place;
};

/** What entries say of one unit, in their order. */
export type Birth = {
  readonly entries: number;
  readonly serial: string | undefined;
  readonly registrationId: string | undefined;
  readonly mac: string | undefined;
  readonly orders: readonly string[];
  /** SHA-256 of the recipe in hex, where a run names it. */
  readonly recipe: string | undefined;
  readonly runs: readonly BirthRun[];
  readonly credential: Delivered | undefined;
  readonly issuer: string | undefined;
  readonly endorsement: Endorsement | undefined;
  readonly upload: Upload | undefined;
  /** What became of it after it was made: `unit.scrapped`, `unit.disabled`, … */
  readonly after: readonly (Place & { readonly action: string })[];
  readonly keys: readonly InForce[];
  readonly hsms: readonly InForce[];
  readonly software: readonly InForce[];
  readonly configs: readonly InForce[];
  /** The entry that says what came of it: that a run passed, else how the last one ended, else the newest. */
  readonly verdict: Place | undefined;
};

const later = /^(unit\.(?!lock-)|certificate\.revoked$)/;

/** Folds the entries of one unit. */
export class BirthFold {
  readonly #runs = new Map<number, BirthRun>();
  readonly #orders = new Set<string>();
  readonly #spans = { keys: new Spans(), hsms: new Spans(), software: new Spans(), configs: new Spans() };
  readonly #after: (Place & { readonly action: string })[] = [];
  #found: Partial<Pick<Birth, 'serial' | 'registrationId' | 'mac' | 'recipe' | 'issuer' | 'endorsement' | 'upload'>> =
    {};
  #credential: Delivered | undefined;
  #passed: Place | undefined;
  #closed: Place | undefined;
  #newest: Place | undefined;
  #entries = 0;

  take(line: Line): void {
    const { seq, at, unit, order, key, action } = line;
    const place = { seq, at };
    this.#entries++;
    this.#newest = place;
    if (order !== undefined) this.#orders.add(order);
    const { serial, registrationId, mac } = { ...this.#found, ...unit };
    this.#found = { ...this.#found, serial, registrationId, mac };
    this.#spans.software.see(line.software, place);
    this.#spans.configs.see(line.config, place);
    if (key) {
      this.#spans.keys.see(`${key.label} (${key.checkValue})`, place);
      this.#spans.hsms.see(key.hsm, place);
    }
    if (later.test(action)) this.#after.push({ ...place, action });
    this.#takeRun(line, place);
    this.#takeCredential(line, place);
  }

  end(): Birth {
    const { keys, hsms, software, configs } = this.#spans;
    return {
      serial: undefined,
      registrationId: undefined,
      mac: undefined,
      recipe: undefined,
      issuer: undefined,
      endorsement: undefined,
      upload: undefined,
      ...this.#found,
      entries: this.#entries,
      orders: [...this.#orders],
      runs: [...this.#runs.values()],
      credential: this.#credential,
      after: this.#after,
      keys: keys.all(),
      hsms: hsms.all(),
      software: software.all(),
      configs: configs.all(),
      verdict: this.#passed ?? this.#closed ?? this.#newest,
    };
  }

  #takeRun(line: Line, place: Place): void {
    const { action, run, lane, reason, actor, role } = line;
    if (run === undefined) return;
    if (action === 'run.opened') {
      const recipe = said(line, 'recipe') ?? this.#found.recipe;
      this.#found = { ...this.#found, recipe };
      const open = { closed: undefined, outcome: undefined, reason: undefined };
      this.#runs.set(run, { run, lane, opened: place, ...open, actor, role });
    } else if (action === 'run.closed') {
      const outcome = outcomes.find((one) => one === said(line, 'outcome'));
      const known = this.#runs.get(run) ?? { run, lane, opened: place, actor, role };
      this.#runs.set(run, { ...known, closed: place, outcome, reason });
      this.#closed = place;
      if (outcome === 'passed') this.#passed = place;
    }
  }

  #takeCredential(line: Line, place: Place): void {
    const { action, result, reason, at } = line;
    if (action === 'endorsement.claimed') this.#found = { ...this.#found, endorsement: endorsementOf(line) };
    if (action === 'upload.received' || action === 'upload.parked') {
      const parked = result === 'ok' ? undefined : (reason ?? 'without a reason');
      this.#found = { ...this.#found, upload: { at, action: said(line, 'action') ?? '', parked } };
    }
    if (!credentials.has(action)) return;
    this.#found = { ...this.#found, issuer: said(line, 'issuer') ?? this.#found.issuer };
    const { operation, delivery } = { operation: undefined, delivery: undefined, ...this.#credential };
    this.#credential = {
      ...credentialOf(line, this.#credential),
      operation: said(line, 'operation') ?? operation,
      delivery: said(line, 'delivery') ?? delivery,
      at: place,
    };
  }
}

const credentials = new Set([
  'credential.released',
  'credential.adopted',
  'stored.drawn',
  'certificate.issued',
  'endorsement.claimed',
]);

const endorsementOf = (line: Line): Endorsement => ({
  commitment: said(line, 'endorsementKey') ?? '',
  kind: said(line, 'kind'),
  genuine: said(line, 'genuine'),
  manufacturer: said(line, 'manufacturer'),
  certificate: said(line, 'certificate'),
});
