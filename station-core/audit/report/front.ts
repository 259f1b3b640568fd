import type { ExportProblem } from '../../contract/audit.ts';
import type { ShownHead } from './about.ts';
import type { Report } from './model.ts';
import type { Paper } from './paper.ts';
import { type Fact, facts, figures, heading, paragraph, quiet, subtitle, warning } from './parts.ts';
import type { InForce } from './tally.ts';
import { count, many, type Names, share, timeWords } from './words.ts';

/** What a report is of, beside the entries themselves. */
export type About = {
  readonly station: string;
  /** Of the station; nothing where the first entry of the log does not say it. */
  readonly mode: string | undefined;
  readonly software: string;
  readonly madeAt: string;
  /** Entries in the log. */
  readonly size: number;
  readonly complete: boolean;
  readonly filter: { readonly from?: string; readonly to?: string; readonly order?: string; readonly unit?: string };
  readonly head: ShownHead | undefined;
  readonly names: Names;
  readonly named: boolean;
  /** What the station found wrong with its log while it read it. */
  readonly problems: readonly ExportProblem[];
};

/** How many values of one thing are listed before the rest is only counted. */
const mostValues = 8;

/** Title, figures, scope, station and software. */
export function drawFront(paper: Paper, report: Report, about: About): void {
  heading(paper, 'H1', 'Audit report');
  paragraph(paper, `Station ${about.station} · ${periodOf(report)}`, subtitle);
  paper.space(5);
  warnings(paper, report, about);
  const { outcomes, exceptions } = report;
  figures(paper, [
    { figure: count(outcomes.units), of: 'units with a finished run' },
    { figure: count(outcomes.last.passed), of: 'passed in the end' },
    { figure: share(outcomes.firstPass, outcomes.units), of: 'passed at the first run' },
    { figure: count(exceptions.total), of: 'exceptions' },
    { figure: count(unsealed(about)), of: 'entries not yet sealed' },
  ]);
  scope(paper, report, about);
  identity(paper, report, about);
}

export const unsealed = ({ size, head }: Pick<About, 'size' | 'head'>): number => size - (head?.size ?? 0);

function periodOf({ first, last }: Report): string {
  return first && last ? `${timeWords(first.at)} to ${timeWords(last.at)}` : 'no entries';
}

function warnings(paper: Paper, { unreadable }: Report, { mode, head, problems }: About): void {
  if (mode === 'practice') warning(paper, 'Practice: this station gives identities to no real units.');
  if (unreadable.length > 0) {
    warning(
      paper,
      `Damaged entries: ${unreadable.join(', ')}. Whatever they said is missing here. The export does not hold.`,
    );
  }
  if (problems.length > 0) warning(paper, `The log is damaged. ${problemWords(problems)}`);
  if (!head) warning(paper, 'No head of this log was ever signed: nothing in this report can be proven.');
  else if (!head.holds)
    warning(paper, 'The newest head is not signed by the key that the log names. The export does not hold.');
}

/** The first ones: manifest.json has them all. */
function problemWords(problems: readonly ExportProblem[]): string {
  const some = problems.slice(0, 3).map(({ what, where }) => `${where}: ${what}.`);
  const more = problems.length - some.length;
  return [...some, ...(more > 0 ? [`And ${many(more, 'further problem')}, which manifest.json lists.`] : [])].join(' ');
}

function scope(paper: Paper, report: Report, about: About): void {
  const { filter, names, size, complete } = about;
  const asked: readonly (string | undefined)[] = [
    filter.from && `from ${timeWords(filter.from)}`,
    filter.to && `before ${timeWords(filter.to)}`,
    filter.order && `order ${filter.order}`,
    filter.unit && `unit ${names.of(filter.unit)}`,
  ];
  const { first, last } = report;
  heading(paper, 'H2', '1  Scope');
  facts(paper, [
    ['Asked for', complete ? 'the whole log' : asked.filter(Boolean).join(', ')],
    ['Entries', `${count(report.entries)} of ${count(size)} in the log`],
    ...(first && last ? [placeFact('First entry', first), placeFact('Last entry', last)] : []),
    ['Sealed', sealedWords(about)],
    [
      'Trust in the clock',
      report.clocks.map(({ name, times }) => `${name}: ${many(times, 'entry', 'entries')}`).join('; '),
    ],
    ['Times', 'UTC, as the station’s clock had them'],
    ['Report made', `${timeWords(about.madeAt)} by Birthmark ${about.software}`],
    ['People and units', about.named ? 'by name; two people agreed to it' : 'by the beginning of their commitments'],
  ]);
}

const placeFact = (name: string, { seq, at }: { seq: number; at: string }): Fact => [
  name,
  `number ${seq}, ${timeWords(at)}`,
];

function sealedWords(about: About): string {
  const { head } = about;
  const open = unsealed(about);
  if (!head) return 'no entry';
  const by = 'by the checkpoint at the end of this report';
  if (open === 0) return `the whole log, ${by}`;
  return `the first ${many(head.size, 'entry', 'entries')} of the log, ${by}; ${many(open, 'entry', 'entries')} after it not yet`;
}

function identity(paper: Paper, { identity: found }: Report, { station, mode }: About): void {
  heading(paper, 'H2', '2  Station and software');
  facts(paper, [
    ['Station', found.stations.length > 1 ? found.stations.map(({ value }) => value).join(', ') : station],
    ['Mode', mode ?? 'not known: the first entry of the log does not say it'],
    ['Origin of the log', valuesOf(found.origins)],
    ['Software', valuesOf(found.software)],
    ['HSM, serial number', valuesOf(found.hsms)],
    ['Keys used (check value)', valuesOf(found.keys)],
    [
      'Configuration, SHA-256',
      found.configs
        .slice(0, mostValues)
        .map(({ value }) => value)
        .join('\n'),
      'mono',
    ],
  ]);
  const more = found.configs.length - mostValues;
  if (more > 0) paragraph(paper, `${many(more, 'further configuration')} stand in the entries.`, quiet);
}

/** Values, and since when where there are several. */
function valuesOf(spans: readonly InForce[]): string {
  if (spans.length === 0) return 'none in these entries';
  if (spans.length === 1) return spans[0]?.value ?? '';
  const some = spans.slice(0, mostValues).map(({ value, first }) => `${value}, since entry ${first.seq}`);
  const more = spans.length - some.length;
  return [...some, ...(more > 0 ? [`and ${count(more)} more`] : [])].join('\n');
}
