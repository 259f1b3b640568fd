import { StationError } from '../../station-core/contract/errors.ts';

/** Nobody is there: off, unplugged, another address, a share that is not mounted. */
const gone: ReadonlySet<string> = new Set(
  'ECONNREFUSED EHOSTUNREACH ENETUNREACH EHOSTDOWN ETIMEDOUT ENOTFOUND EAI_AGAIN ECONNRESET EPIPE ENOENT'.split(' '),
);

/** What an error of the operating system, or of a link, means for a printer. */
export function printerTrouble(printer: string, cause: unknown): unknown {
  if (cause instanceof StationError) {
    if (cause.code === 'link.missing' || cause.code === 'link.lost') {
      return new StationError('printer.gone', { printer }, { cause });
    }
    if (cause.code !== 'link.refused') return cause;
    return new StationError('printer.refused', { printer, reason: String(cause.details.reason) }, { cause });
  }
  if (!(cause instanceof Error)) return cause;
  const code = 'code' in cause ? String(cause.code) : 'no answer in time';
  if (gone.has(code) || !('code' in cause)) return new StationError('printer.gone', { printer }, { cause });
  return new StationError('printer.refused', { printer, reason: code }, { cause });
}
