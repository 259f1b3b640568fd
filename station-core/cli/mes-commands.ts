import { Command, Option } from '@commander-js/extra-typings';
import { keyScopes } from '../contract/mes.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { keyAdd, keyList, keyRevoke, mesDiscard, mesOpenApi, mesRelease, mesRetry, mesStatus } from './mes.ts';

// `birthmark mes`: the commands with their options and help. What they do stands in mes.ts.

/** The command `mes` with all below it. */
export function mesCommand(ended: Ended): Command {
  const mes = new Command('mes').description(
    'Factory systems: keys for the HTTP interface, webhooks, orders that they sent.',
  );
  mes.addCommand(keyCommand(ended));
  forOne(mes.command('status'))
    .description('Show where factory systems ask, how it stands with webhooks, and what waits for a person.')
    .action((options) => ended(mesStatus(options)));
  forOne(mes.command('release'))
    .description('Open an order that a factory system sent, so that its units can be made. A lead.')
    .argument('<order>', 'the order')
    .action((order, options) => ended(mesRelease(order, options)));
  forOne(mes.command('retry'))
    .description('Send everything that waits for a webhook now, also what waits for a person.')
    .argument('<webhook>', 'its name in station.json')
    .action((webhook, options) => ended(mesRetry(webhook, options)));
  forOne(mes.command('discard'))
    .description('Give up a message that waits for a person: it is never sent. A lead.')
    .argument('<message>', 'its number, as status shows it', wholeFrom(1, Number.MAX_SAFE_INTEGER))
    .action((message, options) => ended(mesDiscard(message, options)));
  mes
    .command('openapi')
    .description('Print the description of the interface (OpenAPI 3.1). No station is involved.')
    .action(() => ended(mesOpenApi()));
  return mes as Command;
}

function keyCommand(ended: Ended): Command {
  const key = new Command('key').description('Keys of factory systems.');
  forTwo(key.command('add'))
    .description('Make a key and print it, once: only its hash is kept. Two people.')
    .argument('<name>', 'whose key it is: lower-case letters, digits, dots, dashes')
    .addOption(
      new Option('--may <scope...>', 'what it may do: read results, write orders, read metrics')
        .choices(keyScopes)
        .makeOptionMandatory(),
    )
    .addHelpText('after', '\nExample:\n  birthmark mes key add mes --may results orders')
    .action((name, options) => ended(keyAdd(name, options)));
  forOne(key.command('list'))
    .description('List the keys, also those that were revoked; never what they are.')
    .action((options) => ended(keyList(options)));
  forOne(key.command('revoke'))
    .description('Revoke a key: it is worth nothing from the next request on.')
    .argument('<name>', 'its name')
    .action((name, options) => ended(keyRevoke(name, options)));
  return key as Command;
}
