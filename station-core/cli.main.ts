import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { addFirstArticle } from './cli/after-commands.ts';
import { auditVerify } from './cli/audit.ts';
import { addAnchors } from './cli/audit-anchors.ts';
import { addAuditExports } from './cli/audit-exports.ts';
import { addAuditKeys } from './cli/audit-keys.ts';
import { backupCommand, restoreCommand } from './cli/backup-commands.ts';
import { applierCommand } from './cli/bundle-commands.ts';
import { caCommand } from './cli/ca-commands.ts';
import { clockCommand, unitsCommand } from './cli/ca-commands-after.ts';
import { runEmulator } from './cli/emulator.ts';
import { defaultFolder } from './cli/folder.ts';
import { check } from './cli/fsck.ts';
import { hsmInspect } from './cli/hsm.ts';
import { init } from './cli/init.ts';
import { keyCommand } from './cli/key-commands.ts';
import { labelCommand } from './cli/label-commands.ts';
import { mesCommand } from './cli/mes-commands.ts';
import { ordersArm, ordersImport, ordersList, recipesApprove } from './cli/orders.ts';
import { peopleCommand } from './cli/people-commands.ts';
import { practice } from './cli/practice.ts';
import { privacyCommand } from './cli/privacy-commands.ts';
import { runUnit } from './cli/run.ts';
import { runsCommand } from './cli/runs.ts';
import { practiceWindow, serve } from './cli/serve.ts';
import { storeCommand } from './cli/store-commands.ts';
import { syncCommand } from './cli/sync-commands.ts';
import { note } from './cli/terminal.ts';
import { laneCommand, secretCommand, tpmCommand } from './cli/tpm-commands.ts';
import { groupsCommand } from './cli/units.ts';
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
const secondOption = () =>
  new Option('--second <name>', 'the second person, who agrees (production; the PIN is asked for)');
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
  .command('emulator')
  .description('Start the DPS emulator alone, for devices and SDKs; it runs until Ctrl-C.')
  .option('--folder <folder>', 'where its state and its credentials live (default: a fresh temporary one)')
  .addOption(new Option('--port <n>', 'HTTPS on 127.0.0.1 (0: any)').argParser(whole(0, 65_535)).default(0))
  .addOption(new Option('--mqtt-port <n>', 'MQTT on 127.0.0.1 (0: any)').argParser(whole(0, 65_535)).default(0))
  .option('--switches <json>', 'members of its table of switches, as JSON (drivers/simulated/dps/README.md)', '{}')
  .addOption(jsonOption())
  .action((options) => ended(runEmulator(options)));

program
  .command('init')
  .description(
    'Make a station folder: asks, or takes everything as flags. PINs are asked for, or read from standard input.',
  )
  .addOption(stationOption())
  .addOption(new Option('--mode <mode>', 'practice or production').choices(['practice', 'production'] as const))
  .option('--name <name>', 'the name of the station, as audit entries tell it')
  .option('--hsm-module <file>', "the HSM's PKCS#11 module (practice: a soft HSM without it)")
  .option('--hsm-token <label>', "the label of the HSM's token")
  .option('--id-scope <scope>', 'the ID scope of the DPS instance (practice: the emulator without it)')
  .option('--device-endpoint <host>', 'where units register (default: global.azure-devices-provisioning.net)')
  .option('--lane <number=port[@baud]>', 'a lane and its port; may be given again', collect, [])
  .option('--budget <n>', 'DPS operations a minute', whole(1, 100_000))
  .option('--lead <name>', 'the first line lead (production)')
  .option('--officer <name>', 'the first security officer (production)')
  .option('--no-input', 'never ask; say which flag is missing')
  .addOption(jsonOption())
  .action(({ station, ...options }) => ended(init(station, options)));

program
  .command('run')
  .description('Make one unit on one lane, as a scan would.')
  .requiredOption('--lane <n>', 'the lane', whole(1, 64))
  .requiredOption('--serial <serial>', "the unit's serial")
  .option('--order <name>', 'the order, where several hold this serial')
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action(({ station, ...options }) => ended(runUnit(station, options)));

program.addCommand(runsCommand(ended));

const orders = program.command('orders').description('Work orders.');
orders
  .command('import')
  .description('Import an order from a CSV file (serial[,mac][,fact …], or first,last), whole or not at all.')
  .argument('<file>', 'the CSV file')
  .requiredOption('--recipe <file>', 'the recipe, JSON (practice: also the name of a ready-made one)')
  .option('--name <name>', "the order's name (default: the file's)")
  .option('--quantity <n>', 'how many of its units may be made (default: all)', whole(1, 100_000))
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action((file, { station, ...options }) => ended(ordersImport(station, file, options)));
orders
  .command('list')
  .description('Show every order: what was made of it, and what the cloud billed for it.')
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action(({ station, ...options }) => ended(ordersList(station, options)));
orders
  .command('arm')
  .description("Compare an order's group key with the cloud's, so that units can be made.")
  .argument('<order>', 'the order')
  .option('--accept', 'arm it without the comparison; stays in the audit', false)
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action((order, { station, ...options }) => ended(ordersArm(station, order, options)));

program.addCommand(peopleCommand(ended));

const recipes = program.command('recipes').description('Recipes.');
addFirstArticle(recipes, ended);
recipes
  .command('approve')
  .description('Put a recipe in force in production: a lead and a security officer.')
  .argument('<file>', 'the recipe, JSON')
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(secondOption())
  .addOption(jsonOption())
  .action((file, { station, ...options }) => ended(recipesApprove(station, file, options)));

program
  .command('fsck')
  .description('Check the records of a station against each other, read-only, beside a running station.')
  .addOption(stationOption())
  .addOption(jsonOption())
  .action(({ station, json }) => ended(check(station, json)));

const audit = program.command('audit').description('The audit trail.');
audit
  .command('verify')
  .description('Check the whole audit trail, read-only, beside a running station.')
  .addOption(stationOption())
  .addOption(jsonOption())
  .action(({ station, json }) => ended(auditVerify(station, json)));
addAnchors(audit, ended);

addAuditExports(audit, ended);
addAuditKeys(audit, ended);

program
  .command('hsm')
  .description('The HSM.')
  .command('inspect')
  .description('Show module, token, latency and every key with its attributes.')
  .addOption(stationOption())
  .addOption(asOption())
  .addOption(jsonOption())
  .action(({ station, ...options }) => ended(hsmInspect(station, options)));

program.addCommand(syncCommand(ended));
program.addCommand(keyCommand(ended));
program.addCommand(caCommand(ended));
program.addCommand(unitsCommand(ended));
program.addCommand(groupsCommand(ended));
program.addCommand(clockCommand(ended));
program.addCommand(storeCommand(ended));
program.addCommand(tpmCommand(ended));
program.addCommand(secretCommand(ended));
program.addCommand(mesCommand(ended));
program.addCommand(laneCommand(ended));
program.addCommand(labelCommand(ended));
program.addCommand(applierCommand(ended));
program.addCommand(privacyCommand(ended));
program.addCommand(backupCommand(ended));
program.addCommand(restoreCommand(ended));

await program.parseAsync();

/** An option that may be given again. */
function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

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
