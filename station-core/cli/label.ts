import { StationError, sentence } from '../contract/errors.ts';
import type { LabelCode, LabelFormat, LabelsView } from '../contract/label.ts';
import { ask } from './audit-anchors.ts';
import { writeNew } from './ca-files.ts';
import type { CaOptions } from './ca-people.ts';
import type { Roles } from './owner.ts';
import { note, printJson } from './terminal.ts';

// The commands behind `birthmark label`. Who serves the folder is asked; where nobody does, the station is opened for it.

type ToFile = { readonly pdf?: string | undefined; readonly zpl?: string | undefined };
type PrintOptions = CaOptions & ToFile & { readonly order?: string | undefined; readonly printer?: string | undefined };

const who = { first: 'technician' } as const satisfies Roles;

/** `birthmark label print`: 0 when it came out, 1 when it waits for its printer. */
export async function labelPrint(serial: string, options: PrintOptions): Promise<number> {
  const { order, printer, json } = options;
  const which = { serial, ...(order === undefined ? {} : { order }) };
  const to = fileOf(options);
  if (to) {
    const made = await writeLabel(to.file, () => ask(options, who, 'label.file', { ...which, format: to.format }));
    if (json) printJson({ schema: 1, label: made.label, copy: made.copy, file: to.file, codes: made.codes });
    else process.stdout.write(`${to.file}: copy ${made.copy}, reads as\n${linesOf(made.codes)}`);
    return 0;
  }
  const named = printer === undefined ? {} : { printer };
  const asked = await ask(options, who, 'label.reprint', { ...which, ...named });
  if (json) printJson({ schema: 1, ...asked });
  else
    process.stdout.write(
      `${serial}: copy ${asked.copy} ${asked.state === 'printed' ? 'came out of' : 'waits for'} ${asked.printer}\n`,
    );
  if (asked.error) note(`${sentence(asked.error)} [${asked.error.code}]`);
  return asked.state === 'printed' ? 0 : 1;
}

/** `birthmark label preview`. */
export async function labelPreview(template: string, options: CaOptions & ToFile): Promise<number> {
  const to = fileOf(options);
  if (!to)
    throw new StationError('input.invalid', { place: '--pdf or --zpl', expected: 'a new file', found: 'nothing' });
  const made = await writeLabel(to.file, () => ask(options, who, 'label.preview', { template, format: to.format }));
  if (options.json) printJson({ schema: 1, template, file: to.file, codes: made.codes });
  else process.stdout.write(`${to.file}: reads as\n${linesOf(made.codes)}`);
  return 0;
}

/** `birthmark label test`. */
export async function labelTest(template: string, options: CaOptions & { readonly printer: string }): Promise<number> {
  const { printer, json } = options;
  await ask(options, who, 'label.test', { template, printer });
  if (json) printJson({ schema: 1, template, printer });
  else process.stdout.write(`A test label came out of ${printer}\n`);
  return 0;
}

/** `birthmark label list`: 1 when labels wait. */
export async function labelList(options: CaOptions): Promise<number> {
  const look = await ask(options, who, 'labels.look', {});
  if (options.json) printJson({ schema: 1, ...look });
  else process.stdout.write(listed(look));
  return look.waiting.length === 0 ? 0 : 1;
}

const listed = ({ printers, templates, waiting }: LabelsView): string =>
  [
    ...printers.map(({ name, kind, lanes, error }) => {
      const whose = lanes ? `lanes ${lanes.join(', ') || 'none'}` : 'all other lanes';
      return ['printer', name, kind, whose, error ? `${sentence(error)} [${error.code}]` : ''].join('\t');
    }),
    ...templates.map((name) => `template\t${name}`),
    ...waiting.map(({ serial, order, template, printer = 'a person', error }) => {
      const why = error ? `${sentence(error)} [${error.code}]` : '';
      return ['waits', serial, order, template, printer, why].join('\t');
    }),
    waiting.length === 0 ? 'No label waits.' : '',
  ]
    .filter((line) => line !== '')
    .map((line) => `${line.trimEnd()}\n`)
    .join('');

function fileOf({ pdf, zpl }: ToFile): { readonly file: string; readonly format: LabelFormat } | undefined {
  if (pdf !== undefined) return { file: pdf, format: 'pdf' };
  return zpl === undefined ? undefined : { file: zpl, format: 'zpl' };
}

const writeLabel = <T extends { readonly bytes: string }>(file: string, make: () => Promise<T>): Promise<T> =>
  writeNew([file], make, ({ bytes }) => [Buffer.from(bytes, 'base64')]);

const linesOf = (codes: readonly LabelCode[]): string => codes.map(({ kind, text }) => `  ${kind}\t${text}\n`).join('');
