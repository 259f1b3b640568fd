import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { configure, getJsonLinesFormatter, getLogger, type Logger, reset } from '@logtape/logtape';
import { redactByField } from '@logtape/redaction';

/** The station's log: what happened inside, for whoever mends it. Never a secret; the audit trail is another thing. */
export type Log = {
  readonly logger: Logger;
  /** Writes what we did not foresee under an incident number, and answers the number for the person at the line. */
  incident(thrown: unknown): string;
  close(): Promise<void>;
};

const secretFields = [/pin/i, /key$/i, /secret/i, /token/i, /password/i, /authorization/i, /connection.?string/i];

/** Opens `logs/station.jsonl` in the station's folder. Fields that are named like secrets are left out, at any depth. */
export async function openLog(folder: string): Promise<Log> {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const stream = createWriteStream(join(folder, 'logs', 'station.jsonl'), { flags: 'a', mode: 0o600 });
  const format = getJsonLinesFormatter();
  const sink = redactByField((record) => void stream.write(format(record)), { fieldPatterns: secretFields });
  await configure({
    reset: true,
    sinks: { file: sink },
    loggers: [
      { category: 'birthmark', sinks: ['file'], lowestLevel: 'info' },
      { category: ['logtape', 'meta'], sinks: ['file'], lowestLevel: 'warning' },
    ],
  });
  const logger = getLogger('birthmark');
  return { logger, incident: (thrown) => incident(logger, thrown), close: () => end(stream) };
}

function incident(logger: Logger, thrown: unknown): string {
  const number = randomBytes(4).toString('hex');
  const error = thrown instanceof Error ? thrown : new Error(typeof thrown);
  const causes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    // A library's message may quote what it was given, a secret perhaps; the kind and the place are enough to mend it.
    causes.push(`${cause.name} ${String((cause as { code?: unknown }).code ?? '')} ${places(cause)}`.trim());
  }
  logger.error('incident {incident}', { incident: number, causes });
  return number;
}

/** The stack without its first line, which repeats the message. */
const places = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

async function end(stream: WriteStream): Promise<void> {
  await reset();
  await new Promise<void>((resolve) => stream.end(resolve));
}
