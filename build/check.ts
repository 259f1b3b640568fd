// `npm run check`: types of every folder under its own rules, lint and format, layers and registries. Seconds.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');
const bin = (path: string) => join(top, 'node_modules', path);
const node = process.execPath;

const projects = ['station-core/contract', 'station-core', 'drivers', 'renderer', 'electron', 'build', 'test'];
const biome = bin('@biomejs/cli-linux-x64/biome');

const jobs: { name: string; command: string; args: string[] }[] = projects.map((project) => ({
  name: `types of ${project}`,
  command: node,
  args: [bin('typescript/bin/tsc'), '-p', project, '--pretty'],
}));
// Biome's own package cannot be installed from a lock file on every registry (build/README.md); its Linux binary is.
if (existsSync(biome)) {
  jobs.push({ name: 'lint and format', command: biome, args: ['check', '--error-on-warnings', '.'] });
} else process.stderr.write('check: no lint here, Biome is packaged for Linux x64 only\n');
jobs.push({
  name: 'layers and registries',
  command: node,
  args: [bin('vitest/vitest.mjs'), 'run', 'test/rules', '--reporter=dot'],
});

function run(job: (typeof jobs)[number]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(job.command, job.args, { cwd: top });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      const good = code === 0;
      process.stdout.write(`${good ? 'ok  ' : 'BAD '} ${job.name}\n`);
      if (!good) process.stdout.write(Buffer.concat(output));
      resolve(good);
    });
  });
}

const results = await Promise.all(jobs.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
