import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { parse as parseBy } from '../../../../station-core/contract/parse.ts';
import { recipeSchema } from '../../../../station-core/contract/recipe.ts';
import { registrationIdOf } from '../../../../station-core/orders/identity.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import { openRecords } from '../../../../station-core/store/records.ts';
import { readExport } from '../../../../station-core/sync/central/export.ts';
import { CentralTarget } from '../../../../station-core/sync/targets/central.ts';
import type { Fate } from '../../../../station-core/sync/targets/target.ts';
import { fatesOf } from '../../../suites/hub.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const row = (id: number, registrationId: string, deviceName?: string): OutboxRow => ({
  id,
  target: 'central',
  registrationId,
  action: 'create',
  version: 1,
  body: { attestation: { type: 'symmetricKey', scope: 'group' }, ...(deviceName === undefined ? {} : { deviceName }) },
  credential: null,
  attempts: 0,
  replaces: null,
});
const receipts = (fates: ReadonlyMap<number, Fate>) =>
  [...fates]
    .toSorted(([a], [b]) => a - b)
    .map(([, fate]) => ('done' in fate ? (JSON.parse(fate.done) as { file: string; sha256: string }) : fate));
const files = (folder: string) => readdirSync(folder).toSorted();

test('rows become one import file: CRLF, no byte order mark, quotes where they must be, formulas disarmed, IDs untouched', async () => {
  const folder = join(temporaryFolder(), 'central');
  const names = [
    undefined,
    'Gateway "one", upstairs',
    '=HYPERLINK("x")',
    '+49',
    '@a',
    '-1',
    'Zwölf',
    `tab\t${'x'.repeat(200)}`,
  ];
  const rows = names.map((name, n) => row(n + 1, `gw-${n}`, name));
  const fates = await fatesOf(new CentralTarget({ folder }), rows);
  const [file = ''] = files(folder);
  const bytes = readFileSync(join(folder, file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(file).toBe(`devices-0000000001-0000000008-${sha256.slice(0, 12)}.csv`);
  expect(receipts(fates)).toEqual(rows.map(() => ({ answer: 'file', file, sha256 })));
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(bytes.toString('utf8').split('\r\n').slice(0, 4)).toEqual([
    'IOTC_DEVICEID,IOTC_DEVICENAME',
    'gw-0,',
    'gw-1,"Gateway ""one"", upstairs"',
    `gw-2,"'=HYPERLINK(""x"")"`,
  ]);
  const read = parse(bytes, { columns: true }) as { IOTC_DEVICEID: string; IOTC_DEVICENAME: string }[];
  expect(read.map((one) => one.IOTC_DEVICEID)).toEqual(rows.map(({ registrationId }) => registrationId));
  expect(read.slice(3, 7).map((one) => one.IOTC_DEVICENAME)).toEqual(["'+49", "'@a", "'-1", 'Zwölf']);
  expect(read[7]?.IOTC_DEVICENAME).toHaveLength(148);
  expect(bytes[0]).toBe('I'.charCodeAt(0));
});

test('a start that died between the file and its receipts gives the same rows the same file, and only new ones another', async () => {
  const folder = join(temporaryFolder(), 'central');
  const first = [row(4, 'gw-4'), row(5, 'gw-5')];
  const before = receipts(await fatesOf(new CentralTarget({ folder }), first));
  const again = receipts(await fatesOf(new CentralTarget({ folder }), [...first, row(6, 'gw-6')]));
  expect(again.slice(0, 2)).toEqual(before);
  expect(files(folder)).toHaveLength(2);
  expect(again[2]).not.toEqual(before[0]);
  // Rows between others, as they come when a retry is due later.
  const between = receipts(await fatesOf(new CentralTarget({ folder }), [row(5, 'gw-5')]));
  expect(between).toEqual([before[1]]);
});

test('a file that somebody changed counts for nothing and is not written over', async () => {
  const folder = join(temporaryFolder(), 'central');
  await fatesOf(new CentralTarget({ folder }), [row(1, 'gw-1')]);
  const [file = ''] = files(folder);
  writeFileSync(join(folder, file), 'IOTC_DEVICEID,IOTC_DEVICENAME\r\ngw-1,changed\r\n');
  await expect(fatesOf(new CentralTarget({ folder }), [row(1, 'gw-1')])).rejects.toMatchObject({
    code: 'cloud.unreachable',
    details: { reason: 'the folder for IoT Central: EEXIST' },
  });
  expect(readFileSync(join(folder, file), 'utf8')).toContain('changed');
  expect(files(folder)).toEqual([file]);
});

test('a folder that cannot be written to holds the rows, and nothing half is left', async () => {
  const home = temporaryFolder();
  const folder = join(home, 'central');
  writeFileSync(folder, 'not a folder');
  const target = new CentralTarget({ folder });
  await expect(fatesOf(target, [row(1, 'gw-1')])).rejects.toMatchObject({ code: 'cloud.unreachable' });
  renameSync(folder, join(home, 'away'));
  expect(await target.reachable()).toBe(true);
  expect(receipts(await fatesOf(target, [row(1, 'gw-1')]))).toHaveLength(1);
});

test('what a file cannot do is parked for a person', async () => {
  const fates = await fatesOf(new CentralTarget({ folder: temporaryFolder() }), [
    { ...row(1, 'gw-1'), action: 'disable' },
  ]);
  expect(fates.get(1)).toEqual({
    park: { code: 'cloud.by-hand', details: { target: 'IoT Central', what: 'disable' } },
  });
});

test('rows wait for the full hour, so that people carry few files, or until somebody asks', async () => {
  const records = openRecords(openStore(temporaryFolder(), 'owner'));
  const hour = 3_600_000;
  const new_ = { target: 'central', action: 'create', body: {}, credential: null } as const;
  await records.commits.commit(() => {
    records.outbox.queue({ ...new_, registrationId: 'a', dueMs: 5 * hour + 1 });
    records.outbox.queue({ ...new_, registrationId: 'b', dueMs: 6 * hour - 1 });
  });
  expect(records.outbox.nextDue('central')).toBe(6 * hour);
  await records.commits.commit(() => records.outbox.allDue(5 * hour + 2));
  const due = await records.commits.commit(() => records.outbox.lease('central', 5 * hour + 2, 6 * hour, 10));
  expect(due.map(({ registrationId }) => registrationId)).toEqual(['a', 'b']);
});

const recipe = {
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: 'gw-{serial}',
  attestation: {
    type: 'symmetricKey',
    scope: 'group',
    group: 'g',
    key: { label: 'k', id: 'ab', checkValue: '0011223344556677' },
  },
  delivery: 'clear',
  lock: false,
  target: 'central',
};
const individual = { type: 'symmetricKey', scope: 'individual' };
const refused: readonly (readonly [string, object, RegExp])[] = [
  ['keys of single units for IoT Central', { attestation: individual }, /attestation by a group/],
  ['an ID with a dot for IoT Central', { registrationId: 'gw.{serial}' }, /letters, digits and dashes/],
  ['names for IoT Central with DPS', { target: 'dps', central: { deviceName: 'x' } }, /target: central/],
  ['a key of a group with a hub', { target: 'hub' }, /knows no groups of keys/],
  [
    'a policy of DPS with a hub',
    { target: 'hub', attestation: { ...individual, enrollment: { iotHubs: ['x.azure-devices.net'] } } },
    /the rest is for DPS alone/,
  ],
  ['another target', { target: 'moon' }, /one of dps, folder, central, hub/],
];
test.each(refused)('a recipe with %s is refused with what was expected', (_, change, says) => {
  expect(() => parseBy(recipeSchema, { ...recipe, ...change }, 'recipe')).toThrow(says);
});

test('an ID for IoT Central is folded, and has letters, digits and dashes alone, with no dash in front', () => {
  const good = parseBy(recipeSchema, recipe, 'recipe');
  const unit = (serial: string) => ({ serial, mac: null, facts: {} });
  expect(registrationIdOf(good, unit('ABC-1'))).toBe('gw-abc-1');
  expect(() => registrationIdOf(good, unit('a.b'))).toThrow(/letters, digits and dashes alone/);
  expect(() => registrationIdOf({ ...good, registrationId: '{serial}' }, unit('-1+2'))).toThrow(/is not allowed/);
  expect(() => registrationIdOf({ ...good, registrationId: '{serial}' }, unit('-1-2'))).toThrow(
    /a formula to a spreadsheet/,
  );
});

const header =
  'IOTC_DEVICEID,IOTC_DEVICENAME,IOTC_SASKEY_PRIMARY,IOTC_SASKEY_SECONDARY,IOTC_X509THUMBPRINT_PRIMARY,IOTC_X509THUMBPRINT_SECONDARY';
const key = Buffer.alloc(32, 7).toString('base64');
const slips: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /export, line 1: expected a header/],
  ['another header', 'a,b\r\n', /export, line 1: expected a header with the column IOTC_DEVICEID/],
  ['a column twice', 'IOTC_DEVICEID,IOTC_DEVICEID\r\n', /IOTC_DEVICEID once/],
  ['a short line', `${header}\r\na,b\r\n`, /export, line 2: expected 6 cells, found 2/],
  ['no ID', `${header}\r\na,,,,,\r\n,,,,,\r\n`, /export, line 3, IOTC_DEVICEID/],
  ['a device twice', `${header}\r\na,,,,,\r\na,,,,,\r\n`, /export, line 3, IOTC_DEVICEID: expected each device once/],
  ['a damaged key', `${header}\r\n"x","many\nlines",${key.slice(1)},,,\r\n`, /export, line 2, IOTC_SASKEY_PRIMARY/],
  [
    'a thumbprint that is none',
    `${header}\r\na,,,,abc,\r\n`,
    /line 2, IOTC_X509THUMBPRINT_PRIMARY: expected a thumbprint/,
  ],
  ['a quote that is not closed', `${header}\r\na,"b,,,,\r\n`, /export, line 2: expected CSV as RFC 4180 has it/],
  ['a name that is no UTF-8', `${header}\r\na,\xff,,,,\r\n`, /line 2, IOTC_DEVICENAME: expected UTF-8 text/],
];
test.each(slips)('an export with %s is refused by line and column, and quotes no key', (_, text, says) => {
  const attempt = () => [...readExport(Buffer.from(text, 'latin1'), 'export')];
  expect(attempt).toThrow(says);
  expect(attempt).toThrow(/^(?!.*BwcHBwc).*$/s);
});
