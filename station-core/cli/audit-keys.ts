import type { Command } from '@commander-js/extra-typings';
import { type Ended, forTwo } from './ca-options.ts';
import { atStation, type CaOptions, callAgreed } from './ca-people.ts';
import { printJson } from './terminal.ts';

/** What is done with the keys of the audit log: two people each time. */
export function addAuditKeys(audit: Command, ended: Ended): void {
  forTwo(audit.command('rotate-key'))
    .description('Give the audit log another key; the one before signs for it and is destroyed.')
    .addHelpText('after', '\nPrint the new key with `birthmark audit key` and hand it to whoever verifies exports.')
    .action((options) => ended(rotate(options)));
  forTwo(audit.command('begin-origin'))
    .description(
      "Go on under another origin: the audit log's key is lost. Its first entry quotes the last signed head.",
    )
    .action((options) => ended(begin(options)));
}

async function rotate(options: CaOptions): Promise<number> {
  return atStation(options, 'audit rotate-key', async (opened) => {
    const key = await callAgreed(opened, options, 'audit.rotateKey', {});
    if (options.json) printJson({ schema: 1, ...key });
    else process.stdout.write(`The audit log has its key ${key.n} now: ${key.fingerprint}\n`);
    return 0;
  });
}

async function begin(options: CaOptions): Promise<number> {
  return atStation(options, 'audit begin-origin', async (opened) => {
    const begun = await callAgreed(opened, options, 'audit.beginOrigin', {});
    if (options.json) printJson({ schema: 1, ...begun });
    else process.stdout.write(`The audit log goes on as ${begun.origin}, with key ${begun.n}: ${begun.fingerprint}\n`);
    return 0;
  });
}
