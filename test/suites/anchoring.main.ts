// A station that signs heads as fast as it can, in a process that a test kills: `anchoring.main.ts FOLDER [--mutant]`. Says at once whether
// it is stopped. With `--mutant`, notes reach their anchors before they are durable: the test must catch that.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { hsms } from '../../drivers/hsm/registry.ts';
import { protocols } from '../../drivers/protocols/registry.ts';
import { systemClock } from '../../station-core/clock.ts';
import { openLog } from '../../station-core/log.ts';
import { Station } from '../../station-core/station.ts';
import { type Db, openStore } from '../../station-core/store/open.ts';

const [folder = '', mutant] = process.argv.slice(2);
const db = openStore(folder, 'owner');
const station = await Station.open({
  db,
  hsm: await hsms.soft({ folder: join(folder, 'hsm') }),
  lanes: [],
  protocols,
  dps: { idScope: '0ne00000000', endpoint: 'localhost' },
  anchorFolders: [join(folder, 'anchors'), join(folder, 'share')],
  clock: systemClock,
  log: await openLog(folder),
  configHash: 'test',
  found: { mode: 'practice', station: 'test' },
});
writeSync(1, `${station.stop.error()?.code ?? 'ready'} ${station.heads.newest()?.size ?? 0}\n`);
if (mutant === '--mutant') forget(db);
for (;;) {
  await station.records.commits.commit(() => station.audit.append({ action: 'sync.asked', result: 'ok' }));
  await station.sealing.sign('asked');
}

/** Nothing is durable any more: what is killed with the process is as if it had never been. */
function forget(into: Db): void {
  into.exec('BEGIN');
  const exec = into.exec.bind(into);
  into.exec = (sql) => (/^(BEGIN|COMMIT)/.test(sql) ? into : exec(sql));
}
