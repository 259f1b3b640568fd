import type { Method, Params, Result } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { Role } from '../contract/record.ts';
import type { OpenStation } from '../open-station.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';

/** What every command about the CA takes. */
export type CaOptions = People & { readonly station: string; readonly json: boolean };

/** Who acts in practice, and who agrees. */
const officers = { first: 'security-officer', second: 'lead' } as const;

/** Opens the station of a command, and closes it again whatever happens. */
export async function atStation<T>(
  { station }: CaOptions,
  command: string,
  act: (opened: OpenStation) => Promise<T>,
): Promise<T> {
  const opened = await open(station, command);
  try {
    return await act(opened);
  } finally {
    await opened.close();
  }
}

/** A call that one person may make. */
export async function callAs<M extends Method>(
  opened: OpenStation,
  role: Role,
  { as }: People,
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  return opened.station.call(method, params, { actor: await actAs(opened, role, as) });
}

/** A call that needs a second person; both are named before either types a PIN. */
export async function callAgreed<M extends Method>(
  opened: OpenStation,
  people: People,
  method: M,
  params: Params<M>,
  roles: { readonly first: Role; readonly second: Role } = officers,
): Promise<Result<M>> {
  if (opened.station.row.mode === 'production') {
    mustBeNamed('--as', people.as);
    mustBeNamed('--second', people.second);
  }
  return callWithSecond(opened, roles, people, method, params);
}

function mustBeNamed(place: string, name: string | undefined): void {
  if (name !== undefined) return;
  const expected = 'the name of one of the two people that this takes';
  throw new StationError('input.invalid', { place, expected, found: 'nothing' });
}
