import type { ExportKind, ExportRequest } from '../../../station-core/contract/audit.ts';

/** What each format can be cut by, and whether it can name people and units (docs/audit.md, The folder of an export). */
export const formats = {
  jsonl: { times: true, which: true, names: true },
  csv: { times: true, which: true, names: true },
  pdf: { times: true, which: true, names: true },
  unit: { times: false, which: true, names: true },
  tiles: { times: false, which: false, names: false },
} as const satisfies Record<ExportKind, { times: boolean; which: boolean; names: boolean }>;

/** What was filled in, before anything was. */
export const nothing = { order: '', unit: '', from: '', to: '' };
export type Given = typeof nothing;

/** Only what the format takes: what was filled in for another one is not sent. */
export function requestOf(format: ExportKind, { order, unit, from, to }: Given): ExportRequest {
  const { times, which } = formats[format];
  const text = (name: string, value: string) => (which && value.trim() !== '' ? { [name]: value.trim() } : {});
  const time = (name: string, value: string) =>
    times && value !== '' ? { [name]: new Date(value).toISOString() } : {};
  return { format, ...text('order', order), ...text('unit', unit), ...time('from', from), ...time('to', to) };
}
