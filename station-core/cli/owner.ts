import type { Method, Operation, Params, Result } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { Progress } from '../contract/events.ts';
import type { Role } from '../contract/record.ts';
import { knock } from '../door.ts';
import type { People } from './people.ts';
import { askSecret } from './terminal.ts';

/** The process that holds a station's folder, as a command talks to it. */
export type Owner = {
  /** A call by the person whom `--as` names (in practice the ready-made one of the role), and by a second one where it needs two. */
  call<M extends Method>(roles: Roles, people: People, method: M, params: Params<M>): Promise<Result<M>>;
  onProgress(listener: (progress: Progress) => void): void;
  close(): void;
};

/** In which role each acts in practice. */
export type Roles = { readonly first: Role; readonly second?: Role };

/** An export of a million entries takes a while; whoever waits can be seen to. */
const deadlineMs = 3_600_000;

/** The process that holds the folder, or none when nobody answers at its door. */
export async function ownerOf(folder: string): Promise<Owner | undefined> {
  const reached = await knock(folder);
  if (!reached) return undefined;
  const { client, close } = reached;
  const { practice, mode } = await client.call('station.describe', {});

  const signIn = async (role: Role, name: string | undefined, flag: string): Promise<string> => {
    const ready = practice.find((one) => (name === undefined ? one.role === role : one.name === name));
    if (mode === 'practice' && ready) {
      const { name: of, pin } = ready;
      return (await client.call('operators.signIn', { name: of, pin })).session;
    }
    if (name === undefined)
      throw new StationError('input.invalid', { place: flag, expected: 'a name', found: 'nothing' });
    const pin = await askSecret(`PIN of ${name}`);
    try {
      return (await client.call('operators.signIn', { name, pin: pin.toString('utf8') })).session;
    } finally {
      pin.fill(0);
    }
  };

  return {
    call: async (roles, people, method, params) => {
      const session = await signIn(roles.first, people.as, '--as');
      const { n } = await client.call('station.view', {}, { session });
      await client.call('events.follow', { since: n }, { session });
      if (!roles.second) return client.call(method, params, { session, deadlineMs });
      const second = await signIn(roles.second, people.second, '--second');
      const operation = { method, params: params as Operation['params'] };
      const { approval } = await client.call('approvals.approve', operation, { session: second });
      return client.call(method, params, { session, approval, deadlineMs });
    },
    onProgress: (listener) => void client.onProgress(listener),
    close,
  };
}
