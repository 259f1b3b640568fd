// The thread that reads the whole log: it checks it, or writes an export of it. See reading.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { type Details, type ErrorCode, StationError } from '../contract/errors.ts';
import type { AuditReport } from '../contract/record.ts';
import { isDiskRefusal } from '../store/commit.ts';
import { wrongDisclosures } from '../store/disclosure.ts';
import { openStore } from '../store/open.ts';
import { expectedSchema, schemaHash } from '../store/schema.ts';
import { version } from '../version.ts';
import { type WrittenExport, writeExport } from './export/write.ts';
import type { Reading, ReadingMessage } from './reading.ts';
import { sizeOf } from './rows.ts';
import { verifyLog } from './verify.ts';

const reading = workerData as Reading;

try {
  tell({ type: 'done', answer: await read() });
} catch (thrown) {
  const [code, details] = foreseen(thrown);
  tell({ type: 'failed', error: { code, details } });
}

async function read(): Promise<AuditReport | WrittenExport> {
  const db = openStore(reading.folder, 'reader');
  try {
    const progress = (done: number, total: number) => tell({ type: 'progress', done, total });
    if (reading.kind === 'verify') {
      const total = sizeOf(db);
      return await verifyLog(db, (done) => progress(done, total));
    }
    const schema = { expected: expectedSchema(), found: schemaHash(db) };
    const { out, order } = reading;
    return await writeExport({
      db,
      out,
      order,
      schema,
      wrongDisclosures: wrongDisclosures(db),
      software: version,
      progress,
    });
  } finally {
    db.close();
  }
}

/** What a damaged database or a full disk says, as a sentence; everything else ends the thread as it is. */
function foreseen(thrown: unknown): [ErrorCode, Details] {
  if (thrown instanceof StationError) return [thrown.code, thrown.details];
  const { code, syscall } = thrown as { readonly code?: unknown; readonly syscall?: unknown };
  const reason = String(code);
  if (isDiskRefusal(code) && reading.kind === 'export') return ['audit.not-written', { folder: reading.out, reason }];
  if (reason.startsWith('SQLITE_')) return ['store.damaged', { what: 'station.db', reason }];
  if (typeof syscall === 'string' && reading.kind === 'export')
    return ['audit.not-written', { folder: reading.out, reason }];
  throw thrown;
}

function tell(message: ReadingMessage): void {
  parentPort?.postMessage(message);
}
