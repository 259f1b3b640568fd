// A practice station in a process that a test kills while it programs a unit. The programmer writes its process numbers into files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStation } from '../../station-core/open-station.ts';
import { actor, prepareFolder } from '../../station-core/practice.ts';
import { programmedBy } from './programmers.ts';

const [folder = '', line = ''] = process.argv.slice(2);
prepareFolder(folder, 1);
const file = join(folder, 'station.json');
const config = JSON.parse(readFileSync(file, 'utf8')) as object;
writeFileSync(file, JSON.stringify({ ...config, programmers: { writer: { path: '/bin/sh' } } }));
const { station } = await openStation(folder, {}, 'a test');
const order = { name: 'killed', recipe: programmedBy(line, { deadlineSeconds: 600 }), units: [{ serial: 'SN-1' }] };
await station.call('orders.create', order, { actor: actor(station, 'lead') });
await station.call('run.start', { lane: 1, serial: 'SN-1' }, { actor: actor(station, 'technician') });
