import type { Method, Operation, Params, Result } from '../contract/api.ts';
import type { Actor, Role } from '../contract/record.ts';
import type { OpenStation } from '../open-station.ts';
import { actAs } from './folder.ts';

/** Who acts and who agrees, as the command line names them; in practice the ready-made people. */
export type People = { readonly as?: string | undefined; readonly second?: string | undefined };

/** Makes a call that needs a second person: the second one approves exactly it, then the first one makes it. */
export async function callWithSecond<M extends Method>(
  opened: OpenStation,
  roles: { readonly first: Role; readonly second: Role },
  people: People,
  method: M,
  params: Params<M>,
  secret?: Buffer,
  keep?: (secret: Buffer) => void,
): Promise<Result<M>> {
  const actor = await actAs(opened, roles.first, people.as);
  const approver: Actor = await actAs(opened, roles.second, people.second, '--second');
  const operation = { method, params: params as Operation['params'] };
  const { approval } = await opened.station.call('approvals.approve', operation, { actor: approver });
  return opened.station.call(method, params, {
    actor,
    approval,
    ...(secret ? { secret } : {}),
    ...(keep ? { keep } : {}),
  });
}
