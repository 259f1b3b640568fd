#!/usr/bin/env node
// The `birthmark-verify` command. Plain JavaScript, so that any Node can start it: it finds the Node 24 that came with the
// packages (build/README.md says why 24). The verifier itself needs nothing but Node.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(top, 'station-core', 'verifier', 'verify.main.ts');
const packaged = join(top, 'node_modules', '.bin', 'node');
const isNew = Number(process.versions.node.split('.')[0]) >= 24;
const node = isNew ? process.execPath : packaged;
if (!existsSync(node)) {
  process.stderr.write('birthmark-verify: it needs Node 24; take that, or run `npm ci` first.\n');
  process.exit(2);
}
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`birthmark-verify: could not start ${node}: ${error.message}\n`);
  process.exit(2);
});
child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)));
