import { drawExceptions, drawOutcomes, drawPeople, drawUnits } from './body.ts';
import { drawEnd } from './end.ts';
import { type About, drawFront } from './front.ts';
import type { Report } from './model.ts';
import { Paper } from './paper.ts';
import { timeWords } from './words.ts';

/** Draws the report; `write` takes the file's bytes. Resolves when all were given. */
export async function drawReport(report: Report, about: About, write: (chunk: Uint8Array) => void): Promise<void> {
  const { station, mode, madeAt, head } = about;
  const paper = new Paper(
    {
      title: `Audit report of station ${station}`,
      subject: `Entries ${report.first?.seq ?? '–'} to ${report.last?.seq ?? '–'} of the audit trail`,
      header: `Birthmark audit report · station ${station}`,
      stamp: mode === 'practice' ? 'PRACTICE' : undefined,
      footer: `Made ${timeWords(madeAt)} · checkpoint of ${head ? `${head.size} entries` : 'no entry'}`,
      madeAt,
    },
    write,
  );
  drawFront(paper, report, about);
  drawOutcomes(paper, report);
  drawPeople(paper, report, about);
  drawExceptions(paper, report, about);
  drawUnits(paper, report, about);
  drawEnd(paper, about);
  await paper.end();
}
