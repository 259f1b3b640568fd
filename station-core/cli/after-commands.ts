import { type Command, Option } from '@commander-js/extra-typings';
import { approveFirst, unitOpen, unitRelease, unitRework, unitShip, unitShow } from './after.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';

// The commands for what comes after the verdict, with their options and help.

const serial = ['<serial>', "the unit's serial"] as const;
const order = () => new Option('--order <name>', 'the order, where several hold this serial');

/** What becomes of units: below `birthmark unit`. */
export function addAfterVerdict(units: Command, ended: Ended): void {
  forOne(units.command('show'))
    .description('Show where a unit stands, what is asked of it before it ships, and what may be done with it.')
    .argument('<label>', 'its serial or its registration ID')
    .action((label, options) => ended(unitShow(label, options)));
  forOne(units.command('release'))
    .description('Let a unit out of quarantine: a lead looked at it, and it may be made again.')
    .argument(...serial)
    .requiredOption('--reason <text>', 'why; it stays in the audit trail, so no names in it')
    .addOption(order())
    .action((unit, options) => ended(unitRelease(unit, options)));
  forTwo(units.command('rework'))
    .description(
      'Make a finished unit once more, with the same operation id and credential while they can be given again.',
    )
    .argument(...serial)
    .option('--replace', 'its key is kept no more: give it another credential, which a second person agrees to', false)
    .addOption(order())
    .action((unit, options) => ended(unitRework(unit, options)));
  forOne(units.command('ship'))
    .description('Ship a unit, once it is all that its recipe asks of a unit that is packed.')
    .argument(...serial)
    .option(
      '--scanned <text>',
      'what the scanner read from its label: its serial, its registration ID, or a GS1 code with the serial',
    )
    .addOption(order())
    .action((unit, options) => ended(unitShip(unit, options)));
  forOne(units.command('open'))
    .description('List units whose credential was neither shipped, nor made void, nor re-issued.')
    .option('--after <n>', 'go on after this unit, as the page before said', wholeFrom(0, Number.MAX_SAFE_INTEGER))
    .option('--limit <n>', 'how many at most', wholeFrom(1, 500), 100)
    .action(({ after, ...options }) => ended(unitOpen({ ...options, ...(after === undefined ? {} : { after }) })));
}

/** `birthmark recipes approve-first`. */
export function addFirstArticle(recipes: Command, ended: Ended): void {
  forOne(recipes.command('approve-first'))
    .description('Say that the first unit that passed with a recipe was looked at: others may be made.')
    .argument('<order>', 'an order of that recipe')
    .action((name, options) => ended(approveFirst(name, options)));
}
