import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Params } from '../contract/api.ts';
import { StationError } from '../contract/errors.ts';
import type { ErasureView, HoldView, SubjectName } from '../contract/privacy.ts';
import type { CaOptions } from './ca-people.ts';
import { byEither } from './either.ts';
import { ask, mayAsk, note, printJson } from './terminal.ts';

type Which = { readonly person?: string | undefined; readonly unit?: string | undefined };

const two = { first: 'security-officer', second: 'lead' } as const;

function subjectOf({ person, unit }: Which): SubjectName {
  if (person !== undefined) return { person };
  if (unit !== undefined) return { unit };
  throw new StationError('input.invalid', { place: '--person or --unit', expected: 'one of them', found: 'nothing' });
}

/** `birthmark privacy export`. */
export async function exportSubject(options: CaOptions & Which & { readonly out: string }): Promise<number> {
  const subject = subjectOf(options);
  return byEither(options, 'privacy export', async (call) => {
    // Before anything is given: a file that cannot be written leaves no entry that says it was.
    const file = create(options.out);
    let given = false;
    try {
      const record = await call(two, 'privacy.export', { subject });
      writeSync(file, `${JSON.stringify(record, null, 2)}\n`);
      given = true;
      const { cloud, entries, disclosures } = record;
      for (const { target, registrationId, what } of cloud) note(`Ask ${target} for ${registrationId}: ${what}.`);
      const told = { file: options.out, values: disclosures.length, entries: entries.length, cloud: cloud.length };
      if (options.json) printJson({ schema: 1, ...told });
      else process.stdout.write(`${options.out}: ${told.values} names, ${told.entries} entries of the audit trail\n`);
      return 0;
    } finally {
      closeSync(file);
      if (!given) rmSync(options.out);
    }
  });
}

function create(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    const found = String((cause as { code?: unknown }).code);
    throw new StationError('input.invalid', { place: '--out', expected: 'a new file', found }, { cause });
  }
}

/** `birthmark privacy erase`: shows first what goes and what stays, and asks for the name once more. */
export async function eraseSubject(
  options: CaOptions & Which & { readonly reason: string; readonly yes: boolean },
): Promise<number> {
  const subject = subjectOf(options);
  const { reason, yes, json } = options;
  return byEither(options, 'privacy erase', async (call) => {
    const seen = await call({ first: 'security-officer' }, 'privacy.look', { subject });
    note(textOf(seen));
    if (!yes && !(await confirmed(subject))) {
      note('Nothing was erased.');
      return 1;
    }
    const done = await call(two, 'privacy.erase', { subject, reason });
    if (json) printJson({ schema: 1, ...done });
    else process.stdout.write(`Erased: ${done.erased.values} names, ${done.erased.texts} texts.\n`);
    return 0;
  });
}

async function confirmed(subject: SubjectName): Promise<boolean> {
  if (!mayAsk()) {
    throw new StationError('input.invalid', {
      place: '--yes',
      expected: 'it, where nobody can be asked',
      found: 'nothing',
    });
  }
  const name = 'person' in subject ? subject.person : subject.unit;
  return (await ask('This cannot be undone. Type the name or serial once more')) === name;
}

function textOf({ kind, values, units, logLines, kept, cloud, files }: ErasureView): string {
  const named = Object.entries(values).map(([label, rows]) => `${rows} ${label}`);
  return [
    kind === 'person' ? 'Of the person goes:' : `Of ${units} unit${units === 1 ? '' : 's'} goes:`,
    `  ${[...named, `${logLines} lines of the log`].join(', ')}`,
    ...section(
      'What stays, and why:',
      kept.map(({ what, rows, why }) => `${rows} × ${what}. ${why}`),
    ),
    ...section(
      'What the cloud may have; the station cannot reach it afterwards (birthmark units deprovision first):',
      cloud.map(({ target, registrationId, what }) => `${target}: ${registrationId}, ${what}`),
    ),
    ...section('Files for others that name it, in the station folder; delete them yourself:', files),
    'Exports, bundles and backups that were carried away are out of reach.',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

type HoldOptions = CaOptions &
  Which & { readonly order?: string | undefined; readonly all: boolean; readonly reason: string };

/** `birthmark privacy hold`. */
export async function placeHold(options: HoldOptions): Promise<number> {
  const asked = holdOf(options);
  return byEither(options, 'privacy hold', async (call) => {
    const { hold } = await call(two, 'privacy.hold', asked);
    if (options.json) printJson({ schema: 1, hold });
    else process.stdout.write(`Hold ${hold} is in force: nothing that it covers is erased.\n`);
    return 0;
  });
}

function holdOf({ person, unit, order, all, reason }: HoldOptions): Params<'privacy.hold'> {
  if (all) return { scope: 'all', reason };
  if (order !== undefined) return { scope: 'order', name: order, reason };
  if (person !== undefined) return { scope: 'person', name: person, reason };
  if (unit !== undefined) return { scope: 'unit', name: unit, reason };
  const place = '--person, --unit, --order or --all';
  throw new StationError('input.invalid', { place, expected: 'one of them', found: 'nothing' });
}

/** `birthmark privacy release`. */
export async function releaseHold(hold: number, options: CaOptions): Promise<number> {
  return byEither(options, 'privacy release', async (call) => {
    await call(two, 'privacy.release', { hold });
    if (options.json) printJson({ schema: 1, hold, released: true });
    else process.stdout.write(`Hold ${hold} is over.\n`);
    return 0;
  });
}

/** `birthmark privacy holds`. */
export async function showHolds(options: CaOptions): Promise<number> {
  return byEither(options, 'privacy holds', async (call) => {
    const holds = await call({ first: 'security-officer' }, 'privacy.holds', {});
    if (options.json) printJson({ schema: 1, holds });
    else if (holds.length === 0) process.stdout.write('There is no legal hold.\n');
    else process.stdout.write(holds.map(lineOf).join(''));
    return 0;
  });
}

/** `3  order spring  since 2026-11-27T…: claim 2026-14`. */
function lineOf({ id, scope, name, reason, placedAt, releasedAt }: HoldView): string {
  const over = releasedAt === undefined ? '' : `, over since ${releasedAt}`;
  return `${id}  ${scope}${name === undefined ? '' : ` ${name}`}  since ${placedAt}${over}: ${reason}\n`;
}
