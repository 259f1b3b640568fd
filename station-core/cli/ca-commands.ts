import { Command, Option } from '@commander-js/extra-typings';
import { keyAlgorithms } from '../contract/profile.ts';
import { caBegin, caImport, caPracticeSign, caRecord, caVerify, caWitness } from './ca-ceremony.ts';
import { addAfter } from './ca-commands-after.ts';
import { caIssue } from './ca-issue.ts';
import { caExportChain, caFind, caList, caShow, chainFormats } from './ca-look.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';

// `birthmark ca`: the commands with their options and help. What they do stands in the files beside.

const introduction = `
In the order of a ceremony (docs/ceremony.md):
  begin, witness, import    the key, its record, and the certificate that the root's owner signed
  verify                    proof of possession for DPS or IoT Central
  issue, find, renew        certificates for units
  revoke, crl               what must not be trusted any more
  retire, destroy           the end of an intermediate CA`;

/** The command `ca` with all below it. */
export function caCommand(ended: Ended): Command {
  const ca = new Command('ca').description('The intermediate CA in the HSM, from its ceremony to its end.');
  addCeremony(ca, ended);
  addProof(ca, ended);
  addLook(ca, ended);
  addIssue(ca, ended);
  addAfter(ca, ended);
  return ca.addHelpText('after', introduction) as Command;
}

function addCeremony(ca: Command, ended: Ended): void {
  forTwo(ca.command('begin'))
    .description("Make an intermediate's key in the HSM, and its request for the root's owner. Two custodians.")
    .requiredOption('--name <name>', 'how this station calls it: lower-case letters, digits, dots, dashes')
    .addOption(new Option('--algorithm <algorithm>', 'the key').choices(keyAlgorithms).makeOptionMandatory())
    .requiredOption('--subject <subject>', 'CN=…[,O=…][,OU=…][,C=…]; a comma inside of a value as \\,')
    .option('--quota <n>', 'how many certificates it may issue in all (default: any number)', wholeFrom(1, 100_000_000))
    .requiredOption('--csr <file>', 'where the request goes (PEM); a new file')
    .addHelpText(
      'after',
      example('begin --name line-3 --algorithm p256 --subject "CN=Line 3 CA,O=Contoso" --csr line-3.csr'),
    )
    .action((options) => ended(caBegin(options)));
  forOne(ca.command('witness'))
    .description('Confirm a ceremony as its witness, who is neither custodian; its record is signed.')
    .argument('<name>', 'the intermediate')
    .option('--record <file>', 'where the record goes (JSON; beside it .txt, .sig and .key.pem for openssl); new files')
    .addHelpText('after', example('witness line-3 --record line-3-record.json'))
    .action((name, options) => ended(caWitness(name, options)));
  forTwo(ca.command('import'))
    .description('Import the signed certificate and those above it, up to the root. It is active from then on.')
    .argument('<name>', 'the intermediate')
    .argument('<files...>', 'PEM with certificates in any order, or DER with one (.cer); together the whole chain')
    .addHelpText('after', example('import line-3 chain.pem'))
    .action((name, files, options) => ended(caImport(name, files, options)));
  forOne(ca.command('record'))
    .description("Write a ceremony's signed record again.")
    .argument('<name>', 'the intermediate')
    .requiredOption('--out <file>', 'where it goes (JSON; beside it .txt, .sig and .key.pem for openssl); new files')
    .action((name, options) => ended(caRecord(name, options)));
}

function addProof(ca: Command, ended: Ended): void {
  forTwo(ca.command('practice-sign'))
    .description("Practice only: sign the request with a practice root, as the root's owner would.")
    .argument('<name>', 'the intermediate')
    .requiredOption('--out <file>', 'where the chain goes (PEM); a new file')
    .action((name, options) => ended(caPracticeSign(name, options)));
  forTwo(ca.command('verify'))
    .description('Prove possession of the key to DPS or IoT Central: a certificate whose CN is the code that it shows.')
    .argument('<name>', 'the intermediate')
    .requiredOption('--code <code>', 'the verification code')
    .requiredOption('--out <file>', 'where the certificate goes (PEM); a new file')
    .addHelpText(
      'after',
      example('verify line-3 --code 75B86466DA34D2B04C0C4C9557A119687ADAE7D4732BDDB3 --out proof.pem'),
    )
    .action((name, options) => ended(caVerify(name, options)));
}

function addLook(ca: Command, ended: Ended): void {
  forOne(ca.command('list'))
    .description('List the issuers of this station.')
    .action((options) => ended(caList(options)));
  forOne(ca.command('show'))
    .description('Show one issuer: state, thumbprints as portals show them, quota, warnings.')
    .argument('<name>', 'the issuer')
    .option('--csr <file>', 'write its request again (PEM); a new file')
    .action((name, options) => ended(caShow(name, options)));
  forOne(ca.command('export-chain'))
    .description('Write the chain, from the intermediate up to the root, as devices and their firmware take it.')
    .argument('<name>', 'the intermediate')
    .addOption(
      new Option('--format <format>', 'one PEM file, one base64 .cer for each, or a string constant for C or Java')
        .choices(chainFormats)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'where it goes; new files (cer: FILE-intermediate.cer, FILE-root.cer)')
    .action((name, options) => ended(caExportChain(name, options)));
  addFind(ca, ended);
}

function addFind(ca: Command, ended: Ended): void {
  forOne(ca.command('find'))
    .description('Look certificates up, the newest first; all that is said must be so. Exit code 1: there is none.')
    .option('--id <n>', 'its number at this station: shows all of it', wholeFrom(1, Number.MAX_SAFE_INTEGER))
    .option('--serial-number <hex>', "the certificate's serial number, as portals show it")
    .option('--unit <serial>', "the unit's serial")
    .option('--registration-id <id>', 'the registration ID')
    .option('--order <name>', 'the order')
    .option('--issuer <name>', 'the issuer')
    .option('--from <date>', 'made on this day (UTC) or later, like 2026-11-20')
    .option('--to <date>', 'made on this day (UTC) or before')
    .option('--expires-before <date>', 'expires before this day (UTC)')
    .addOption(
      new Option('--state <state>', 'how it fares').choices([
        'intended',
        'unsigned',
        'possible',
        'issued',
        'revoked',
      ] as const),
    )
    .option('--out <file>', 'write them too (PEM); a new file')
    .addHelpText('after', example('find --order spring --expires-before 2027-06-01'))
    .action((options) => ended(caFind(options)));
}

function addIssue(ca: Command, ended: Ended): void {
  forOne(ca.command('issue'))
    .description("Issue certificates for the requests of an order's units. Running it again goes on where it stopped.")
    .requiredOption(
      '--csrs <path>',
      'a folder of requests (*.csr, *.pem, *.der, *.req, *.p10), or a file with one or more',
    )
    .requiredOption('--order <name>', 'the order')
    .requiredOption(
      '--out <folder>',
      'where the chains go: one PEM file a unit, leaf first, named by its registration ID',
    )
    .addHelpText('after', example('issue --csrs requests --order spring --out certificates'))
    .action((options) => ended(caIssue(options)));
}

const example = (text: string): string => `\nExample:\n  birthmark ca ${text}`;
