import { Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { applierInit, applierTrust, syncApply } from './applier.ts';
import { pinApplier, syncBundle, syncBundles, syncIdentity, syncReceipts } from './bundle.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';

// The air gap: `birthmark sync bundle` and its kin, `birthmark applier`. What they do stands in bundle.ts and applier.ts.

const json = () => new Option('--json', 'print one JSON object on one line').default(false);
const fingerprintHelp = 'its fingerprint, which came by another way than the file';

/** The commands of `birthmark sync` about bundles. */
export function addBundleCommands<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  sync: Command<A, O, G>,
  ended: Ended,
): void {
  forOne(sync.command('bundle'))
    .description('Write what waits for DPS into a bundle for the pinned applier, to be carried there.')
    .requiredOption('--out <file>', 'where the bundle goes')
    .option('--days <n>', 'how long it is good for; after that its rows are given back', wholeFrom(1, 90), 14)
    .option('--again <n>', 'write the open bundle of this number once more instead', wholeFrom(1, 1_000_000_000))
    .addHelpText('after', example('sync bundle --out /media/stick/line-3.bundle'))
    .action((options) => ended(syncBundle(options)));
  sync
    .command('apply')
    .description(
      'On a machine with a network: send what is in a bundle, and write receipts. Again goes on where it was.',
    )
    .argument('<bundle>', 'the bundle that was carried here')
    .requiredOption('--applier <folder>', 'the folder that birthmark applier init made')
    .requiredOption('--out <file>', 'where the receipts go, to be carried back')
    .option('--accept-gap', 'take it although a bundle before it never came and is lost for good', false)
    .addOption(json())
    .addHelpText('after', example('sync apply line-3.bundle --applier ./office --out line-3.receipts'))
    .action((bundle, options) => ended(syncApply(bundle, options)));
  forOne(sync.command('receipts'))
    .description('Take the receipts that were carried back: rows are done, their keys are destroyed.')
    .argument('<receipts>', 'the receipts')
    .action((receipts, options) => ended(syncReceipts(receipts, options)));
  forOne(sync.command('bundles'))
    .description('List the bundles that were made.')
    .action((options) => ended(syncBundles(options)));
  forTwo(sync.command('pin-applier'))
    .description('Pin the machine that bundles are encrypted to. Two people.')
    .argument('<file>', 'the public file of the applier')
    .requiredOption('--fingerprint <text>', fingerprintHelp)
    .action((file, options) => ended(pinApplier(file, options)));
  forOne(sync.command('identity'))
    .description("Write the station's public file for an applier, and show its fingerprint.")
    .requiredOption('--out <file>', 'where it goes')
    .action((options) => ended(syncIdentity(options)));
}

/** The command `applier` with all below it. */
export function applierCommand(ended: Ended): Command {
  const applier = new Command('applier').description(
    'The machine with a network that applies bundles of stations without one (docs/air-gap.md).',
  );
  applier
    .command('init')
    .description('Make its folder with its own keys; a pass phrase for them is asked for.')
    .argument('<folder>', 'the new folder')
    .requiredOption('--name <name>', 'what people call this machine')
    .addOption(
      new Option('--mode <mode>', 'whose bundles it takes')
        .choices(['practice', 'production'] as const)
        .makeOptionMandatory(),
    )
    .option('--budget <n>', 'DPS operations a minute', wholeFrom(1, 100_000), 200)
    .addOption(json())
    .action((folder, options) => ended(applierInit(folder, options)));
  applier
    .command('trust')
    .description('Take bundles of this station from now on.')
    .argument('<file>', 'the public file of the station')
    .requiredOption('--applier <folder>', "the applier's folder")
    .requiredOption('--fingerprint <text>', fingerprintHelp)
    .addOption(json())
    .action((file, options) => ended(applierTrust(file, options)));
  return applier as Command;
}

const example = (text: string): string => `\nExample:\n  birthmark ${text}`;
