import type { Method, Params, Result } from './contract/api.ts';
import type { Handlers } from './handlers.ts';
import { disarmLanesOf } from './lane-handlers.ts';
import type { Doers } from './operators/members.ts';
import { type By, people, person } from './person.ts';
import type { Station } from './station.ts';

type PeopleMethod = Extract<Method, `operators.${string}`>;

/** The calls about people: sign-ins, who there is, and what becomes of them. */
export function peopleHandlers(station: Station): Pick<Handlers, PeopleMethod> {
  const { operators } = station;
  const { members } = operators;
  return {
    'operators.signIn': (params) => signIn(station, params),
    'operators.signOut': (_, by) => signOut(station, by),
    // The call itself is the sign of life (serve.ts).
    'operators.active': async () => null,
    'operators.add': ({ name, role }, by) => add(station, name, role, by),
    'operators.reset': ({ name }, by) => members.reset(name, doers(by)),
    'operators.unlock': async ({ name }, by) => {
      await members.unlock(name, doers(by));
      return null;
    },
    'operators.leave': async ({ name }, by) => {
      await members.leave(name, doers(by));
      return null;
    },
    'operators.changeRole': async ({ name, role }, by) => {
      await members.changeRole(name, role, doers(by));
      return null;
    },
    'operators.badge': async ({ name, badge }, by) => {
      await members.giveBadge(name, badge, doers(by));
      return null;
    },
    'operators.prefer': async ({ language }, by) => {
      await members.prefer(person(by), language);
      return null;
    },
    'operators.list': async () => operators.list(),
  };
}

function doers(by: By): Doers {
  const { approver } = by;
  return { by: person(by), ...(approver ? { approver } : {}) };
}

async function signIn({ operators }: Station, params: Params<'operators.signIn'>): Promise<Result<'operators.signIn'>> {
  const pin = Buffer.from(params.pin, 'utf8');
  const newPin = params.newPin === undefined ? undefined : Buffer.from(params.newPin, 'utf8');
  try {
    const { session, actor, ...prefers } = await operators.signIn(params.name, pin, newPin);
    return { session, name: actor.name, role: actor.role, ...prefers };
  } finally {
    pin.fill(0);
    newPin?.fill(0);
  }
}

/** A connection ends its own session (serve.ts); a call made in the process has none. */
async function signOut(station: Station, by: By): Promise<null> {
  const { records, audit, operators } = station;
  if (!by.actor) return null;
  const details = { why: 'asked' };
  await records.commits.commit(() =>
    audit.append({ action: 'operator.signed-out', result: 'ok', ...people(operators, by), details }),
  );
  await disarmLanesOf(station, by.actor);
  return null;
}

async function add(
  { operators }: Station,
  name: string,
  role: Params<'operators.add'>['role'],
  by: By,
): Promise<Result<'operators.add'>> {
  if (!by.secret) return operators.members.invite(name, role, doers(by));
  await operators.add(name, role, by.secret, doers(by));
  return { name, role };
}
