import { writeDisclosures } from './disclosures.ts';
import type { Format } from './format.ts';
import { EntryLines } from './lines.ts';

/** The evidence bundle: the bytes of every entry, and with a filter the proof that each of them is in the log. */
export const jsonl: Format = {
  takes: 'any filter',
  names: true,
  async write(material, folder) {
    const lines = new EntryLines(material, folder);
    const { disclosures } = material;
    let written = 0;
    for await (const page of material.pages()) {
      for (const entry of page) {
        lines.write(entry);
        if (material.named) disclosures.mention(entry.bytes);
      }
      written += page.length;
    }
    lines.end();
    if (material.named) writeDisclosures(folder, disclosures.mentioned());
    return written;
  },
};
