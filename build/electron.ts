// Bundles what Electron itself loads into build/out/electron when a source is newer than what stands there; else does
// nothing, fast. CommonJS: a sandboxed preload cannot import, and main is read whole before Electron is ready.
import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import { isStale } from './stale.ts';

const top = join(import.meta.dirname, '..');
const out = join(top, 'build', 'out', 'electron');
const sources = ['electron', 'station-core/contract', 'package-lock.json', 'build/electron.ts'];
const entries = ['main', 'preload'] as const;

/** One file for each entry, so that neither needs the other; Chromium 130 and Node 20 read it as it stands. */
const config = (entry: (typeof entries)[number]): InlineConfig => ({
  configFile: false,
  root: top,
  mode: 'production',
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: join(top, 'electron', `${entry}.ts`),
    outDir: out,
    emptyOutDir: false,
    target: 'node20',
    rolldownOptions: { output: { format: 'cjs', entryFileNames: `${entry}.cjs` } },
  },
});

const isOld = entries.some((entry) => isStale(join(out, `${entry}.cjs`), sources));
if (isOld) {
  const began = performance.now();
  const { build } = await import('vite');
  await Promise.all(entries.map((entry) => build(config(entry))));
  process.stderr.write(`window built in ${Math.round(performance.now() - began)} ms\n`);
}
