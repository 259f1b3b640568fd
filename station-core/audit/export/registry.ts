import type { ExportKind } from '../../contract/audit.ts';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonl } from './jsonl.ts';
import { pdf } from './pdf.ts';
import { tiles } from './tiles.ts';
import { unit } from './unit.ts';

/** Every way to write an export: a file in this folder, and a line here. */
export const formats = { csv, jsonl, pdf, tiles, unit } as const satisfies Record<ExportKind, Format>;
