import { airGapErrors } from './errors/air-gap.ts';
import { auditErrors } from './errors/audit.ts';
import { caErrors } from './errors/ca.ts';
import { cloudErrors } from './errors/cloud.ts';
import { hsmErrors } from './errors/hsm.ts';
import { labelsErrors } from './errors/labels.ts';
import { ordersErrors } from './errors/orders.ts';
import { peopleErrors } from './errors/people.ts';
import { privacyErrors } from './errors/privacy.ts';
import type { Row } from './errors/row.ts';
import { scanningErrors } from './errors/scanning.ts';
import { stationErrors } from './errors/station.ts';
import { tpmErrors } from './errors/tpm.ts';
import { unitsErrors } from './errors/units.ts';

// One class and one table for everything that can go wrong. The table decides who is blamed (a FAIL condemns the unit,
// an ERROR the station), whether doing it again helps, and what the person at the line reads: what happened and what to
// do now. Words in braces are filled from the error's details; details never carry a secret.

export type Blame = Row['blame'];

export const errors = {
  ...unitsErrors,
  ...tpmErrors,
  ...scanningErrors,
  ...peopleErrors,
  ...ordersErrors,
  ...labelsErrors,
  ...hsmErrors,
  ...caErrors,
  ...cloudErrors,
  ...airGapErrors,
  ...privacyErrors,
  ...stationErrors,
  ...auditErrors,
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errors;
export type Details = Readonly<Record<string, string | number | boolean>>;

/** An error as it travels: over the contract, into the journal, onto the screen. */
export type ErrorData = { readonly code: ErrorCode; readonly details: Details };

/** The one error class. `details` fill the sentence and must not hold a secret; the cause stays on this side of the contract. */
export class StationError extends Error {
  override readonly name = 'StationError';
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: { cause?: unknown }) {
    super(sentence({ code, details }), options);
    this.code = code;
    this.details = details;
  }

  get blame(): Blame {
    return errors[this.code].blame;
  }

  toData(): ErrorData {
    return { code: this.code, details: this.details };
  }
}

/** The sentence for the person at the line, with the details filled in; an unknown word stays visible as `?`. */
export function sentence(error: ErrorData): string {
  return errors[error.code].says.replace(/\{(\w+)\}/g, (_, word: string) => String(error.details[word] ?? '?'));
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

/**
 * Any thrown thing as a StationError. What we did not foresee becomes `internal` with the given incident number; its
 * text stays in the cause, for the log, since a library's message may quote what it was given.
 */
export function asStationError(thrown: unknown, incident: () => string): StationError {
  if (thrown instanceof StationError) return thrown;
  return new StationError('internal', { incident: incident() }, { cause: thrown });
}
