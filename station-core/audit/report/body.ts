import { type Outcome, outcomes as outcomeNames } from '../../contract/run.ts';
import type { Exception } from './exceptions.ts';
import type { About } from './front.ts';
import type { Report } from './model.ts';
import type { OrderCounts } from './outcomes.ts';
import type { Paper } from './paper.ts';
import { heading, paragraph, quiet } from './parts.ts';
import type { Person } from './people.ts';
import { type Bit, type Cell, columnsOf, table } from './table.ts';
import type { Credential, UnitRow } from './units.ts';
import {
  count,
  credentialWord,
  deedWord,
  exceptionWord,
  type Names,
  outcomeMeaning,
  outcomeWords,
  reasonWords,
  share,
  sourceWord,
  tableTime,
} from './words.ts';

/** How many rows a table of people or orders has. */
const mostRows = 500;

/** What is not listed stands in the other exports; no table ends silently. */
function rest(paper: Paper, listed: number, total: number, what: string): void {
  if (listed >= total) return;
  paragraph(
    paper,
    `The first ${count(listed)} of ${count(total)} ${what} are listed; the CSV and JSONL exports hold all of them.`,
    quiet,
  );
}

export function drawOutcomes(paper: Paper, { outcomes }: Report): void {
  heading(paper, 'H2', '3  Outcomes');
  const runs = outcomeNames.reduce((sum, name) => sum + outcomes.runs[name], 0);
  const columns = columnsOf(
    ['Outcome', 90],
    ['Runs', 50, 'right'],
    ['Share', 50, 'right'],
    ['Units, last run', 70, 'right'],
    ['Meaning', 220],
  );
  table(paper, columns, [
    ...outcomeNames.map((name): Cell[] => {
      const { [name]: times } = outcomes.runs;
      const last = count(outcomes.last[name]);
      return [strong(outcomeWords[name]), count(times), share(times, runs), last, outcomeMeaning[name]];
    }),
    [strong('All'), count(runs), '', count(outcomes.units), ''],
  ]);
  orders(paper, outcomes.orders);
  if (outcomes.failures.length === 0) return;
  heading(paper, 'H3', 'Why runs did not pass');
  const whys = outcomes.failures.map(({ name, times }): Cell[] => [strong(name), count(times), reasonWords(name)]);
  table(paper, columnsOf(['Reason', 130], ['Runs', 45, 'right'], ['What the operator read', 300]), whys);
}

function orders(paper: Paper, all: readonly OrderCounts[]): void {
  if (all.length === 0) return;
  heading(paper, 'H3', 'By order');
  const columns = columnsOf(
    ['Order', 96],
    ['Recipe, SHA-256', 134],
    ['Ordered', 43, 'right'],
    ...outcomeNames.map((name) => [shortWords[name], 44, 'right'] as const),
  );
  const rows = all
    .slice(0, mostRows)
    .map(({ order, recipe, quantity, runs }): Cell[] => [
      strong(order),
      recipe === undefined ? 'not in these entries' : [mono(recipe)],
      quantity === undefined ? '' : count(quantity),
      ...outcomeNames.map((name) => count(runs[name])),
    ]);
  table(paper, columns, rows);
  rest(paper, rows.length, all.length, 'orders');
}

const shortWords = { ...outcomeWords, indeterminate: 'Indeterm.' } as const satisfies Record<Outcome, string>;

export function drawPeople(paper: Paper, { people }: Report, { names }: About): void {
  heading(paper, 'H2', '4  People');
  if (people.length === 0) {
    paragraph(paper, 'No person acted in these entries.');
    return;
  }
  const columns = columnsOf(
    ['Person', 130],
    ['Role', 90],
    ['What they did', 190],
    ['Approved', 50, 'right'],
    ['Refused', 45, 'right'],
  );
  const rows = people
    .slice(0, mostRows)
    .map((person): Cell[] => [
      name(names, person.person),
      person.roles.join(', '),
      deedsOf(person),
      count(person.approved),
      count(person.refused),
    ]);
  table(paper, columns, rows);
  rest(paper, rows.length, people.length, 'people');
}

const deedsOf = ({ deeds }: Person): string =>
  deeds.map(({ name: action, times }) => `${count(times)} × ${deedWord(action)}`).join(', ') || '–';

export function drawExceptions(paper: Paper, { exceptions }: Report, { names }: About): void {
  heading(paper, 'H2', '5  Exceptions and approvals');
  const { total, kinds, listed, approvals } = exceptions;
  if (total === 0) paragraph(paper, 'Nothing was refused, nothing failed, and nothing out of the ordinary was done.');
  else {
    const rows = kinds.map(({ action, reason, times }): Cell[] => {
      return [count(times), strong(exceptionWord(action)), [{ text: reason }], reasonWords(reason)];
    });
    table(paper, columnsOf(['Times', 36, 'right'], ['What', 140], ['Reason', 110], ['What it means', 210]), rows);
  }
  heading(paper, 'H3', 'What a second person agreed to');
  if (approvals.length === 0) paragraph(paper, 'No act that needs a second person.');
  else {
    const people = (some: readonly { name: string; times: number }[]): Cell =>
      some.map(({ name: who, times }) => ({ text: `${names.of(who)} (${times})` }));
    const rows = approvals.map(({ method, times, askers, approvers }): Cell[] => [
      strong(method),
      count(times),
      people(askers),
      people(approvers),
    ]);
    table(paper, columnsOf(['Act', 150], ['Times', 40, 'right'], ['Asked for by', 150], ['Approved by', 150]), rows);
  }
  if (total > 0) each(paper, listed, total, names);
}

function each(paper: Paper, listed: readonly Exception[], total: number, names: Names): void {
  heading(paper, 'H3', 'Each exception');
  const columns = columnsOf(
    ['Entry', 42, 'right'],
    ['Time', 88],
    ['What', 146],
    ['Where', 100],
    ['Who, and who approved', 120],
  );
  const rows = listed.map((one): Cell[] => {
    const { seq, at, action, reason, outcome, actor, role, approver } = one;
    const what: Bit[] = [{ text: exceptionWord(action), face: 'bold' }];
    const why = [outcome, reason].filter((text) => text !== undefined);
    if (why.length > 0) what.push({ text: why.join(': '), quiet: true });
    const who: Bit[] = actor === undefined ? [] : [{ text: `${names.of(actor)}${role ? ` (${role})` : ''}` }];
    if (approver !== undefined) who.push({ text: `approved: ${names.of(approver)}` });
    return [String(seq), tableTime(at), what, whereOf(one, names), who];
  });
  table(paper, columns, rows);
  rest(paper, listed.length, total, 'exceptions');
}

function whereOf({ lane, run, unit, order }: Exception, names: Names): Bit[] {
  const place = [lane !== undefined && `lane ${lane}`, run !== undefined && `run ${run}`].filter(Boolean).join(', ');
  const bits = [{ text: place || 'station' }, ...(unit === undefined ? [] : [bit(names, unit)])];
  return order === undefined ? bits : [...bits, quietly(order)];
}

export function drawUnits(paper: Paper, { units }: Report, { names }: About): void {
  heading(paper, 'H2', '6  Units and credentials');
  if (units.total === 0) {
    paragraph(paper, 'No unit was run in these entries.');
    return;
  }
  const columns = columnsOf(
    ['Unit', 97],
    ['Order', 56],
    ['Last run', 90],
    ['Credential', 62],
    ['SHA-256; serial number of a certificate', 132],
    ['Cloud', 56],
  );
  table(
    paper,
    columns,
    units.listed.map((row) => unitCells(row, names)),
  );
  rest(paper, units.listed.length, units.total, 'units');
}

function unitCells(row: UnitRow, names: Names): Cell[] {
  const { serial, registrationId, order, credential, upload } = row;
  const registration = registrationId === undefined ? [] : [{ ...bit(names, registrationId), quiet: true } as const];
  return [
    [bit(names, serial, 'bold'), ...registration],
    order ?? '',
    lastRun(row),
    credential ? credentialCell(credential) : '–',
    credential ? fingerprint(credential) : '–',
    upload ? [{ text: upload.parked ? 'parked' : 'received' }, quietly(upload.parked ?? tableTime(upload.at))] : '–',
  ];
}

function lastRun({ outcome, after, closed, reason, runs }: UnitRow): Cell {
  const ended = outcome ? outcomeWords[outcome] : 'Not ended';
  return [
    { text: after ? `${ended}, ${after}` : ended, face: 'bold' },
    ...(closed ? [quietly(tableTime(closed.at)), quietly(`entry ${closed.seq}`)] : []),
    ...(outcome === 'passed' || !reason ? [] : [quietly(reason)]),
    ...(runs > 1 ? [quietly(`${runs} runs`)] : []),
  ];
}

const credentialCell = ({ kind, source = '' }: Credential): Cell => [
  { text: credentialWord(kind) },
  quietly(sourceWord(source)),
];

function fingerprint({ sha256, serialNumber }: Credential): Cell {
  const certificate = serialNumber === undefined ? [] : [{ ...mono(serialNumber), quiet: true } as const];
  return [mono(sha256 ?? '–'), ...certificate];
}

const strong = (text: string): Cell => [{ text, face: 'bold' }];
const mono = (text: string): Bit => ({ text, face: 'mono' });
const quietly = (text: string): Bit => ({ text, quiet: true });
const bit = (names: Names, commitment: string, face: 'bold' | 'plain' = 'plain'): Bit =>
  names.isClear(commitment) ? { text: names.of(commitment), face } : { text: names.of(commitment), face: 'mono' };
const name = (names: Names, commitment: string): Cell => [bit(names, commitment, 'bold')];
