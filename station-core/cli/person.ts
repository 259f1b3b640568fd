import type { Method, Params } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { Invited, PersonView } from '../contract/people.ts';
import type { Role } from '../contract/record.ts';
import { ask } from './audit-anchors.ts';
import { atStation, type CaOptions } from './ca-people.ts';
import type { Roles } from './owner.ts';
import { callWithSecond } from './people.ts';
import { askSecret, printJson } from './terminal.ts';

// The commands behind `birthmark people`. Who serves the folder is asked; where nobody does, the station is opened for it.

type Named = CaOptions & { readonly name: string };
type ByHsmPin = { readonly hsmPin: boolean };

const two = { first: 'lead', second: 'security-officer' } as const satisfies Roles;
const one = { first: 'lead' } as const satisfies Roles;

export async function peopleList(options: CaOptions): Promise<number> {
  const people = await ask(options, one, 'operators.list', {});
  if (options.json) printJson({ schema: 1, people });
  else process.stdout.write(people.map(lineOf).join(''));
  return 0;
}

const lineOf = ({ name, role, state, badge, otherBadge }: PersonView): string =>
  `${[name, role, state, otherBadge === undefined ? badge : `${badge} (${otherBadge})`].join('\t')}\n`;

/** The PIN of a person comes beside the call, so the folder must be free for it; with a code it need not be. */
export async function peopleAdd(options: Named & { readonly role: Role; readonly code: boolean }): Promise<number> {
  const { name, role } = options;
  if (options.code) return printCode(options, await ask(options, two, 'operators.add', { name, role }));
  const added = await atStation(options, 'people add', async (opened) => {
    const pin = await askSecret(`new PIN of ${name}`);
    try {
      return await callWithSecond(opened, two, options, 'operators.add', { name, role }, pin);
    } finally {
      pin.fill(0);
    }
  });
  if (options.json) printJson({ schema: 1, ...added });
  else process.stdout.write(`${added.name} is a ${added.role} now\n`);
  return 0;
}

export async function peopleReset(options: Named & ByHsmPin): Promise<number> {
  const { name, hsmPin } = options;
  if (!hsmPin) return printCode(options, await ask(options, two, 'operators.reset', { name }));
  return printCode(
    options,
    await atStation(options, 'people reset', async ({ station }) => {
      await requireHsm(station.parts.hsm);
      if (station.operators.othersWhoAgree(name) >= 2) throw new StationError('person.others-agree');
      return station.operators.members.reset(name);
    }),
  );
}

export async function peopleUnlock(options: Named & ByHsmPin): Promise<number> {
  const { name, hsmPin, json } = options;
  if (!hsmPin) return changed(options, one, 'operators.unlock', { name });
  await atStation(options, 'people unlock', async ({ station }) => {
    await requireHsm(station.parts.hsm);
    await station.operators.members.unlock(name);
  });
  if (json) printJson({ schema: 1, name });
  return 0;
}

export const peopleLeave = (options: Named): Promise<number> =>
  changed(options, two, 'operators.leave', { name: options.name });

export const peopleChangeRole = (options: Named & { readonly role: Role }): Promise<number> =>
  changed(options, two, 'operators.changeRole', { name: options.name, role: options.role });

export const peopleBadge = (options: Named & { readonly badge: string }): Promise<number> =>
  changed(options, one, 'operators.badge', { name: options.name, badge: options.badge });

async function changed<M extends Method>(options: Named, roles: Roles, method: M, params: Params<M>): Promise<number> {
  await ask(options, roles, method, params);
  if (options.json) printJson({ schema: 1, name: options.name });
  return 0;
}

/** The code is told once: the station keeps only what it is checked by. */
function printCode({ json }: CaOptions, invited: Invited): number {
  const { name, role, code, until } = invited;
  if (json) printJson({ schema: 1, ...invited });
  else process.stdout.write(`${name} (${role}) signs in with the code ${code ?? '?'} once, until ${until ?? '?'}\n`);
  return 0;
}

/** Whoever gave its PIN has the right; a station that was opened without one is no proof. */
async function requireHsm(hsm: { status(): Promise<{ readonly state: string }> }): Promise<void> {
  if ((await hsm.status()).state !== 'ready') throw new StationError('hsm.locked');
}
