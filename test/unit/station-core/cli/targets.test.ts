import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unitOf } from '../../../../station-core/practice.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk } from './ca-parts.ts';

test('from an empty folder: units go into a hub, a module gets its connection string, and import lines hold no key unasked', async () => {
  const desk = new Desk(temporaryFolder());
  const made = await desk.json('practice', '--recipe', 'hub', '--units', '3', '--lanes', '1');
  expect(made).toMatchObject({ units: 3, passed: 3, enrolled: 3, parked: 0 });
  const order = ['--order', 'practice-1'];
  const lines = await desk.run('sync', 'hub-lines', ...order, '--out', 'devices.txt');
  expect([lines.code, lines.err]).toEqual([
    1,
    expect.stringContaining('3 units have no line: their keys were not asked for'),
  ]);
  expect(readFileSync(desk.file('devices.txt'), 'utf8')).toBe('');
  const keyed = await desk.run('sync', 'hub-lines', ...order, '--out', 'keys.txt', '--keys');
  expect([keyed.code, keyed.err]).toEqual([
    1,
    expect.stringContaining('3 units have no line: their keys are kept no more'),
  ]);
  expect(statSync(desk.file('keys.txt')).mode & 0o777).toBe(0o600);
  const again = await desk.run('sync', 'hub-lines', ...order, '--out', 'keys.txt', '--keys');
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('keys.txt')]);
  const id = `sn-p1-0001-mac-${unitOf('P1-0001').mac.toLowerCase().replaceAll(':', '-')}`;
  const module = await desk.run('key', 'module', '--registration-id', id.toUpperCase(), '--module-id', 'meter');
  expect(module.out).toMatch(
    new RegExp(
      `^HostName=practice-[0-9a-f]+\\.azure-devices\\.net;DeviceId=${id};ModuleId=meter;SharedAccessKey=[A-Za-z0-9+/]{43}=\\n$`,
    ),
  );
});

test('from an empty folder: units go into a file for IoT Central, and its export is compared', async () => {
  const desk = new Desk(temporaryFolder());
  expect(await desk.json('practice', '--recipe', 'central', '--units', '3', '--lanes', '1')).toMatchObject({
    passed: 3,
    enrolled: 3,
  });
  const central = `${desk.file('station')}/central`;
  const [file = '', ...others] = readdirSync(central);
  expect(others).toEqual([]);
  const ids = readFileSync(`${central}/${file}`, 'utf8')
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',')[0]);
  const header = 'IOTC_DEVICEID,IOTC_DEVICENAME,IOTC_SASKEY_PRIMARY,IOTC_SASKEY_SECONDARY';
  writeFileSync(desk.file('export.csv'), [header, ...ids.map((id) => `${id},x,,`), 'other,y,,', ''].join('\r\n'));
  const all = await desk.run('sync', 'compare-central', 'export.csv', '--json');
  expect([all.code, JSON.parse(all.out)]).toMatchObject([
    0,
    { schema: 1, units: 3, there: 3, missing: [], foreign: ['other'], keys: { same: 0, notShown: 3 } },
  ]);
  writeFileSync(desk.file('short.csv'), `${header}\r\n${ids[0]},x,${Buffer.alloc(32, 1).toString('base64')},\r\n`);
  const short = await desk.run('sync', 'compare-central', 'short.csv');
  expect([short.code, short.out]).toEqual([1, expect.stringContaining(`  missing  ${ids[1]}`)]);
  expect(short.out).toContain('keys: 0 the same, 1 different, 0 not shown');
});
