import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configHash, parseConfig } from '../../../station-core/config.ts';
import { actor, makeOrder, practiceConfig, recipeOf } from '../../../station-core/practice.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let restarts = 0;
beforeAll(async () => {
  const config = practiceConfig(2);
  line = await TestStation.open({ parts: { configHash: configHash(config), restart: () => restarts++ } });
  writeFileSync(join(line.folder, 'station.json'), JSON.stringify({ ...config, retention: { logsDays: 30 } }));
});
afterAll(() => line.close());

const settings = {
  place: { line: '3' },
  lanes: [{ lane: 1, kind: 'simulated' }],
  scanners: [],
  scanning: { checksum: 'none' },
  budgetPerMinute: 500,
  idleMinutes: 15,
  backupFolder: null,
} as const;

async function change(params: object) {
  const operation = { method: 'settings.change', params: params as never };
  const { approval } = await line.as('security-officer', 'approvals.approve', operation);
  return line.station.call('settings.change', params, { actor: actor(line.station, 'lead'), approval });
}
const file = () => parseConfig(readFileSync(join(line.folder, 'station.json'), 'utf8'));

test('settings need two people, are written whole, and wait for the next start', async () => {
  await expect(line.as('lead', 'settings.change', settings)).rejects.toMatchObject({ code: 'person.second-needed' });
  expect(await change(settings)).toMatchObject({ settings, waiting: true, restarts: true });
  expect(file()).toMatchObject({ place: { line: '3' }, budgetPerMinute: 500, retention: { logsDays: 30 } });
  const entry = line.entries().find(({ action }) => action === 'settings.changed');
  expect(entry).toMatchObject({ details: { what: 'place lanes budgetPerMinute', after: configHash(file()) } });
});

test('settings that say nothing new leave no entry, and those that are none change nothing', async () => {
  const entries = () => line.entries().filter(({ action }) => action === 'settings.changed').length;
  const before = entries();
  await change(settings);
  expect(file()).not.toHaveProperty('idleMinutes');
  await expect(change({ ...settings, lanes: [] })).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(change({ ...settings, budgetPerMinute: 0 })).rejects.toMatchObject({ code: 'input.invalid' });
  expect(entries()).toBe(before);
  expect(file().budgetPerMinute).toBe(500);
});

test('what scanners send and where they are is changed as well, and stays out of a file that says nothing of it', async () => {
  const scanners = [{ path: '/dev/serial/by-path/s', baud: 9_600, prefix: '\u0002', ending: 'line' }] as const;
  expect(file()).not.toHaveProperty('scanning');
  expect(await change({ ...settings, scanners, scanning: { prefix: '~', checksum: 'mod10' } })).toMatchObject({
    settings: { scanners, scanning: { prefix: '~', checksum: 'mod10' } },
  });
  expect(file()).toMatchObject({ scanners, scanning: { prefix: '~', checksum: 'mod10' } });
  const entry = line.entries().findLast(({ action }) => action === 'settings.changed');
  expect(entry).toMatchObject({ details: { what: 'scanners scanning' } });
  await change(settings);
  expect(file()).not.toHaveProperty('scanners');
  expect(file()).not.toHaveProperty('scanning');
});

test('two lanes, or a lane and a scanner, never get one port, under whatever names', async () => {
  const [device, place] = [join(line.folder, 'ttyUSB0'), join(line.folder, 'by-path')];
  writeFileSync(device, '');
  symlinkSync(device, place);
  const before = readFileSync(join(line.folder, 'station.json'), 'utf8');
  const lane = (number: number, path: string) => ({ lane: number, kind: 'serial', path, baud: 115_200 });
  const same = { code: 'settings.same-port', details: { one: 'ttyUSB0', other: 'by-path' } };
  await expect(change({ ...settings, lanes: [lane(1, device), lane(2, place)] })).rejects.toMatchObject(same);
  const scanners = [{ path: place, baud: 9_600, ending: 'line' }];
  await expect(change({ ...settings, lanes: [lane(1, device)], scanners })).rejects.toMatchObject(same);
  const gone = [{ path: '/dev/none', baud: 9_600, ending: 'line' }];
  await expect(change({ ...settings, lanes: [lane(1, '/dev/none')], scanners: gone })).rejects.toMatchObject({
    code: 'settings.same-port',
  });
  expect(readFileSync(join(line.folder, 'station.json'), 'utf8')).toBe(before);
});

test('the station is started again when it is asked to, and that is in the audit', async () => {
  await line.as('lead', 'settings.restart', {});
  expect(restarts).toBe(1);
  expect(line.entries().some(({ action }) => action === 'settings.restart-asked')).toBe(true);
});

test('while a lane makes a unit, nobody starts the station again', async () => {
  const { station } = line;
  const { labels } = await makeOrder(station, await recipeOf(station, 'symmetric-individual'), 1);
  const before = restarts;
  await line.as('technician', 'run.start', { lane: 1, serial: labels[0] ?? '' });
  await expect(line.as('lead', 'settings.restart', {})).rejects.toMatchObject({ code: 'settings.units' });
  expect(restarts).toBe(before);
});

test('set-up is behind a station', async () => {
  await expect(line.station.call('setup.look', {})).rejects.toMatchObject({ code: 'setup.done' });
  expect(await line.as('lead', 'ports.list', {})).toBeInstanceOf(Array);
});
