import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { auditVerify } from './cli/audit.ts';
import { defaultFolder } from './cli/folder.ts';
import { check } from './cli/fsck.ts';
import { deriveKey } from './cli/key.ts';
import { practice } from './cli/practice.ts';
import { practiceWindow, serve } from './cli/serve.ts';
import { syncRun } from './cli/sync.ts';
import { note } from './cli/terminal.ts';
import { StationError } from './contract/errors.ts';
import { recipeNames } from './practice.ts';
import { version } from './version.ts';

// The `birthmark` command line. Results go to standard output, everything else to standard error; the exit code is 0
// only when what was asked for is so.

const program = new Command('birthmark')
  .description('Gives every device its cloud identity on the production line, offline, and enrols it in Azure DPS.')
  .version(version)
  .showHelpAfterError('(birthmark --help shows what there is)');

const stationOption = () =>
  new Option('--station <folder>', "the station's folder").default(defaultFolder(), "the platform's data folder");
const jsonOption = () => new Option('--json', 'print one JSON object on one line').default(false);
const asOption = () => new Option('--as <name>', 'act as this person (production; the PIN is asked for)');

program
  .command('practice')
  .description('Run the main job on the practice line: simulated units, a soft HSM and a DPS emulator.')
  .option('--units <n>', 'how many units', whole(1, 100_000), 20)
  .option('--lanes <n>', 'on how many lanes', whole(1, 64), 4)
  .addOption(
    new Option('--recipe <name>', 'what to do with them').choices(recipeNames).default('symmetric-group' as const),
  )
  .option('--station <folder>', 'a practice folder (default: a fresh temporary one)')
  .option('--window', 'open the practice line for people instead, in the browser', false)
  .addOption(
    new Option('--port <n>', 'with --window: the port on 127.0.0.1 (0: any)').argParser(whole(0, 65_535)).default(0),
  )
  .addOption(jsonOption())
  .action(({ window, ...options }) => ended(window ? practiceWindow(options) : practice(options)));

program
  .command('serve')
  .description('Open a station and serve its screens on this machine, at a printed address with a random token.')
  .addOption(stationOption())
  .addOption(new Option('--port <n>', 'the port on 127.0.0.1 (0: any)').argParser(whole(0, 65_535)).default(0))
  .action(({ station, port }) => ended(serve(station, port)));

program
  .command('fsck')
  .description('Check the records of a station against each other, read-only, beside a running station.')
  .addOption(stationOption())
  .addOption(jsonOption())
  .action(({ station, json }) => ended(check(station, json)));

const audit = program.command('audit').description('The audit trail.');
audit
  .command('verify')
  .description('Check every entry of the audit trail, read-only, beside a running station.')
  .addOption(stationOption())
  .addOption(jsonOption())
  .action(({ station, json }) => ended(auditVerify(station, json)));

const sync = program.command('sync').description('What waits for the cloud.');
sync
  .command('run')
  .description('Send what is due now.')
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action(({ station, json, as }) => ended(syncRun(station, { json, as })));

const key = program.command('key').description('Keys.');
key
  .command('derive')
  .description('Print the derived device key of a registration ID. No station is involved.')
  .requiredOption('--registration-id <id>', "the device's registration ID")
  .requiredOption('--group-key-stdin', "read the group's key, base64, from standard input")
  .action(({ registrationId }) => ended(deriveKey(registrationId)));

await program.parseAsync();

/** A whole number between two bounds, for an option. */
function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Sets the exit code, and says what went wrong in the sentence that the error table has for it. */
async function ended(command: Promise<number>): Promise<void> {
  try {
    process.exitCode = await command;
  } catch (thrown) {
    process.exitCode = 2;
    if (thrown instanceof StationError) note(`${thrown.message} [${thrown.code}]`);
    else throw thrown;
  }
}
