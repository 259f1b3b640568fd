import { seeded } from '../../drivers/simulated/unit/random.ts';
import { openStation } from '../../station-core/open-station.ts';
import { walk } from './unit-walk.ts';

// Lets the units of a practice folder live on until it is killed: `node walking.main.ts FOLDER SEED SERIAL…`.

const [folder = '', seed = '0', ...serials] = process.argv.slice(2);
const { station } = await openStation(folder, {}, 'test');
const random = seeded(Number(seed));
process.stdout.write('ready\n');
for (;;) await walk(station, serials, random);
