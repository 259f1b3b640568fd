// Puts a station's folder together as it is packaged: JavaScript that the plain Node runs, in the folders that the
// TypeScript stands in, and beside it what it reads by a path of its own.
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';

const top = join(import.meta.dirname, '..');

/** Loaded from a folder of their own, since each finds its compiled part beside itself. */
const natives = ['better-sqlite3', '@serialport/bindings-cpp', 'pkcs11js'] as const;

/** What packages name for building alone. */
const forBuilding: ReadonlySet<string> = new Set(['node-addon-api']);

/** Writes the station into `folder`. Throws what the bundler and the file system throw. */
export async function packageStation(folder: string, platform: string, arch: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const bundled = await bundle(folder);
  copyBeside(folder);
  copyStandardFonts(folder);
  const carried = natives.flatMap((name) => copyNative(name, top, folder, `${platform}-${arch}`));
  copyNode(folder, platform, arch);
  writeFileSync(join(folder, 'licences.txt'), licences([...bundled, ...carried]));
}

/** Every program and whatever it imports, one file for one, so that paths from file to file and stack traces stay true. */
async function bundle(folder: string): Promise<string[]> {
  const programs = globSync('{station-core,drivers}/**/*.main.ts', { cwd: top });
  const made = await build({
    configFile: false,
    root: top,
    mode: 'production',
    logLevel: 'warn',
    ssr: { noExternal: true, external: [...natives] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(programs.map((program) => [program.replace(/\.ts$/, ''), join(top, program)])),
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          strictExecutionOrder: true,
          codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: placeOf, debugName: 'place' }] },
        },
      },
    },
  });
  const { output } = made as Rolldown.RolldownOutput;
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  return [...new Set(modules.flatMap((id) => packageFolder(id) ?? []))];
}

/** Where a module goes: our own stay where they are, a package becomes one file, since its modules may need each other in a circle. */
function placeOf(id: string): string {
  const at = packageFolder(id);
  if (at !== undefined) return `${at.slice(top.length + 1).replaceAll('node_modules', 'packages')}/index`;
  return id.startsWith(top) ? id.slice(top.length + 1).replace(/\.ts$/, '') : 'runtime';
}

/** The folder of the package that a module is from; none for our own. */
const packageFolder = (id: string): string | undefined => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];

/** What goes into units' firmware, and is no part of the station. */
const agent = join(top, 'drivers', 'protocols', 'agent');

/** Migrations, fonts and whatever else our code reads by path: all that is no code and no README. */
function copyBeside(folder: string): void {
  const files = globSync('{station-core,drivers}/**/*', { cwd: top, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.ts$|^tsconfig\.json$|^README\.md$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(agent));
  for (const file of files) cpSync(file, join(folder, file.slice(top.length)));
  cpSync(join(top, 'build', 'out', 'renderer'), join(folder, 'build', 'out', 'renderer'), { recursive: true });
  const { name, version, license } = readManifest(top);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' })}\n`);
  cpSync(join(top, 'LICENSE'), join(folder, 'LICENSE'));
}

/** pdfkit asks for these by the names that its package.json gives them. */
function copyStandardFonts(folder: string): void {
  const [from, to] = [join(top, 'node_modules', 'pdfkit'), join(folder, 'packages', 'pdfkit')];
  const { imports } = readManifest(from);
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ name: 'pdfkit', type: 'module', imports })}\n`);
  for (const file of globSync('js/standard-fonts/**/*.cjs', { cwd: from })) cpSync(join(from, file), join(to, file));
}

/**
 * Copies a package and those that it needs: its code, and the compiled part for this platform. One that npm could not
 * compile here (build/README.md) is left out, and so is what it does. Gives the folders that it copied.
 */
function copyNative(name: string, from: string, folder: string, target: string): string[] {
  const found = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const at = found.map((modules) => join(modules, name)).find((one) => existsSync(join(one, 'package.json')));
  if (at === undefined) return [];
  const wanted = (path: string) =>
    /\.(c?js|json)$/.test(path) ||
    (path.endsWith('.node') && (path.includes(target) || path.startsWith('build/Release/')));
  for (const file of globSync('**/*', { cwd: at, exclude: ['node_modules', 'build/Release/obj.target'] }))
    if (wanted(file)) cpSync(join(at, file), join(folder, at.slice(top.length), file));
  const needed = Object.keys(readManifest(at).dependencies ?? {});
  return [at, ...needed.filter((one) => !forBuilding.has(one)).flatMap((one) => copyNative(one, at, folder, target))];
}

/** The plain Node of the packages: not Electron's own (build/README.md). */
function copyNode(folder: string, platform: string, arch: string): void {
  const from = join(top, 'node_modules', `node-${platform === 'win32' ? 'win' : platform}-${arch}`);
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const program = existsSync(from) ? join(from, 'bin', name) : process.execPath;
  cpSync(program, join(folder, name));
}

/** The licences of the packages, in one file. */
function licences(packages: readonly string[]): string {
  const texts = [...new Set(packages)].sort().map((at) => {
    const { name, version, license } = readManifest(at);
    const files = readdirSync(at).filter((file) => /^(licen[cs]e|notice)(\W|$)/i.test(file));
    const text = files.map((file) => readFileSync(join(at, file), 'utf8').trim()).join('\n\n');
    return `${'='.repeat(80)}\n${name} ${version} (${license ?? 'as follows'})\n\n${text}\n`;
  });
  return texts.join('\n');
}

type Manifest = {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly imports?: object;
  readonly dependencies?: object;
};

/** What a package says of itself. */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
