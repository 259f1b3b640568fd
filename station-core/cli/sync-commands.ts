import { Command } from '@commander-js/extra-typings';
import { addBundleCommands } from './bundle-commands.ts';
import { type Ended, forOne, forTwo } from './ca-options.ts';
import { compareCentral } from './central.ts';
import { hubLines } from './hub.ts';
import { addParked } from './parked.ts';
import { addReconcile } from './reconcile.ts';
import { syncRun } from './sync.ts';
import { syncCheck } from './sync-check.ts';

/** The command `sync` with what is below it: options and help. What they do stands in the files beside this one. */
export function syncCommand(ended: Ended): Command {
  const sync = new Command('sync').description('What waits for the cloud.');
  forOne(sync.command('run'))
    .description('Send what is due now.')
    .action(({ station, json, as }) => ended(syncRun(station, { json, as })));
  forOne(sync.command('check'))
    .description('Look whether the cloud can be reached, and what this station may do there.')
    .action(({ station, json, as }) => ended(syncCheck(station, { json, as })));
  addParked(sync, ended);
  addReconcile(sync, ended);
  addOthers(sync, ended);
  addBundleCommands(sync, ended);
  return sync;
}

/** IoT Central and IoT hubs. */
function addOthers(sync: Command, ended: Ended): void {
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
