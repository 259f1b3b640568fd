// A practice station in a process that a test kills while a program writes the image with a unit's key. The program, a script, is the
// second argument.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStation } from '../../station-core/open-station.ts';
import { actor, prepareFolder } from '../../station-core/practice.ts';
import { flashedBy } from './flashing.ts';

const [folder = '', path = ''] = process.argv.slice(2);
prepareFolder(folder, 1);
const file = join(folder, 'station.json');
const config = JSON.parse(readFileSync(file, 'utf8')) as object;
writeFileSync(file, JSON.stringify({ ...config, programmers: { writer: { path } } }));
const { station } = await openStation(folder, {}, 'a test');
const memory = join(folder, 'practice', 'units', '{serial}.mem');
const programmer = { name: 'writer', args: ['{imageFile}', memory], deadlineSeconds: 600 };
const order = { name: 'killed', recipe: await flashedBy(station, { programmer }), units: [{ serial: 'SN-1' }] };
await station.call('orders.create', order, { actor: actor(station, 'lead') });
await station.call('run.start', { lane: 1, serial: 'SN-1' }, { actor: actor(station, 'technician') });
