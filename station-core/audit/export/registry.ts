import type { ExportKind } from '../../contract/audit.ts';
import type { Format } from './format.ts';
import { jsonl } from './jsonl.ts';

/** Every way to write an export: a file in this folder, and a line here. */
export const formats = { jsonl } as const satisfies Partial<Record<ExportKind, Format>>;
