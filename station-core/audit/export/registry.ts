import type { ExportKind } from '../../contract/audit.ts';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonl } from './jsonl.ts';
import { tiles } from './tiles.ts';

/** Every way to write an export: a file in this folder, and a line here. */
export const formats = { csv, jsonl, tiles } as const satisfies Record<ExportKind, Format>;
