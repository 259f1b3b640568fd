import { Command, Option } from '@commander-js/extra-typings';
import type { Method, Params } from '../contract/api.ts';
import { reprovisionSchema } from '../contract/enrollment.ts';
import { parse } from '../contract/parse.ts';
import { type Ended, forOne, forTwo } from './ca-options.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { readJson } from './recipe-file.ts';
import { note, printJson } from './terminal.ts';

const order = () => new Option('--order <name>', 'the order, where several hold this serial');
const serial = ['<serial>', "the unit's serial"] as const;

/** What becomes of a unit's cloud entry: below `birthmark units`. */
export function addLifecycle(units: Command, ended: Ended): void {
  forOne(units.command('disable'))
    .description('Keep a unit out: its cloud entry is disabled until it is enabled again.')
    .argument(...serial)
    .addOption(order())
    .action((unit, options) => ended(changed(options, 'disabled', 'unit.disable', which(unit, options))));
  forOne(units.command('enable'))
    .description('Let a unit in again that was disabled.')
    .argument(...serial)
    .addOption(order())
    .action((unit, options) => ended(changed(options, 'enabled', 'unit.enable', which(unit, options))));
  forTwo(units.command('roll-key'))
    .description('Give a symmetric enrollment a new random key in one slot; with the primary one the unit is out.')
    .argument(...serial)
    .addOption(
      new Option('--slot <slot>', 'which key').choices(['primary', 'secondary'] as const).makeOptionMandatory(),
    )
    .addOption(order())
    .action((unit, options) => ended(rollKey(unit, options)));
  forTwo(units.command('reprovision'))
    .description('Give a unit another policy, hub or twin for the next time that it registers.')
    .argument(...serial)
    .requiredOption(
      '--changes <file>',
      'JSON with allocationPolicy, iotHubs, initialTwin or reprovisionPolicy, as in a recipe',
    )
    .addOption(order())
    .action((unit, options) => ended(reprovision(unit, options)));
  forTwo(units.command('deprovision'))
    .description(
      'Take a unit out of the cloud: its entry, or a block where a group could let it in, and its registration.',
    )
    .argument(...serial)
    .addOption(order())
    .action((unit, options) => ended(deprovision(unit, options)));
}

type UnitOptions = CaOptions & { readonly order?: string | undefined };

const which = (unit: string, options: { readonly order?: string | undefined }) => ({
  serial: unit,
  ...(options.order === undefined ? {} : { order: options.order }),
});

const lead = { first: 'lead', second: 'security-officer' } as const;
const officer = { first: 'security-officer', second: 'lead' } as const;

async function changed(
  options: CaOptions,
  how: string,
  method: 'unit.disable' | 'unit.enable',
  params: Params<'unit.disable'>,
): Promise<number> {
  return atStation(options, `units ${method.slice(5)}`, async (opened) => {
    await callAs(opened, 'lead', options, method, params);
    return said(options, params.serial, how);
  });
}

async function agreed<M extends Extract<Method, `unit.${string}`>>(
  options: CaOptions,
  how: string,
  method: M,
  params: Params<M> & { readonly serial: string },
  roles: typeof lead | typeof officer,
): Promise<number> {
  return atStation(options, `units ${how}`, async (opened) => {
    await callAgreed(opened, options, method, params, roles);
    return said(options, params.serial, how);
  });
}

function said({ json }: CaOptions, unit: string, how: string): number {
  if (json) printJson({ schema: 1, serial: unit, change: how });
  else process.stdout.write(`${unit}: ${how}, as soon as the cloud is reached: birthmark sync run\n`);
  return 0;
}

async function rollKey(
  unit: string,
  options: UnitOptions & { readonly slot: 'primary' | 'secondary' },
): Promise<number> {
  if (options.slot === 'primary')
    note('The unit holds the primary key: it cannot register any more until it is made again.');
  const params = { ...which(unit, options), slot: options.slot };
  return agreed(options, `new ${options.slot} key`, 'unit.rollKey', params, officer);
}

async function reprovision(unit: string, options: UnitOptions & { readonly changes: string }): Promise<number> {
  const changes = parse(reprovisionSchema, readJson(options.changes), options.changes);
  return agreed(options, 'reprovisioned', 'unit.reprovision', { ...which(unit, options), changes }, lead);
}

async function deprovision(unit: string, options: UnitOptions): Promise<number> {
  const ended = await agreed(options, 'deprovisioned', 'unit.deprovision', which(unit, options), lead);
  note(
    'The device in its IoT hub is not touched: disable or delete it there too (DPS docs, How to deprovision devices).',
  );
  return ended;
}

/** The command `groups`: enrollment groups of X.509 units. */
export function groupsCommand(ended: Ended): Command {
  const groups = new Command('groups').description('Enrollment groups of X.509 units in DPS.');
  const group = ['<group>', "the group's ID, as the recipe names it"] as const;
  forTwo(groups.command('disable'))
    .description('Keep all units of a group out until it is enabled again.')
    .argument(...group)
    .action((name, options) => ended(grouped(options, name, 'disabled', 'group.disable', { group: name })));
  forTwo(groups.command('enable'))
    .description('Let the units of a group in again.')
    .argument(...group)
    .action((name, options) => ended(grouped(options, name, 'enabled', 'group.enable', { group: name })));
  forTwo(groups.command('roll'))
    .description(
      "Put another intermediate of this station into a group's secondary slot, before the one in force ends.",
    )
    .argument(...group)
    .requiredOption('--issuer <name>', 'the new intermediate, as birthmark ca list shows it')
    .action((name, options) => {
      const params = { group: name, issuer: options.issuer };
      return ended(grouped(options, name, `${options.issuer} in its secondary slot`, 'group.roll', params, officer));
    });
  forTwo(groups.command('delete'))
    .description('Delete a group and the registration records of its units: none of them can register any more.')
    .argument(...group)
    .requiredOption('--confirm <group>', "the group's ID once more: this cannot be undone")
    .action((name, options) => ended(deleteGroup(options, name, options.confirm)));
  return groups;
}

type GroupMethod = Extract<Method, `group.${string}`>;

async function grouped<M extends GroupMethod>(
  options: CaOptions,
  name: string,
  how: string,
  method: M,
  params: Params<M>,
  roles: typeof lead | typeof officer = lead,
): Promise<number> {
  return atStation(options, `groups ${method.slice(6)}`, async (opened) => {
    await callAgreed(opened, options, method, params, roles);
    return said(options, name, how);
  });
}

async function deleteGroup(options: CaOptions, name: string, confirm: string): Promise<number> {
  if (confirm !== name) {
    note(`--confirm says ${confirm}, and the group is ${name}. Nothing was changed.`);
    return 1;
  }
  const code = await grouped(options, name, 'deleted', 'group.delete', { group: name });
  note('A group of a CA above it may let its units in again (F-210): disable that one instead, or scrap the units.');
  return code;
}
