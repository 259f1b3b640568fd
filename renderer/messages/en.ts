import { backup } from './en/backup.ts';
import { calls } from './en/calls.ts';
import { display } from './en/display.ts';
import { frame } from './en/frame.ts';
import { lanes } from './en/lanes.ts';
import { orders } from './en/orders.ts';
import { people } from './en/people.ts';
import { recipes } from './en/recipes.ts';
import { settings } from './en/settings.ts';
import { setup } from './en/setup.ts';

/** Every text of the screens but the sentences of errors, which stand in the contract in English. */
export const en = {
  backup,
  calls,
  display,
  frame,
  lanes,
  orders,
  people,
  recipes,
  settings,
  setup,
} as const;
