import { openStation } from '../../station-core/open-station.ts';
import { actor } from '../../station-core/practice.ts';

// Erases the units of a practice folder one after the other, until it is done or killed: `node erasing.main.ts FOLDER SERIAL…`. Says
// `ready`, and `erased` after each.

const [folder = '', ...serials] = process.argv.slice(2);
const { station, close } = await openStation(folder, {}, 'test');
process.stdout.write('ready\n');
for (const unit of serials) {
  const params = { subject: { unit }, reason: 'asked' };
  const operation = { method: 'privacy.erase', params } as const;
  const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
  await station.call('privacy.erase', params, { actor: actor(station, 'security-officer'), approval });
  process.stdout.write('erased\n');
}
await close();
