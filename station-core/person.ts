import { StationError } from './contract/errors.ts';
import type { Actor } from './contract/record.ts';

/** Who makes a call, who approved it, and the secret that an in-process caller brought. */
export type By = {
  readonly actor: Actor | undefined;
  readonly approver: Actor | undefined;
  readonly secret: Buffer | undefined;
};

/** The person behind a call that the table lets only signed-in people make. */
export function person({ actor }: By): Actor {
  if (!actor) throw new StationError('person.not-signed-in');
  return actor;
}
