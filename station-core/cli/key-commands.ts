import { Command } from '@commander-js/extra-typings';
import { type Ended, forTwo } from './ca-options.ts';
import { connectionString } from './connection-string.ts';
import { importGroup, makeUnwrapping, unwrapGroup } from './group-key.ts';
import { keyModule } from './hub.ts';
import { deriveKey } from './key.ts';

/** The command `key` with what is below it: options and help. What they do stands in the files beside this one. */
export function keyCommand(ended: Ended): Command {
  const key = new Command('key').description('Keys.');
  addForDevices(key, ended);
  addForGroups(key, ended);
  return key;
}

/** Group keys come into the HSM, by two people. */
function addForGroups(key: Command, ended: Ended): void {
  const label = ['--label <label>', 'the label that the HSM will know it by'] as const;
  forTwo(key.command('import-group'))
    .description("Import a group key out of two components, each typed by its custodian. Two people's approval.")
    .requiredOption(...label)
    .action(({ station, ...options }) => ended(importGroup(station, options)));
  forTwo(key.command('unwrapping'))
    .description("Make the key pair that group keys are unwrapped with, and write its public half for the keys' owner.")
    .requiredOption(...label)
    .requiredOption('--out <file>', 'where its reference goes (JSON; the public key beside it as .pem)')
    .action(({ station, ...options }) => ended(makeUnwrapping(station, options)));
  forTwo(key.command('unwrap-group'))
    .description('Unwrap a group key inside the HSM, so that it is never in this station in the clear.')
    .requiredOption(...label)
    .requiredOption('--key <file>', 'the reference that key unwrapping wrote')
    .requiredOption('--wrapped <file>', "what the key's owner wrapped")
    .action(({ station, ...options }) => ended(unwrapGroup(station, options)));
}

/** Keys of devices and modules, most of them without a station. */
function addForDevices(key: Command, ended: Ended): void {
  key
    .command('derive')
    .description('Print the derived device key of a registration ID. No station is involved.')
    .requiredOption('--registration-id <id>', "the device's registration ID; IoT Central calls it device ID")
    .requiredOption('--group-key-stdin', "read the group's key, base64, from standard input")
    .addHelpText('after', derivedLike)
    .action(({ registrationId }) => ended(deriveKey(registrationId)));
  key
    .command('connection-string')
    .description(
      'Print what a device or module connects to an IoT hub with. Its key is asked for. No station is involved.',
    )
    .requiredOption('--device-id <id>', 'the device ID; a hub tells upper and lower case apart')
    .option('--hub <host>', 'the hub, such as contoso.azure-devices.net')
    .option('--module-id <id>', "a module of the device; the key is the module's")
    .option('--x509', 'the device has a certificate: no key is asked for', false)
    .option(
      '--central-export <file>',
      "take the key out of IoT Central's export (CSV); without --hub, print what the device is told",
    )
    .option('--id-scope <scope>', 'with --central-export and no hub: the ID scope, printed too')
    .addHelpText('after', connectedLike)
    .action((options) => ended(connectionString(options)));
  forTwo(key.command('module'))
    .description(
      'Make a module of a unit in its IoT hub, with a key of its own, and print its connection string. Two people.',
    )
    .requiredOption('--registration-id <id>', "the unit's registration ID, which is its device ID")
    .requiredOption('--module-id <id>', 'the module')
    .addHelpText('after', modulesLike)
    .action((options) => ended(keyModule(options)));
}

const modulesLike = `
Example:
  birthmark key module --registration-id gw-1 --module-id meter
The module's key follows from the HSM and its unit, so the same command prints the same string again. Modules with
certificates are made by birthmark ca module.`;

const derivedLike = `
Group SAS keys of IoT Central derive in the same way. What dps-keygen -mk:KEY -di:ID printed is
  birthmark key derive --registration-id ID --group-key-stdin`;

const connectedLike = `
Examples:
  birthmark key connection-string --hub contoso.azure-devices.net --device-id gw-1
  birthmark key connection-string --hub contoso.azure-devices.net --device-id gw-1 --module-id meter --x509
  birthmark key connection-string --central-export devices.csv --device-id gw-1 --id-scope 0ne000956C5
The key is asked for without echo, or read from standard input. dps-keygen -di:ID -dk:KEY -si:SCOPE asked DPS for the hub;
here the hub is named, since a station registers no device.`;
