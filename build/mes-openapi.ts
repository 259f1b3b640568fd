// `node build/mes-openapi.ts`: writes docs/mes-openapi.json, the description of the interface for factory systems, from the schemas that
// it answers by. A test says when the file is older than they are.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../station-core/mes/openapi.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'mes-openapi.json'), openApi());
