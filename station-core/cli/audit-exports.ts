import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type ExportKind, type ExportRequest, exportKinds } from '../contract/audit.ts';
import { auditKey } from './audit.ts';
import { auditExport } from './audit-export.ts';
import { type Ended, forTwo } from './ca-options.ts';
import { defaultFolder } from './folder.ts';

/** Exports of the audit trail, and the key that they are verified with. */
export function addAuditExports(audit: Command, ended: Ended): void {
  addExport(audit, ended);
  audit
    .command('key')
    .description('Print the public key of the audit trail, as verifiers take it; read-only, beside a running station.')
    .addOption(
      new Option('--station <folder>', "the station's folder").default(defaultFolder(), "the platform's data folder"),
    )
    .option('--pem', 'as PEM, the P-256 key alone', false)
    .option('--json', 'print one JSON object on one line', false)
    .action((options) => ended(auditKey(options)));
}

function addExport(audit: Command, ended: Ended): void {
  forTwo(audit.command('export'))
    .description('Write an export of the audit trail that stands without this station. Times are UTC.')
    .addOption(new Option('--format <format>', 'what it is written as').choices(exportKinds).default('jsonl' as const))
    .option('--from <time>', 'entries written then or later (2026-11-20, or 2026-11-20T21:59:00Z)', timeFrom)
    .option('--to <time>', 'entries written before then; of a day: until its end', timeTo)
    .option('--order <name>', 'entries of this order')
    .option('--unit <serial>', 'entries of this unit')
    .option('--names', 'with the clear names of people and units: two people', false)
    .option('--out <folder>', "where it goes: a new folder (default: one in the station's folder exports)")
    .addHelpText('after', '\nExample:\n  birthmark audit export --format jsonl --out /media/stick/november')
    .action(({ format, from, to, order, unit, ...options }) =>
      ended(auditExport(requestOf(format, { from, to, order, unit }), options)),
    );
}

type Asked = { readonly [name in 'from' | 'to' | 'order' | 'unit']: string | undefined };

function requestOf(format: ExportKind, asked: Asked): ExportRequest {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { format, ...(Object.fromEntries(given) as Omit<ExportRequest, 'format'>) };
}

const dayMs = 86_400_000;

const timeFrom = (text: string): string => timeOf(text, 0);
/** A day counts whole. */
const timeTo = (text: string): string => timeOf(text, dayMs);

function timeOf(text: string, ofDay: number): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const ms = isDay ? day + ofDay : Date.parse(text);
  // JavaScript takes 2026-02-30 for the second of March.
  const isReal = !Number.isNaN(ms) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  if ((isDay || isTime) && isReal) return new Date(ms).toISOString();
  throw new InvalidArgumentError('It must be a day like 2026-11-20 or a time like 2026-11-20T21:59:00Z.');
}
