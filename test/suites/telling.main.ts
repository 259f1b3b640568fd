// Tells a receiver of results in a process that a test kills: `telling.main.ts FOLDER PORT`. Says "empty" when nothing is left.
import { writeSync } from 'node:fs';
import { recordsIn, tellingOf } from './ended-runs.ts';
import { ScaledClock } from './scaled-clock.ts';

const [folder = '', port] = process.argv.slice(2);
const records = recordsIn(folder);
// What waits for seconds waits for milliseconds: the faults of the test are many.
const { telling } = await tellingOf(records, Number(port), new ScaledClock(1_000, 0));
telling.wake();
const look = setInterval(() => {
  const { lookedAt } = records.webhooks.of('hook');
  const { queued, parked } = records.webhooks.waiting('hook');
  if (lookedAt < records.results.newest() || queued + parked > 0) return;
  clearInterval(look);
  writeSync(1, 'empty\n');
  void telling.stop().then(() => process.exit(0));
}, 5);
