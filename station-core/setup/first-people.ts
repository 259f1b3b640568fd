import { randomInt } from 'node:crypto';
import type { FirstPerson } from '../contract/setup.ts';
import type { Station } from '../station.ts';
import type { Founding } from './found.ts';

export type FirstCode = FirstPerson;

/** Adds one of the first people, and answers the code that is shown to them once. */
export async function welcomeFirst(
  { operators }: Station,
  { name, role }: Founding['people'][number],
): Promise<FirstCode> {
  const code = Array.from({ length: 10 }, () => randomInt(10)).join('');
  const pin = Buffer.from(code, 'utf8');
  try {
    await operators.add(name, role, pin);
  } finally {
    pin.fill(0);
  }
  return { name, role, code };
}
