import { Command, Option } from '@commander-js/extra-typings';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { eraseSubject, exportSubject, placeHold, releaseHold, showHolds } from './privacy.ts';

const person = () => new Option('--person <name>', 'a person, by name').conflicts('unit');
const unit = () => new Option('--unit <serial>', 'a unit, by its serial').conflicts('person');
const reason = 'why; it stays for good: no names';

/** The command `privacy` with what is below it. */
export function privacyCommand(ended: Ended): Command {
  const privacy = new Command('privacy').description(
    'What is kept about people and units: give it, erase it, hold it.',
  );
  forTwo(privacy.command('export'))
    .description('Write everything that is kept about a person or a unit into one JSON file. Two people.')
    .addOption(person())
    .addOption(unit())
    .requiredOption('--out <file>', 'where it goes; a new file that only its owner reads')
    .addHelpText('after', '\nExample:\n  birthmark privacy export --unit A-1047 --out a-1047.json')
    .action((options) => ended(exportSubject(options)));
  forTwo(privacy.command('erase'))
    .description('Erase what names a person or a unit, for good. A security officer and a lead.')
    .addOption(person())
    .addOption(unit())
    .requiredOption('--reason <text>', reason)
    .option('--yes', 'do not ask for the name once more', false)
    .addHelpText('after', '\nExample:\n  birthmark privacy erase --unit A-1047 --reason "asked by its owner, case 17"')
    .action((options) => ended(eraseSubject(options)));
  addHolds(privacy, ended);
  return privacy;
}

function addHolds(privacy: Command, ended: Ended): void {
  forTwo(privacy.command('hold'))
    .description('Keep records whatever period ends and whoever asks. A security officer and a lead.')
    .addOption(person())
    .addOption(unit())
    .addOption(new Option('--order <name>', 'all units of an order').conflicts(['person', 'unit']))
    .addOption(new Option('--all', 'everything').conflicts(['person', 'unit', 'order']).default(false))
    .requiredOption('--reason <text>', reason)
    .action((options) => ended(placeHold(options)));
  forTwo(privacy.command('release'))
    .description('End a hold. A security officer and a lead.')
    .argument('<hold>', 'its number, as privacy holds shows it', wholeFrom(1, Number.MAX_SAFE_INTEGER))
    .action((hold, options) => ended(releaseHold(hold, options)));
  forOne(privacy.command('holds'))
    .description('Show every legal hold there ever was.')
    .action((options) => ended(showHolds(options)));
}
