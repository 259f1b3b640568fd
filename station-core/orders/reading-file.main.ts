// The thread that reads an order file. See reading-file.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { StationError } from '../contract/errors.ts';
import { openStore } from '../store/open.ts';
import { readOrderFile } from './file.ts';
import type { FileMessage, FileOrder } from './reading-file.ts';
import { takenIn } from './taken.ts';

const { folder, text, recipe, most } = workerData as FileOrder;
/** Units in one message: taking it costs the lanes' thread less than a millisecond. */
const perMessage = 500;

try {
  read();
} catch (thrown) {
  if (!(thrown instanceof StationError)) throw thrown;
  tell({ type: 'failed', error: thrown.toData() });
}

function read(): void {
  const db = openStore(folder, 'reader');
  try {
    const { units, problems, more } = readOrderFile(Buffer.from(text, 'utf8'), recipe, takenIn(db));
    const told = units.slice(0, most);
    for (let at = 0; at < told.length; at += perMessage)
      tell({ type: 'units', units: told.slice(at, at + perMessage) });
    tell({ type: 'done', count: units.length, problems, more });
  } finally {
    db.close();
  }
}

function tell(message: FileMessage): void {
  parentPort?.postMessage(message);
}
