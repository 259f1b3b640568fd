import type { Method, Params, Result } from '../contract/api.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { ownerOf, type Roles } from './owner.ts';

/** A call by the people whom a command names; `roles` say who acts in practice. */
export type Calls = <M extends Method>(roles: Roles, method: M, params: Params<M>) => Promise<Result<M>>;

/** Lets a command make its calls by the process that holds the folder, or by this one as its owner where nobody does. */
export async function byEither(
  options: CaOptions,
  command: string,
  act: (call: Calls) => Promise<number>,
): Promise<number> {
  const owner = await ownerOf(options.station);
  if (!owner) {
    return atStation(options, command, (opened) =>
      act(({ first, second }, method, params) =>
        second
          ? callAgreed(opened, options, method, params, { first, second })
          : callAs(opened, first, options, method, params),
      ),
    );
  }
  try {
    return await act((roles, method, params) => owner.call(roles, options, method, params));
  } finally {
    owner.close();
  }
}
