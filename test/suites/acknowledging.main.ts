// A batch on the practice line in a process that a test kills. Every event is written to standard output at the moment at
// which the station tells it, so that the test knows what was acknowledged. With `--mutant`, the station acknowledges a
// commit before it is made: the test must catch that.
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { practiceBatch } from '../../station-core/cli/practice.ts';
import { openStation } from '../../station-core/open-station.ts';
import { prepareFolder, type RecipeName } from '../../station-core/practice.ts';
import { Commits } from '../../station-core/store/commit.ts';

const { values } = parseArgs({
  options: {
    station: { type: 'string', default: '' },
    units: { type: 'string', default: '10' },
    lanes: { type: 'string', default: '4' },
    recipe: { type: 'string', default: 'symmetric-individual' },
    mutant: { type: 'boolean', default: false },
  },
});

prepareFolder(values.station, Number(values.lanes));
const opened = await openStation(values.station, {}, 'a test');
const { journal } = opened.station.records;
if (values.mutant) acknowledgeTooEarly();
journal.onEvent((event) => writeSync(1, `${JSON.stringify(event)}\n`));
writeSync(1, '"ready"\n');
const result = await practiceBatch(opened.station, {
  units: Number(values.units),
  lanes: Number(values.lanes),
  recipe: values.recipe as RecipeName,
});
writeSync(1, `${JSON.stringify({ result })}\n`);
await opened.close();

/** Tells at once what it should tell after the commit, and takes its time for the commit, as a slow disk would. */
function acknowledgeTooEarly(): void {
  Commits.prototype.afterwards = (tell) => tell();
  const { db } = opened.station.records;
  const exec = db.exec.bind(db);
  db.exec = (sql) => {
    if (sql === 'COMMIT') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return exec(sql);
  };
}
