import type { UnitAct, UnitLook } from '../contract/after.ts';
import type { Params } from '../contract/api.ts';
import { behindPrefix, readCode } from '../contract/codes.ts';
import { StationError } from '../contract/errors.ts';
import type { Scanning } from '../contract/scanners.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { note, printJson } from './terminal.ts';

// What becomes of a unit after its verdict: `birthmark unit`.

export type UnitOptions = CaOptions & { readonly order?: string | undefined };

const which = (serial: string, { order }: UnitOptions) => ({ serial, ...(order === undefined ? {} : { order }) });

/** `birthmark unit show`: 0 when there is such a unit. */
export async function unitShow(text: string, options: CaOptions): Promise<number> {
  return atStation(options, 'unit show', async (opened) => {
    const units = await callAs(opened, 'technician', options, 'unit.look', { text });
    if (units.length === 0) throw new StationError('unit.unknown', { serial: text });
    if (options.json) printJson({ schema: 1, units });
    else process.stdout.write(units.map(lookText).join('\n'));
    return 0;
  });
}

/** Commands by the calls that may be made of a unit. */
const commands = {
  'unit.ship': 'ship',
  'unit.rework': 'rework',
  'unit.replace': 'rework --replace',
  'unit.release': 'release',
  'unit.scrap': 'scrap',
} as const satisfies Record<UnitAct, string>;

function lookText({
  serial,
  order,
  standing,
  at,
  registrationId,
  credential,
  packing,
  replacing,
  may,
}: UnitLook): string {
  const lines: readonly (readonly [string, string])[] = [
    ['order', order],
    ['state', `${standing}${at === undefined ? '' : ` since ${at}`}`],
    ['registration', registrationId ?? '-'],
    ['credential', credential ? `${credential.operation}, ${credential.end}` : '-'],
    ...(replacing ? [['next run', 'brings another credential'] as const] : []),
    ...packing.map(({ check, holds }) => [check, holds ? 'holds' : 'does not hold'] as const),
    ['may', may.map((act) => commands[act]).join(', ') || '-'],
  ];
  return `${serial}\n${lines.map(([name, value]) => `  ${name.padEnd(14)}${value}\n`).join('')}`;
}

/** `birthmark unit release`: out of quarantine. */
export async function unitRelease(serial: string, options: UnitOptions & { reason: string }): Promise<number> {
  return atStation(options, 'unit release', async (opened) => {
    await callAs(opened, 'lead', options, 'unit.release', { ...which(serial, options), reason: options.reason });
    return said(options, serial, 'released', 'is out of quarantine and waits for its next run');
  });
}

const two = { first: 'lead', second: 'security-officer' } as const;

/** `birthmark unit rework`: with the same credential, or with another one that two people agree to. */
export async function unitRework(serial: string, options: UnitOptions & { replace: boolean }): Promise<number> {
  return atStation(options, 'unit rework', async (opened) => {
    const params = which(serial, options);
    if (!options.replace) {
      await callAs(opened, 'lead', options, 'unit.rework', params);
      return said(options, serial, 'to be made again', 'waits for its next run, which brings the same credential');
    }
    await callAgreed(opened, options, 'unit.replace', params, two);
    return said(
      options,
      serial,
      'credential to be replaced',
      'waits for its next run, which brings another credential',
    );
  });
}

/** `birthmark unit ship`: the packing checks, then the end of its credential. */
export async function unitShip(
  serial: string,
  options: UnitOptions & { scanned?: string | undefined },
): Promise<number> {
  const { scanned } = options;
  return atStation(options, 'unit ship', async (opened) => {
    const { scanning } = opened.station.parts;
    const label = scanned === undefined ? {} : { scanned: unitOnLabel(scanned, scanning) };
    await callAs(opened, 'technician', options, 'unit.ship', { ...which(serial, options), ...label });
    return said(options, serial, 'shipped', 'is shipped');
  });
}

/** What a label says of its unit, read as the screens read it. Throws what is wrong with it, `input.invalid` for another kind of label. */
function unitOnLabel(text: string, { prefix, checksum }: Scanning = { checksum: 'none' }): string {
  const code = readCode(behindPrefix(text, prefix) ?? text, checksum);
  if (code.kind === 'unit') return code.serial;
  if (code.kind === 'misread') throw new StationError(code.error.code, code.error.details);
  const found = `a label of the kind ${code.kind}`;
  throw new StationError('input.invalid', { place: '--scanned', expected: "a unit's label", found });
}

/** `birthmark unit open`: a page of them. */
export async function unitOpen(options: CaOptions & Params<'unit.open'>): Promise<number> {
  const { after, limit } = options;
  return atStation(options, 'unit open', async (opened) => {
    const asked = { limit, ...(after === undefined ? {} : { after }) };
    const page = await callAs(opened, 'technician', options, 'unit.open', asked);
    if (options.json) printJson({ schema: 1, units: page.rows, next: page.next });
    else {
      const lines = page.rows.map((row) => `${row.serial}  ${row.order}  ${row.standing}  since ${row.since}\n`);
      process.stdout.write(lines.join('') || 'Every credential came to its end.\n');
    }
    if (page.next !== null) note(`There are more: --after ${page.next}`);
    return 0;
  });
}

/** `birthmark recipes approve-first`: a lead looked at the first unit that passed with the recipe of this order. */
export async function approveFirst(order: string, options: CaOptions): Promise<number> {
  return atStation(options, 'recipes approve-first', async (opened) => {
    const { recipe, recipeHash } = opened.station.records.units.order(order);
    await callAs(opened, 'lead', options, 'recipes.approveFirst', { recipe: recipeHash });
    if (options.json) printJson({ schema: 1, order, recipe: recipeHash, firstApproved: true });
    else process.stdout.write(`The first unit of ${recipe} is approved: others may be made.\n`);
    return 0;
  });
}

function said({ json }: CaOptions, serial: string, change: string, sentence: string): number {
  if (json) printJson({ schema: 1, serial, change });
  else process.stdout.write(`${serial} ${sentence}.\n`);
  return 0;
}
