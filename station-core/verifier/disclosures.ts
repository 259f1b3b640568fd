import { createHmac } from 'node:crypto';
import { type Findings, Wrong } from './findings.ts';
import type { Folder } from './folder.ts';
import { canonicalJson, isCommitment, isHash, isText, members, textOf } from './strict.ts';

const file = 'disclosures.jsonl';
const lineLimit = 1 << 20;
/** They are the one thing that is held in memory until the end, some 100 bytes each. */
const most = 2_000_000;

const shape = { commitment: isCommitment, label: isText, salt: isHash, value: isText };

/** Clear values, each shown to be what a commitment in an entry stands for. */
export class Disclosures {
  readonly #unseen = new Set<string>();

  /** Reads them all: what each says is what was committed to. */
  read(folder: Folder, findings: Findings): void {
    let line = 0;
    let before = '';
    findings.attempt({ file }, () => {
      for (const bytes of folder.lines(file, lineLimit)) {
        line++;
        if (line > most) throw new Wrong(`it has more than ${most} lines`);
        findings.attempt({ file, line }, () => {
          const { commitment, label, salt, value } = members(canonicalJson(textOf(bytes, 1)), shape, {});
          const committed = createHmac('sha256', Buffer.from(salt, 'base64'))
            .update(JSON.stringify({ [label]: value }))
            .digest('base64');
          if (commitment !== `hmac-sha256:${committed}`) throw new Wrong('its commitment is to another value');
          if (commitment <= before) throw new Wrong('it stands out of order');
          before = commitment;
          this.#unseen.add(commitment);
        });
      }
    });
  }

  /** The text of an entry: the commitments in it are in the log. */
  strike(entry: string): void {
    if (this.#unseen.size === 0) return;
    for (const [commitment] of entry.matchAll(/hmac-sha256:[A-Za-z0-9+/]{43}=/g)) this.#unseen.delete(commitment);
  }

  /** After the last entry: what was disclosed and stands in none. */
  end(findings: Findings): void {
    for (const commitment of this.#unseen) findings.add(`no entry holds ${commitment}`, { file });
  }
}
