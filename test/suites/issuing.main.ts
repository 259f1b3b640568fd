// A station that issues certificates, in a process that a test kills or whose disk refuses. What it tells anybody it writes to
// standard output at that moment. With `--mutant`, it signs before the intent is durable: the test must catch that.
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import type { Db } from '../../station-core/store/open.ts';
import { IssuingStation } from './issuing-station.ts';

const { values } = parseArgs({
  options: {
    station: { type: 'string', default: '' },
    order: { type: 'string', default: '' },
    labels: { type: 'string', default: '' },
    /** Serial numbers are drawn from so few that they collide. */
    collide: { type: 'string' },
    mutant: { type: 'boolean', default: false },
  },
});

const draw = values.collide === undefined ? undefined : seeded(Number(values.collide));
const few = (bytes: number) => Buffer.alloc(bytes, 1 + Math.floor((draw?.() ?? 0) * 4));
const opened = await IssuingStation.open(values.station, draw ? { parts: { serialNumbers: few } } : {});
if (values.mutant) signTooEarly(opened.station.records.db);
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`);
const csrs = join(values.station, 'csrs.json');

if (values.labels === '') await issueBatches();
else await scanAll();
await opened.close();

async function scanAll(): Promise<void> {
  for (const label of values.labels.split(',')) {
    const { outcome, error } = await opened.scan(1, label);
    say({ label, outcome, code: error?.code });
  }
}

/** Batches of five, all on their way at once. */
async function issueBatches(): Promise<void> {
  const all = JSON.parse(readFileSync(csrs, 'utf8')) as { name: string; csr: string }[];
  const batches = Array.from({ length: Math.ceil(all.length / 5) }, (_, index) => all.slice(index * 5, index * 5 + 5));
  const answers = batches.map(async (batch) => {
    const views = await opened.as('lead', 'ca.issue', { order: values.order, csrs: batch });
    for (const { name, state, certificate, error } of views) say({ name, state, certificate, code: error?.code });
  });
  const ends = await Promise.allSettled(answers);
  for (const end of ends) if (end.status === 'rejected') say({ refused: String(end.reason) });
}

/** Answers a commit at once, and makes it when the next one begins. */
function signTooEarly(db: Db): void {
  const exec = db.exec.bind(db);
  let owed = false;
  db.exec = (sql) => {
    if (sql === 'COMMIT') {
      owed = true;
      return db;
    }
    if (owed) exec('COMMIT');
    owed = false;
    return exec(sql);
  };
}
