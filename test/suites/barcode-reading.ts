import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Pictures read by programs that share no code with ours: zbar (QR, Code 128), libdmtx (Data Matrix), poppler (PDF to pictures).

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
/** Debian: zbar-tools, dmtx-utils. */
export const hasReaders: boolean = has('zbarimg') && has('dmtxread');
/** Debian: poppler-utils. */
export const hasPoppler: boolean = has('pdftoppm');

const exec = promisify(execFile);

/** Runs a program and answers what it said, also where it found nothing, which these programs end with a code for. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  const { stdout } = await exec(program, [...args], options).catch((thrown: { stdout?: string; killed?: boolean }) => {
    if (thrown.killed || typeof thrown.stdout !== 'string') throw thrown;
    return { stdout: thrown.stdout };
  });
  return stdout;
}

/** Everything that is read from a picture file, by kind. */
async function readFile(file: string) {
  const bars = await run('zbarimg', ['-q', '-Sdisable', '-Sqrcode.enable', '-Scode128.enable', file]);
  // A line each, `QR-Code:…`: texts of one line alone are looked for.
  const of = (type: string) =>
    bars.split('\n').flatMap((line) => (line.startsWith(`${type}:`) ? [line.slice(type.length + 1)] : []));
  const matrix = await run('dmtxread', ['-n', '-N1', file]);
  return {
    qr: of('QR-Code'),
    'code-128': of('CODE-128'),
    'data-matrix': matrix === '' ? [] : [matrix.replace(/\n$/, '')],
  };
}

export type Read = Awaited<ReturnType<typeof readFile>>;

/** What the codes of a picture say. */
export async function readPicture(picture: Buffer, ending: 'pgm' | 'ppm' | 'png' = 'pgm'): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-codes-'));
  try {
    const file = join(folder, `label.${ending}`);
    writeFileSync(file, picture);
    return await readFile(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the codes of a PDF's only page say, and its text. */
export async function readPdf(pdf: Buffer): Promise<Read & { readonly text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-codes-'));
  try {
    const file = join(folder, 'label.pdf');
    writeFileSync(file, pdf);
    await run('pdftoppm', ['-r', '300', '-gray', '-singlefile', file, join(folder, 'label')]);
    const read = await readFile(join(folder, 'label.pgm'));
    return { ...read, text: await run('pdftotext', ['-layout', file, '-']) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
