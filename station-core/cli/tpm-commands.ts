import { Command, Option } from '@commander-js/extra-typings';
import { ekKinds } from '../contract/tpm.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { laneList, laneRelease } from './lane.ts';
import { secretList, secretSet } from './secret.ts';
import { tpmImportList, tpmLists, tpmRead } from './tpm.ts';

// `birthmark tpm`, `secret` and `lane`: the commands with their options and help. What they do stands in the files beside this one.

/** The command `tpm` with all below it. */
export function tpmCommand(ended: Ended): Command {
  const tpm = new Command('tpm').description('TPMs and their endorsement keys.');
  tpm
    .command('read')
    .description("Print the endorsement key of a TPM that this machine reaches, in DPS's form. No station is involved.")
    .option('--device <path>', 'the device node; the account needs the group tss or a udev rule', '/dev/tpmrm0')
    .option('--tcp <host:port>', 'a TPM behind a TCP port instead, such as swtpm')
    .option('--simulator', "with --tcp: the Microsoft simulator's framing", false)
    .addOption(new Option('--kind <kind>', 'which endorsement key').choices(ekKinds).default('rsa2048' as const))
    .option('--auth', 'ask for the authorisation of the endorsement hierarchy', false)
    .option('--json', 'print one JSON object on one line', false)
    .addHelpText('after', '\nExample:\n  birthmark tpm read --json')
    .action((options) => ended(tpmRead(options)));
  forTwo(tpm.command('import-list'))
    .description("Import a TPM maker's list of endorsement keys, whole or not at all. Two people.")
    .argument(
      '<file>',
      'CSV or JSON with endorsementKey (base64), and certificate and registrationId where it has them',
    )
    .requiredOption('--list <name>', 'how recipes call it: lower-case letters, digits, dots, dashes')
    .option('--enrol <recipe>', 'enrol every key now by this recipe (JSON), before its unit is seen')
    .addHelpText('after', '\nExample:\n  birthmark tpm import-list keys.csv --list spring-lot --enrol tpm.json')
    .action((file, options) => ended(tpmImportList(file, options)));
  forOne(tpm.command('lists'))
    .description('List the lists, and how many of their keys were seen in units.')
    .action((options) => ended(tpmLists(options)));
  return tpm as Command;
}

/** The command `secret` with all below it. */
export function secretCommand(ended: Ended): Command {
  const secret = new Command('secret').description(
    'Secrets that recipes name: passwords of consoles, authorisations of TPMs. Kept sealed under a key of the HSM.',
  );
  forTwo(secret.command('set'))
    .description('Set a secret, in place of what had the name before; it is asked for. Two people.')
    .requiredOption('--name <name>', 'how recipes call it: lower-case letters, digits, dots, dashes')
    .addHelpText('after', '\nExample:\n  birthmark secret set --name console-password')
    .action((options) => ended(secretSet(options)));
  forOne(secret.command('list'))
    .description('List the names of the secrets, and when each was set.')
    .action((options) => ended(secretList(options)));
  return secret as Command;
}

/** The command `lane` with all below it. */
export function laneCommand(ended: Ended): Command {
  const lane = new Command('lane').description('Lanes.');
  forOne(lane.command('list'))
    .description('List the lanes: port, state, what one waits for, and why one is stopped; 0 when each takes units.')
    .addHelpText('after', '\nExample:\n  birthmark lane list --json')
    .action((options) => ended(laneList(options)));
  forOne(lane.command('release'))
    .description('Let a lane go on that stopped since two units claim to be one. A lead, who has looked at the units.')
    .argument('<lane>', 'the number of the lane', wholeFrom(1, 64))
    .action((number, options) => ended(laneRelease(number, options)));
  return lane as Command;
}
