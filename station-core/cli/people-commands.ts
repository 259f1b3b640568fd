import { Command, Option } from '@commander-js/extra-typings';
import { roles } from '../contract/record.ts';
import { type Ended, forOne, forTwo } from './ca-options.ts';
import {
  peopleAdd,
  peopleBadge,
  peopleChangeRole,
  peopleLeave,
  peopleList,
  peopleReset,
  peopleUnlock,
} from './person.ts';

const nameOption = () => new Option('--name <name>', 'who it is').makeOptionMandatory();
const roleOption = () => new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory();
const hsmPinOption = (when: string) =>
  new Option('--hsm-pin', `${when}: the HSM's PIN is enough, at a station that nobody serves`).default(false);

/** `birthmark people`. */
export function peopleCommand(ended: Ended): Command {
  const people = new Command('people').description('People: who there is, and what becomes of them.');
  forOne(people.command('list'))
    .description('Show everybody, with what their badges say.')
    .action((options) => ended(peopleList(options)));
  forTwo(people.command('add').addOption(nameOption()).addOption(roleOption()))
    .description('Add a person, by a lead and a security officer; the new PIN is asked for first.')
    .option('--code', 'print a one-time code instead: the person chooses the PIN at the first sign-in', false)
    .action((options) => ended(peopleAdd(options)));
  forTwo(people.command('reset').addOption(nameOption()))
    .description('Print a one-time code in the place of a PIN that was forgotten: a lead and a security officer.')
    .addOption(hsmPinOption('where no two people are left who can agree'))
    .action((options) => ended(peopleReset(options)));
  forOne(people.command('unlock').addOption(nameOption()))
    .description('Let a person sign in again who is locked after wrong PINs: a lead or a security officer.')
    .addOption(hsmPinOption('where everybody who could is locked'))
    .action((options) => ended(peopleUnlock(options)));
  forTwo(people.command('leave').addOption(nameOption()))
    .description('A person leaves, and signs in no more: a lead and a security officer.')
    .action((options) => ended(peopleLeave(options)));
  forTwo(people.command('role').addOption(nameOption()).addOption(roleOption()))
    .description('Give a person another role: a lead and a security officer.')
    .action((options) => ended(peopleChangeRole(options)));
  forOne(people.command('badge').addOption(nameOption()))
    .description('A badge that others made names this person from now on.')
    .requiredOption('--badge <text>', 'what the scanner reads on it')
    .action((options) => ended(peopleBadge(options)));
  return people;
}
