// A pump in a process that a test kills: `uploading.main.ts FOLDER PORT CA-FILE CONNECTION-FILE`. Says "empty" when nothing is left.
import { readFileSync, writeSync } from 'node:fs';
import { ScaledClock } from './scaled-clock.ts';
import { uploading } from './uploading.ts';

const [folder = '', port, ca = '', connection = ''] = process.argv.slice(2);
const at = { port: Number(port), ca: readFileSync(ca, 'utf8'), connectionString: readFileSync(connection, 'utf8') };
// What waits for seconds waits for milliseconds: the faults of the test are many.
const line = uploading(folder, at, new ScaledClock(100, 0));
line.pump.wake();
const look = setInterval(() => {
  const { queued, leased } = line.records.outbox.backlog();
  if (queued + leased > 0) return;
  clearInterval(look);
  writeSync(1, 'empty\n');
  void line.close();
}, 5);
