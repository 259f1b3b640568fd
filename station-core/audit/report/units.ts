import { type Outcome, outcomes } from '../../contract/run.ts';
import { type Line, said } from './line.ts';
import type { Place } from './tally.ts';

/** What a unit holds, as the log names it. */
export type Credential = {
  /** `symmetric-key`, `x509` or `tpm`. */
  readonly kind: string;
  /** Where it came from: a derived or random key, the unit's own or the station's key pair, a store. */
  readonly source: string | undefined;
  /** SHA-256 in hex: of the certificate, of a key where there is none, of a TPM's EK certificate. */
  readonly sha256: string | undefined;
  readonly serialNumber: string | undefined;
};

/** What the cloud answered last: `parked` is why it did not take the unit. */
export type Upload = { readonly at: string; readonly action: string; readonly parked: string | undefined };

export type UnitRow = {
  readonly serial: string;
  readonly registrationId: string | undefined;
  readonly order: string | undefined;
  readonly runs: number;
  readonly closed: Place | undefined;
  readonly outcome: Outcome | undefined;
  readonly reason: string | undefined;
  readonly credential: Credential | undefined;
  readonly upload: Upload | undefined;
  /** What became of it afterwards: `revoked`, `scrapped`, `shipped`. */
  readonly after: string | undefined;
};

export type Units = { readonly total: number; readonly listed: readonly UnitRow[] };

/** How many units a report lists one by one: a hundred pages. More are read by programs, not by people. */
export const listedUnits = 2_000;

/** The units of runs, in the order of their first one; the first ones with what came of them. */
export class UnitList {
  readonly #rows = new Map<string, UnitRow>();
  readonly #open = new Map<number, string>();
  /** Registration IDs and serial numbers of certificates, by which later entries name a unit. */
  readonly #names = new Map<string, string>();
  readonly #seen = new Set<string>();

  take(line: Line): void {
    if (line.action === 'run.opened') this.#opened(line);
    const change = changes[line.action];
    const key = change && this.#keyOf(line);
    const row = key === undefined ? undefined : this.#rows.get(key);
    if (!change || key === undefined || !row) return;
    const next = { ...change(row, line), registrationId: line.unit?.registrationId ?? row.registrationId };
    this.#rows.set(key, next);
    for (const name of [next.registrationId, next.credential?.serialNumber]) {
      if (name !== undefined) this.#names.set(name, key);
    }
  }

  all(): Units {
    return { total: this.#seen.size, listed: [...this.#rows.values()] };
  }

  /** Only a run makes a row. Each unit of an order counts once, remembered by 66 random bits of its commitment. */
  #opened({ run, unit, order }: Line): void {
    if (!unit) return;
    const key = `${order ?? ''} ${unit.serial.slice(12, 23)}`;
    if (run !== undefined && (this.#rows.has(key) || this.#rows.size < listedUnits)) this.#open.set(run, key);
    this.#seen.add(key);
    if (!this.#rows.has(key) && this.#rows.size < listedUnits) this.#rows.set(key, newRow(unit.serial, order));
  }

  /** A run that the next start closed names no unit; a receipt names its registration ID, a revocation its certificate. */
  #keyOf(line: Line): string | undefined {
    const { run, unit, action } = line;
    if (run !== undefined) {
      const key = this.#open.get(run);
      if (action === 'run.closed') this.#open.delete(run);
      return key;
    }
    const names = [unit?.registrationId, said(line, 'registrationId'), said(line, 'serialNumber')];
    return names.map((name) => this.#names.get(name ?? '')).find((key) => key !== undefined);
  }
}

const newRow = (serial: string, order: string | undefined): UnitRow => ({
  serial,
  order,
  runs: 0,
  registrationId: undefined,
  closed: undefined,
  outcome: undefined,
  reason: undefined,
  credential: undefined,
  upload: undefined,
  after: undefined,
});

const credential = (row: UnitRow, line: Line): UnitRow => ({ ...row, credential: credentialOf(line, row.credential) });
const uploaded = (row: UnitRow, line: Line): UnitRow => {
  const parked = line.result === 'ok' ? undefined : (line.reason ?? 'without a reason');
  return { ...row, upload: { at: line.at, action: said(line, 'action') ?? '', parked } };
};

/** What an entry changes in the row of its unit. */
const changes: Readonly<Record<string, (row: UnitRow, line: Line) => UnitRow>> = {
  'run.opened': (row) => ({ ...row, runs: row.runs + 1 }),
  'run.closed': (row, line) => {
    const outcome = outcomes.find((one) => one === said(line, 'outcome'));
    return { ...row, outcome, reason: line.reason, closed: { seq: line.seq, at: line.at } };
  },
  'credential.released': credential,
  'credential.adopted': credential,
  'stored.drawn': credential,
  'certificate.issued': credential,
  'endorsement.claimed': credential,
  'upload.received': uploaded,
  'upload.parked': uploaded,
  'certificate.revoked': (row) => ({ ...row, after: 'revoked' }),
  'unit.scrapped': (row) => ({ ...row, after: 'scrapped' }),
  'unit.shipped': (row) => ({ ...row, after: 'shipped' }),
};

/** What an entry says of the credential; a certificate's serial number stands in the entry that issued it. */
export function credentialOf(line: Line, before: Credential | undefined): Credential {
  const serialNumber = said(line, 'serialNumber') ?? before?.serialNumber;
  const source = said(line, 'source') ?? before?.source;
  if (line.action === 'endorsement.claimed') {
    return { kind: 'tpm', source: said(line, 'genuine'), sha256: said(line, 'certificate'), serialNumber };
  }
  const certified = line.action === 'certificate.issued' || line.action === 'stored.drawn';
  const kind = certified ? 'x509' : (said(line, 'kind') ?? before?.kind ?? 'x509');
  const drawn = line.action === 'stored.drawn' ? 'stored' : source;
  return { kind, source: drawn, sha256: said(line, 'sha256') ?? said(line, 'fingerprint'), serialNumber };
}
