// Builds the screens into build/out/renderer when a source is newer than what stands there; else does nothing, fast.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InlineConfig, PluginOption } from 'vite';
import { shipped } from './shipped.ts';
import { isStale } from './stale.ts';

const top = join(import.meta.dirname, '..');
const out = join(top, 'build', 'out', 'renderer');
const sources = ['renderer', 'station-core/contract', 'package-lock.json', 'build/renderer.ts', 'build/shipped.ts'];

/**
 * Files of our own and nothing inline, as the station's content security policy asks (station-core/loopback.ts): no
 * inlined assets, no module preload code, no development build, whatever NODE_ENV says.
 */
function config(plugins: PluginOption[], outDir: string): InlineConfig {
  return {
    configFile: false,
    root: join(top, 'renderer'),
    base: '/',
    mode: 'production',
    define: {
      'process.env.NODE_ENV': '"production"',
      BIRTHMARK_SHIPPED: JSON.stringify(shipped()),
    },
    logLevel: 'warn',
    plugins,
    build: {
      outDir,
      emptyOutDir: true,
      assetsDir: 'assets',
      assetsInlineLimit: 0,
      modulePreload: false,
      target: 'es2024',
    },
  };
}

/** Two tests may build at once: whoever comes second finds the name taken, by the same screens. */
function takeName(fresh: string): void {
  for (let tries = 0; ; tries++) {
    rmSync(out, { recursive: true, force: true });
    try {
      renameSync(fresh, out);
      return;
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || tries === 10) throw thrown;
    }
  }
}

async function build(): Promise<void> {
  const began = performance.now();
  process.env.NODE_ENV = 'production';
  const [{ build: bundle }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  // Built beside and renamed, so that a station that serves the old screens meanwhile never serves half of the new ones.
  const fresh = `${out}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    await bundle(config([react()], fresh));
    takeName(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  process.stderr.write(`screens built in ${Math.round(performance.now() - began)} ms\n`);
}

if (isStale(join(out, 'index.html'), sources)) await build();
