import type { ShownHead } from './about.ts';
import { type About, unsealed } from './front.ts';
import { contentWidth, type Paper } from './paper.ts';
import { code, type Fact, facts, heading, paragraph, signatures } from './parts.ts';
import { qrModules } from './qr.ts';
import { count, many } from './words.ts';

const left = 51;
/** 44 mm: a phone reads a code of 85 modules in it from a hand's distance. */
const codeSide = 126;
/** A checkpoint has some 400 characters; a damaged one may have any number. */
const mostOfNote = 2_000;

/** The checkpoint, how to check the report, and where to sign. */
export function drawEnd(paper: Paper, about: About): void {
  drawCheckpoint(paper, '7  Checkpoint', about);
  heading(paper, 'H2', '8  How to check this report');
  paragraph(
    paper,
    'This document proves nothing by itself. The folder that it came in holds the signed heads of the log, and a seal by which ' +
      'the log itself names this file; where seal.json is missing, nobody vouches for it. On any computer with Node, and with the public key of the log from the record of its ceremony:',
  );
  code(paper, 'birthmark audit key --station DIR > log.key\nbirthmark-verify --key log.key FOLDER');
  paragraph(
    paper,
    'The first command asks the station for its key; take the key from the ceremony’s record where you do not trust the station. ' +
      'The second ends without an error only when every byte of the folder is what the log vouches for. Compare the checkpoint ' +
      'with the one that it prints.',
  );
  heading(paper, 'H2', '9  Signatures', 130);
  signatures(paper, ['Auditor', 'For the owner of the station']);
}

/** The newest signed head as text and as a code, side by side. */
export function drawCheckpoint(paper: Paper, title: string, about: Pick<About, 'head' | 'size'>): void {
  const { head } = about;
  heading(paper, 'H2', title, codeSide + 30);
  if (!head) {
    paragraph(paper, 'None was signed yet.');
    return;
  }
  const { y } = paper;
  const alt = 'QR code of the signed checkpoint below';
  // What does not hold is not to be carried further.
  if (head.holds) paper.figure(qrModules(head.note), left + contentWidth - codeSide, y - 4, codeSide, alt);
  const width = contentWidth - codeSide - 12;
  facts(paper, checkpointFacts(head, unsealed(about)), width, 112);
  paper.y = Math.max(paper.y, y + codeSide - 4);
  paper.space(4);
  code(paper, head.note.slice(0, mostOfNote).trimEnd());
}

function checkpointFacts(head: ShownHead, open: number): Fact[] {
  const { origin, size, root, fingerprint } = head;
  return [
    ['Origin', origin],
    [
      'Entries it covers',
      open === 0 ? `${count(size)}, all of the log` : `${count(size)}; ${many(open, 'entry', 'entries')} after it`,
    ],
    ['Root of the tree', root, 'mono'],
    ['Key, SHA-256', fingerprint ?? 'no entry names the key that signed it', 'mono'],
    ['Signature', head.holds ? 'holds under this key' : 'DOES NOT HOLD'],
    ['In the code', head.holds ? 'the whole signed checkpoint, as below' : 'nothing'],
  ];
}
