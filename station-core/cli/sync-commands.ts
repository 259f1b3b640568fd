import type { Command } from '@commander-js/extra-typings';
import { type Ended, forOne, forTwo } from './ca-options.ts';
import { compareCentral } from './central.ts';
import { hubLines } from './hub.ts';

// `birthmark sync`: the commands for IoT Central and IoT hubs, with their options and help.

/** Adds `compare-central` and `hub-lines` to the command `sync`. */
export function addSyncCommands(sync: Command, ended: Ended): void {
  forOne(sync.command('compare-central'))
    .description("Compare IoT Central's export of devices with what was made. Nothing is changed.")
    .argument('<file>', 'the export, CSV; it holds keys: delete it afterwards')
    .addHelpText('after', '\nExample:\n  birthmark sync compare-central devices.csv --json')
    .action((file, options) => ended(compareCentral(file, options)));
  forTwo(sync.command('hub-lines'))
    .description('Write devices.txt for an import job of an IoT hub: a line for each finished unit of an order.')
    .requiredOption('--order <name>', 'the order')
    .requiredOption('--out <file>', 'where it goes; a new file')
    .option(
      '--keys',
      'units with keys too, while their keys are kept: two people, and a file that only its owner reads',
      false,
    )
    .addHelpText('after', '\nExample:\n  birthmark sync hub-lines --order spring --out devices.txt')
    .action((options) => ended(hubLines(options)));
}
