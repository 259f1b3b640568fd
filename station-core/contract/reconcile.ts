// What the station and the cloud say of the same units.

/**
 * `enrolled`: the entry is there, as it was made. `by-group`: the unit needs no entry, and its group is there. `waiting`, `parked`:
 * the station has not sent it yet. `missing`: it was sent and is not there. `different`: something else is there. `foreign`: an
 * entry that this station knows nothing of. `gone`: it was deleted, and is not there.
 */
export const verdicts = [
  'enrolled',
  'by-group',
  'waiting',
  'parked',
  'gone',
  'missing',
  'different',
  'foreign',
] as const;
export type Verdict = (typeof verdicts)[number];

/** What the service says of a device's registration. */
export type RegistrationView = { readonly status: string; readonly hub?: string; readonly deviceId?: string };

export type ReconciledRow = {
  readonly registrationId: string;
  readonly serial?: string;
  readonly order?: string;
  readonly verdict: Verdict;
  /** What differs, or is missing. */
  readonly what?: string;
  readonly registration?: RegistrationView;
};

export type Reconciled = {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** How many devices each hub has, of those whose registration was asked for. */
  readonly hubs: Readonly<Record<string, number>>;
  readonly rows: readonly ReconciledRow[];
};

/** Nothing needs a person: everything that was sent is there, and as it was sent. */
export const agrees = ({ counts }: Reconciled): boolean =>
  counts.missing + counts.different + counts.foreign + counts.parked === 0;
