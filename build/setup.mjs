#!/usr/bin/env node
// The set-up behind every npm script. Plain JavaScript, because it must run on the Node 20 that a fresh machine has,
// before any package is installed. It installs what the asked-for job needs, says what it is doing, and then runs the
// job on the Node 24 that came with the packages (build/README.md says why 24).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folders with packages of npm. The second has old packages of the Azure SDK for TPMs, none of whose scripts run. */
const stationPackages = { folder: top, what: 'npm packages (once, about half a minute)', args: [] };
const azureTpmPackages = {
  folder: join(top, 'test', 'azure-tpm'),
  what: "the Azure SDK's packages for TPMs, for tests (once, some seconds)",
  args: ['--ignore-scripts'],
};

/** Debian packages that the tests use as real parts. */
const testPackages = (
  'softhsm2 opensc swtpm swtpm-tools tpm2-tools socat strace chromium xvfb gnutls-bin poppler-utils p11-kit openssl ' +
  'python3 make gcc g++ libc6-dev libssl-dev gcc-arm-none-eabi fonts-dejavu-core busybox curl zbar-tools dmtx-utils ' +
  'openocd dfu-util'
).split(' ');

/** Libraries that Electron's own runtime is linked against, and what packs it; wanted only where such a runtime is named. */
const electronPackages =
  'libnss3 libatk-bridge2.0-0 libgtk-3-0 libgbm1 libasound2 libxss1 libxtst6 libdrm2 libcups2 libnotify4 xauth dbus-x11 zip'.split(
    ' ',
  );

/**
 * What each npm script needs and runs; steps run on Node 24 with what the user typed after `--` behind the last one.
 * `realParts` is other people's software, which tests and benches meet instead of something made up.
 */
const jobs = {
  start: { realParts: false, steps: [['build/renderer.ts'], ['build/start.ts']] },
  check: { realParts: false, steps: [['build/check.ts']] },
  package: { realParts: false, steps: [['build/package.ts']] },
  test: {
    realParts: true,
    steps: [['build/renderer.ts'], ['build/electron.ts'], ['node_modules/vitest/vitest.mjs', 'run']],
  },
  'test:e2e': {
    realParts: true,
    steps: [['build/renderer.ts'], ['build/electron.ts'], ['node_modules/vitest/vitest.mjs', 'run', 'test/e2e']],
  },
  'test:long': {
    realParts: true,
    long: true,
    steps: [['build/renderer.ts'], ['build/electron.ts'], ['node_modules/vitest/vitest.mjs', 'run']],
  },
  bench: { realParts: true, steps: [['build/bench/bench.ts']] },
};

const say = (text) => process.stderr.write(`birthmark set-up: ${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

/** Runs a command to its end with its output on standard error, so that standard output stays the job's own. */
function run(command, args, { cwd = top, env = {} } = {}) {
  const done = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
  if (done.error) fail(`could not run ${command}: ${done.error.message}`);
  return done.status === 0;
}

/** npm packages of a folder: installed when they are missing or the lock file has changed since the last time. */
function npmPackages({ folder, what, args: more }) {
  const stamp = join(folder, 'node_modules', '.birthmark-setup');
  const want = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  say(`installing ${what} …`);
  // npm is reached the way that started us; engine warnings are about Node 20, which runs npm but nothing of ours.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...more];
  const ok = npm ? run(process.execPath, [npm, ...args], { cwd: folder }) : run('npm', args, { cwd: folder });
  if (!ok) fail('npm could not install the packages; its own message is above. Is the npm registry reachable?');
  writeFileSync(stamp, want);
}

/** Debian packages: installed when this person may, named otherwise. */
function debianPackages() {
  const wanted = [...testPackages, ...(process.env.ELECTRON_OVERRIDE_DIST_PATH ? electronPackages : [])];
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Status}\n', ...wanted], { encoding: 'utf8' });
  const present = new Set(
    (asked.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith('install ok installed'))
      .map((line) => line.split(' ')[0]),
  );
  const missing = wanted.filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  const sudo = !root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  const mayInstall = !asked.error && (root || sudo);
  const byHand = `The tests run on real parts and need these Debian packages: ${missing.join(' ')}`;
  if (!mayInstall) fail(`${byHand}\nInstall them (sudo apt-get install -y ${missing.join(' ')}) and start again.`);
  say(`installing Debian packages: ${missing.join(' ')} …`);
  const apt = (...args) =>
    run(root ? 'apt-get' : 'sudo', root ? args : ['-n', 'apt-get', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (!apt('update', '-qq') || !apt('install', '-y', '-qq', '--no-install-recommends', ...missing)) {
    fail(`apt-get failed; its own message is above. ${byHand}`);
  }
}

/** The Node 24 of the packages, or this one where it is new enough (a system without a packaged Node 24). */
function node24() {
  const packaged = join(top, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(`there is no packaged Node 24 for ${process.platform}-${process.arch}; install Node 24 and start again.`);
}

/** Runs one step of a job with this terminal; Ctrl-C reaches it as our group's signal, SIGTERM is passed on. */
function step(node, args, env) {
  return new Promise((resolve) => {
    const child = spawn(node, args, { cwd: top, stdio: 'inherit', env: { ...process.env, ...env } });
    const pass = (signal) => child.kill(signal);
    process.on('SIGTERM', pass);
    process.on('SIGINT', () => undefined);
    child.on('error', (error) => fail(`could not start ${node}: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', pass);
      resolve(signal ? 1 : code);
    });
  });
}

const [name, ...rest] = process.argv.slice(2);
const job = jobs[name];
if (!job) fail(`unknown job '${name}'; there are ${Object.keys(jobs).join(', ')}`);
npmPackages(stationPackages);
if (job.realParts) {
  npmPackages(azureTpmPackages);
  debianPackages();
}
const node = node24();
const env = {
  ...(job.long ? { BIRTHMARK_LONG: '1' } : {}),
  // Tests start a thousand programs: each is spared more than half a second of reading TypeScript. The product itself has no such
  // folder, since whoever may write into it decides what runs, and benches measure the product.
  ...(name.startsWith('test') ? { NODE_COMPILE_CACHE: join(top, 'build', 'out', 'compile-cache') } : {}),
};
for (const [index, args] of job.steps.entries()) {
  const last = index === job.steps.length - 1;
  const code = await step(node, last ? [...args, ...rest] : args, env);
  if (code !== 0 || last) process.exit(code);
}
