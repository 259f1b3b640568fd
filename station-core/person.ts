import { StationError } from './contract/errors.ts';
import type { Actor, Role } from './contract/record.ts';
import type { Operators } from './operators/operators.ts';

/** Who makes a call, who approved it, and the secret that an in-process caller brought. */
export type By = {
  readonly actor: Actor | undefined;
  readonly approver: Actor | undefined;
  readonly secret: Buffer | undefined;
  /** Takes the secret that a call answers with, for a caller in the station's process; it is the taker's to zero. */
  readonly keep: ((secret: Buffer) => void) | undefined;
  /** The station makes this call itself, since the unit of an armed lane was plugged in. */
  readonly attached?: boolean;
};

/** The person behind a call that the table lets only signed-in people make. */
export function person({ actor }: By): Actor {
  if (!actor) throw new StationError('person.not-signed-in');
  return actor;
}

/** The people of a call, as audit entries name them. */
export function people(
  operators: Pick<Operators, 'commitment'>,
  by: By,
): { readonly actor: string; readonly role: Role; readonly approver?: string } {
  const { approver } = by;
  return {
    actor: operators.commitment(person(by)),
    role: person(by).role,
    ...(approver ? { approver: operators.commitment(approver) } : {}),
  };
}
