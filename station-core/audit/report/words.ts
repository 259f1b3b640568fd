import { errors, isErrorCode } from '../../contract/errors.ts';
import type { Outcome } from '../../contract/run.ts';

// How entries read on paper. What has no words here stands as the log has it: nothing is left out for want of words.

export const outcomeWords = {
  passed: 'Passed',
  failed: 'Failed',
  errored: 'Errored',
  aborted: 'Aborted',
  indeterminate: 'Indeterminate',
} as const satisfies Record<Outcome, string>;

/** Whom an outcome blames. */
export const outcomeMeaning = {
  passed: 'every planned step ended',
  failed: 'the unit is to blame',
  errored: 'the station is to blame',
  aborted: 'an operator ended it',
  indeterminate: 'an act that cannot be undone began and did not end; the unit is in quarantine',
} as const satisfies Record<Outcome, string>;

const exceptionWords: Readonly<Record<string, string>> = {
  'run.closed': 'Run did not pass',
  'call.refused': 'Call refused',
  'operator.signed-in': 'Sign-in refused',
  'lane.stopped': 'Lane stopped',
  'lane.released': 'Lane released again',
  'hsm.state': 'HSM not ready',
  'clock.confirmed': 'Clock confirmed by two people',
  'clock.jumped': 'Clock jumped',
  'certificate.possible': 'Certificate possibly issued',
  'certificate.unsigned': 'Certificate not signed',
  'certificate.revoked': 'Certificate revoked',
  'unit.scrapped': 'Unit scrapped',
  'unit.released': 'Unit let out of quarantine',
  'unit.reworked': 'Unit made once more',
  'unit.replaced': 'Unit given another credential',
  'upload.parked': 'Upload waits for a person',
  'upload.discarded': 'Upload given up',
  'upload.replacing': 'Cloud entry replaced',
  'order.armed': 'Order accepted without proof of its key',
  'software.started': 'Start after an unclean stop',
  'audit.origin-begun': 'Log goes on under a new origin',
  'audit.rollback-found': 'Log older than an anchor',
  'privacy.erased': 'Personal data erased',
  'privacy.erased-again': 'Erasure applied again after a restore',
};

const deedWords: Readonly<Record<string, string>> = {
  'run.opened': 'run started',
  'operator.signed-in': 'sign-in',
  'operator.added': 'person added',
  'approval.granted': 'approval granted',
  'approval.used': 'approved act',
  'order.created': 'order made',
  'order.armed': 'order armed',
  'order.closed': 'order closed',
  'order.reopened': 'order opened again',
  'recipe.approved': 'recipe approved',
  'recipe.first-approved': 'first unit approved',
  'unit.shipped': 'unit shipped',
  'audit.exported': 'export made',
  'certificate.revoked': 'certificate revoked',
  'lane.released': 'lane released',
};

const credentialWords: Readonly<Record<string, string>> = {
  'symmetric-key': 'Symmetric key',
  x509: 'X.509 certificate',
  tpm: 'TPM',
};

/** Where a credential comes from; for a TPM, how it was shown to be genuine. */
const sourceWords: Readonly<Record<string, string>> = {
  derived: 'derived from the group key',
  random: 'random',
  unit: 'key made by the unit',
  station: 'key made by the station',
  own: 'brought by the unit',
  stored: 'from a store',
  certificate: 'genuine by its EK certificate',
  possession: 'genuine by possession alone',
  none: 'not shown to be genuine',
};

/** `toString` is a word that an entry may hold as well. */
const wordIn =
  (words: Readonly<Record<string, string>>) =>
  (name: string): string =>
    (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
export const exceptionWord = wordIn(exceptionWords);
export const deedWord = wordIn(deedWords);
export const credentialWord = wordIn(credentialWords);
export const sourceWord = wordIn(sourceWords);

/** What the operator read: the first sentence of the error, without the details, which entries do not have. */
export function reasonWords(code: string): string {
  if (!isErrorCode(code)) return '';
  const [first = ''] = errors[code].says.split(/(?<=\.)\s/);
  return first.replace(/\s*\(\{\w+\}\)/g, '').replace(/\{\w+\}\.?/g, '…');
}

/** A time as people read it, to the second; in tables, where every time is UTC, without saying so. */
export const tableTime = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)}`;
export const timeWords = (at: string): string => `${tableTime(at)} UTC`;

export const count = (n: number): string => n.toLocaleString('en-US');

/** `1 unit`, `2 units`. */
export const many = (n: number, one: string, more = `${one}s`): string => `${count(n)} ${n === 1 ? one : more}`;

/** Shares to a tenth of a per cent, rounded down: 99.96 % is not 100 %. */
export const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${(Math.floor((part * 1_000) / whole) / 10).toFixed(1)} %`;

/** The clear value where it may be given; else the beginning of the commitment, by which entries can be searched. */
export class Names {
  readonly #clear: ReadonlyMap<string, string>;

  constructor(clear: ReadonlyMap<string, string>) {
    this.#clear = clear;
  }

  isClear(commitment: string): boolean {
    return this.#clear.has(commitment);
  }

  of(commitment: string): string {
    return this.#clear.get(commitment) ?? `${commitment.replace(/^hmac-sha256:/, '').slice(0, 12)}…`;
  }
}
