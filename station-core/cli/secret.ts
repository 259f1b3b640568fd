import { StationError } from '../contract/errors.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { askSecret, mayAsk, printJson } from './terminal.ts';

const roles = { first: 'security-officer', second: 'lead' } as const;

export type SecretOptions = People & { readonly station: string; readonly json: boolean };

/** `birthmark secret set`: a secret that recipes name, typed twice at a terminal, kept sealed under the HSM's key. Two people. */
export async function secretSet({ station, name, json, ...people }: SecretOptions & { name: string }): Promise<number> {
  const opened = await open(station, 'secret set');
  let secret: Buffer | undefined;
  try {
    secret = await askSecret(`secret ${name}`);
    if (mayAsk()) await again(secret, name);
    await callWithSecond(opened, roles, people, 'secret.set', { name }, secret);
    if (json) printJson({ schema: 1, name });
    else process.stdout.write(`The secret ${name} is set\n`);
    return 0;
  } finally {
    secret?.fill(0);
    await opened.close();
  }
}

/** Nobody sees what is typed: a slip would lock TPMs and consoles of a whole order. */
async function again(secret: Buffer, name: string): Promise<void> {
  const repeated = await askSecret(`secret ${name}, once more`);
  const same = repeated.equals(secret);
  repeated.fill(0);
  if (same) return;
  throw new StationError('input.invalid', { place: `secret ${name}`, expected: 'the same twice', found: 'another' });
}

/** `birthmark secret list`: names and when they were set, never what they are. */
export async function secretList({ station, as, json }: SecretOptions): Promise<number> {
  const opened = await open(station, 'secret list');
  try {
    const secrets = await opened.station.call('secret.list', {}, { actor: await actAs(opened, 'auditor', as) });
    if (json) printJson({ schema: 1, secrets });
    else if (secrets.length === 0) process.stdout.write('There is no secret.\n');
    else process.stdout.write(secrets.map(({ name, setAt }) => `${name}  set at ${setAt}\n`).join(''));
    return 0;
  } finally {
    await opened.close();
  }
}
