import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { exportFormats, revocationReasons } from '../contract/ca.ts';
import { addAfterVerdict } from './after-commands.ts';
import {
  caCrl,
  caDestroy,
  caExport,
  caModule,
  caQuota,
  caRenew,
  caRetire,
  caRevoke,
  clockConfirm,
  unitsScrap,
} from './ca-after.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { addLifecycle } from './units.ts';

// The commands for what comes after issuing, with their options and help.

const certificate = () =>
  new Argument('<id>', 'its number, as birthmark ca find shows it').argParser(wholeFrom(1, Number.MAX_SAFE_INTEGER));
const reason = () =>
  new Option('--reason <reason>', 'why (RFC 5280 section 5.3.1)').choices(revocationReasons).makeOptionMandatory();

export function addAfter(ca: Command, ended: Ended): void {
  addCertificates(ca, ended);
  addLists(ca, ended);
  addEnd(ca, ended);
}

/** The command `unit`, also by its older name `units`, with what is below it. */
export function unitsCommand(ended: Ended): Command {
  const units = new Command('unit').alias('units').description('Units after their verdict, and their cloud entries.');
  addAfterVerdict(units, ended);
  forTwo(units.command('scrap'))
    .description('Scrap a unit: its certificates are revoked, its cloud entry is disabled, it is never made again.')
    .argument('<serial>', "the unit's serial")
    .addOption(reason())
    .option('--order <name>', 'the order, where several hold this serial')
    .action((serial, options) => ended(unitsScrap(serial, options)));
  addLifecycle(units, ended);
  return units;
}

/** The command `clock` with what is below it. */
export function clockCommand(ended: Ended): Command {
  const clock = new Command('clock').description("The station's clock.");
  forTwo(clock.command('confirm'))
    .description('Say that the clock is right, although a later time stands in the records: two people with a watch.')
    .argument('<time>', 'what the watch shows, in UTC: 2026-11-20T21:59Z')
    .action((time, options) => ended(clockConfirm(time, options)));
  return clock;
}

function addCertificates(ca: Command, ended: Ended): void {
  forTwo(ca.command('renew'))
    .description('Issue a new certificate for the same key, from the request that was kept.')
    .addArgument(certificate())
    .requiredOption('--out <file>', 'where the chain goes (PEM, leaf first); a new file')
    .action((id, options) => ended(caRenew(id, options)));
  forOne(ca.command('module'))
    .description("Issue a certificate for a unit's module: CN=<device id>/<module>, by the recipe of its unit.")
    .argument('<registration-id>', "the unit's registration ID")
    .requiredOption('--module <module>', 'the module ID')
    .requiredOption('--csr <file>', "the module's request (PEM or DER)")
    .requiredOption('--out <file>', 'where the chain goes (PEM, leaf first); a new file')
    .action((registrationId, options) => ended(caModule(registrationId, options)));
  forTwo(ca.command('revoke'))
    .description('Revoke one certificate. It stands in the next CRL.')
    .addArgument(certificate())
    .addOption(reason())
    .action((id, options) => ended(caRevoke(id, options)));
}

function addLists(ca: Command, ended: Ended): void {
  forOne(ca.command('crl'))
    .description('Sign the list of what this issuer revoked.')
    .argument('<name>', 'the issuer')
    .requiredOption('--out <file>', 'where it goes (PEM); a new file')
    .option('--days <n>', 'how long it is good', wholeFrom(1, 3_650), 30)
    .option('--last', 'the newest one that was signed, once more', false)
    .action((name, options) => ended(caCrl(name, options)));
  forTwo(ca.command('export'))
    .description("Write every certificate of an issuer: OpenSSL's index.txt, CSV, or PEM. Public parts only.")
    .argument('<name>', 'the issuer')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <file>', 'where it goes; a new file (index: FILE.attr too)')
    .action((name, options) => ended(caExport(name, options)));
}

function addEnd(ca: Command, ended: Ended): void {
  forTwo(ca.command('quota'))
    .description('Set how many certificates an issuer may issue in all.')
    .argument('<name>', 'the issuer')
    .argument('<n>', 'the number, or none for any number', quotaOf)
    .action((name, quota, options) => ended(caQuota(name, quota, options)));
  forTwo(ca.command('retire'))
    .description('Retire an issuer: from now on it signs CRLs alone.')
    .argument('<name>', 'the issuer')
    .action((name, options) => ended(caRetire(name, options)));
  forTwo(ca.command('destroy'))
    .description('Sign a final CRL and destroy the key in the HSM, for ever. On a terminal the name is typed again.')
    .argument('<name>', 'the issuer')
    .requiredOption('--crl <file>', 'where the final CRL goes (PEM); a new file')
    .option('--confirm <name>', 'the name again, where there is no terminal')
    .action((name, options) => ended(caDestroy(name, options)));
}

function quotaOf(text: string): number | null {
  if (text === 'none') return null;
  const quota = Number(text);
  if (/^\d+$/.test(text) && quota >= 1 && quota <= 100_000_000) return quota;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100000000, or none.');
}
