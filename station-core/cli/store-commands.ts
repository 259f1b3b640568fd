import { Command } from '@commander-js/extra-typings';
import { type Ended, forOne, forTwo } from './ca-options.ts';
import { storeImport, storeImportList, storeList } from './store.ts';

// `birthmark store`: the commands with their options and help. What they do stands in store.ts.

const anchorsHelp = 'PEM with the CA certificates that are trusted, up to the root; those between may stand here, too';

/** The command `store` with all below it. */
export function storeCommand(ended: Ended): Command {
  const store = new Command('store').description(
    'Certificates that others made ahead: a third-party PKI with their keys, or a vendor in secure elements.',
  );
  forTwo(store.command('import'))
    .description('Import certificates with their private keys, all files or none. Two people.')
    .argument('<files...>', 'PKCS#12, or PEM with certificates and keys; one pass phrase for all, which is asked for')
    .requiredOption('--store <name>', 'how recipes call it: lower-case letters, digits, dots, dashes')
    .requiredOption('--anchors <file>', anchorsHelp)
    .addHelpText('after', example('import units/*.p12 --store spring --anchors root.pem'))
    .action((files, options) => ended(storeImport(files, options)));
  forTwo(store.command('import-list'))
    .description("Import a vendor's list of pre-loaded secure elements: certificates, no keys. Two people.")
    .argument('<file>', 'CSV with a column certificate (PEM in quotes, or base64 of the DER), or PEM')
    .requiredOption('--store <name>', 'how recipes call it')
    .requiredOption('--anchors <file>', anchorsHelp)
    .addHelpText('after', example('import-list elements.csv --store elements --anchors vendor.pem'))
    .action((file, options) => ended(storeImportList(file, options)));
  forOne(store.command('list'))
    .description('List the stores and how much of each is left.')
    .action((options) => ended(storeList(options)));
  return store as Command;
}

const example = (text: string): string => `\nExample:\n  birthmark store ${text}`;
