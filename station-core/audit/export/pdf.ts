import { LogKeys, shownHead } from '../report/about.ts';
import { drawReport } from '../report/draw.ts';
import type { About } from '../report/front.ts';
import { type Line, lineOf } from '../report/line.ts';
import { modeOf } from '../report/mode.ts';
import { commitmentsIn, type Report, ReportFold } from '../report/model.ts';
import { Names } from '../report/words.ts';
import type { ExportedEntry, Format, Material } from './format.ts';

/** A report for people: what happened, who did it, what came out, and what stands behind it. */
export const pdf: Format = {
  takes: 'any filter',
  names: true,
  async write(material, folder) {
    const { report, keys } = await fold(material);
    const file = folder.file('report.pdf');
    await drawReport(report, aboutOf(material, report, keys), (chunk) => file.write(chunk));
    file.end();
    return report.entries;
  },
};

/** One entry at a time: what a report says is small, whatever the log's length. */
async function fold(material: Material): Promise<{ readonly report: Report; readonly keys: LogKeys }> {
  const report = new ReportFold();
  const keys = new LogKeys();
  for await (const page of material.pages()) {
    for (const entry of page) {
      const line = lineOf(entry.seq, entry.members);
      if (line) keys.take(line);
      if (entry.asked) takeAsked(report, entry, line);
    }
  }
  return { report: report.end(), keys };
}

function takeAsked(report: ReportFold, { seq }: ExportedEntry, line: Line | undefined): void {
  if (line) report.take(line);
  else report.takeUnreadable(seq);
}

function aboutOf(material: Material, report: Report, keys: LogKeys): About {
  const { station, software, madeAt, size, complete, filter, named, head, problems } = material;
  return {
    station,
    software,
    madeAt,
    size,
    complete,
    filter,
    named,
    problems,
    mode: modeOf(material.db),
    head: head && shownHead(head, keys),
    names: new Names(named ? clearNames(material, report) : new Map()),
  };
}

function clearNames({ disclosures, filter }: Material, report: Report): ReadonlyMap<string, string> {
  const clear = new Map<string, string>();
  for (const commitment of [...commitmentsIn(report), ...(filter.unit === undefined ? [] : [filter.unit])]) {
    const value = disclosures.of(commitment)?.value;
    if (value !== undefined) clear.set(commitment, value);
  }
  return clear;
}
