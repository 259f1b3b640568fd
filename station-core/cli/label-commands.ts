import { Command, Option } from '@commander-js/extra-typings';
import { type Ended, forOne } from './ca-options.ts';
import { labelList, labelPreview, labelPrint, labelTest } from './label.ts';

// `birthmark label`: the commands with their options and help. What they do stands in label.ts.

const pdf = () => new Option('--pdf <file>', 'write it as a PDF of its own size, a new file');
const zpl = () => new Option('--zpl <file>', 'write it as ZPL, a new file');

/** The command `label` with all below it. */
export function labelCommand(ended: Ended): Command {
  const label = new Command('label').description('Labels of units, and the printers of station.json.');
  forOne(label.command('print'))
    .description(
      'Print the label of a unit that passed once more, or write it to a file. The audit trail tells who did.',
    )
    .argument('<serial>', "the unit's serial")
    .option('--order <name>', 'the order, where several hold this serial')
    .option('--printer <name>', "another printer than the recipe's or the lane's")
    .addOption(pdf().conflicts(['printer', 'zpl']))
    .addOption(zpl().conflicts(['printer', 'pdf']))
    .addHelpText('after', '\nExample:\n  birthmark label print SN-0042 --printer line-2')
    .action((serial, options) => ended(labelPrint(serial, options)));
  forOne(label.command('preview'))
    .description("Write a template with values that are nobody's to a file.")
    .argument('<template>', 'its name in station.json')
    .addOption(pdf().conflicts('zpl'))
    .addOption(zpl().conflicts('pdf'))
    .addHelpText('after', '\nExample:\n  birthmark label preview type-plate --pdf type-plate.pdf')
    .action((template, options) => ended(labelPreview(template, options)));
  forOne(label.command('test'))
    .description("Print a template with values that are nobody's.")
    .argument('<template>', 'its name in station.json')
    .requiredOption('--printer <name>', 'its name in station.json')
    .action((template, options) => ended(labelTest(template, options)));
  forOne(label.command('list'))
    .description('Show printers, templates, and labels that did not come out yet; 0 when none waits.')
    .action((options) => ended(labelList(options)));
  return label as Command;
}
