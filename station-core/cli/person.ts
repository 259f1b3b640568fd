import type { Role } from '../contract/record.ts';
import { open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { askSecret, printJson } from './terminal.ts';

export type PersonOptions = People & { readonly name: string; readonly role: Role; readonly json: boolean };

/** `birthmark people add`: adds a person, by a lead and a security officer; the new PIN is asked for first. */
export async function peopleAdd(folder: string, options: PersonOptions): Promise<number> {
  const { name, role, json } = options;
  const opened = await open(folder, 'people add');
  let pin: Buffer | undefined;
  try {
    pin = await askSecret(`new PIN of ${name}`);
    const roles = { first: 'lead', second: 'security-officer' } as const;
    const person = await callWithSecond(opened, roles, options, 'operators.add', { name, role }, pin);
    if (json) printJson({ schema: 1, ...person });
    else process.stdout.write(`${person.name} is a ${person.role} now\n`);
    return 0;
  } finally {
    pin?.fill(0);
    await opened.close();
  }
}
