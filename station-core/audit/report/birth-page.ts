import type { BirthRun } from './birth.ts';
import type { BirthCertificate } from './birth-json.ts';
import { contentWidth, Paper } from './paper.ts';
import { code, type Fact, facts, figures, heading, paragraph, quiet, subtitle, warning } from './parts.ts';
import { qrModules } from './qr.ts';
import { type Bit, type Cell, columnsOf, table } from './table.ts';
import { count, credentialWord, many, Names, outcomeWords, sourceWord, tableTime, timeWords } from './words.ts';

const left = 51;
const codeSide = 126;
/** The newest ones; unit.json has all. */
const mostRuns = 4;

/** Draws the birth certificate of a unit, on one page; `write` takes the file's bytes. */
export async function drawBirth(about: BirthCertificate, write: (chunk: Uint8Array) => void): Promise<void> {
  const { station, mode, madeAt, birth, clear } = about;
  const names = new Names(clear);
  const serial = names.of(birth.serial ?? '');
  const paper = new Paper(
    {
      title: `Birth certificate of unit ${serial}`,
      subject: `What the audit trail of station ${station} says of unit ${serial}`,
      header: `Birthmark birth certificate · station ${station}`,
      stamp: mode === 'practice' ? 'PRACTICE' : undefined,
      footer: `Made ${timeWords(madeAt)} from ${many(birth.entries, 'entry', 'entries')} of the audit trail`,
      madeAt,
    },
    write,
  );
  heading(paper, 'H1', 'Birth certificate');
  paragraph(paper, `Unit ${serial} · station ${station}`, subtitle);
  paper.space(4);
  warnings(paper, about);
  verdict(paper, about);
  identity(paper, about, names);
  credential(paper, about, names);
  runs(paper, birth.runs, names);
  proof(paper, about);
  await paper.end();
}

function warnings(paper: Paper, { mode, head, birth }: BirthCertificate): void {
  if (mode === 'practice') warning(paper, 'Practice: this station gives identities to no real units.');
  if (!head.holds) warning(paper, 'The newest head is not signed by the key that the log names.');
  const after = [...laterRuns(birth.runs, birth.verdict?.seq), ...birth.after];
  const what = after.map(({ action, at }) => `${action} (${timeWords(at)})`).join(', ');
  if (after.length > 0) warning(paper, `After it was made: ${what}.`);
}

/** A unit that passed may have been run again and not have passed: nobody is to overlook that. */
const laterRuns = (all: readonly BirthRun[], seq = 0): { readonly action: string; readonly at: string }[] =>
  all.flatMap(({ run, closed, outcome }) =>
    closed && closed.seq > seq ? [{ action: `run ${run} ended ${outcome}`, at: closed.at }] : [],
  );

function verdict(paper: Paper, { birth }: BirthCertificate): void {
  const last = lastEnded(birth.runs, birth.verdict?.seq);
  figures(paper, [
    { figure: last?.outcome ? outcomeWords[last.outcome] : 'Not ended', of: 'outcome' },
    { figure: last?.closed ? last.closed.at.slice(0, 10) : '–', of: 'day (UTC)' },
    { figure: last ? `Lane ${last.lane ?? '–'}` : '–', of: 'where' },
    { figure: count(birth.runs.length), of: birth.runs.length === 1 ? 'run' : 'runs' },
  ]);
}

const lastEnded = (all: readonly BirthRun[], seq: number | undefined): BirthRun | undefined =>
  all.find(({ closed }) => closed !== undefined && closed.seq === seq);

function identity(paper: Paper, { birth, recipe }: BirthCertificate, names: Names): void {
  heading(paper, 'H2', 'Unit');
  const { serial, registrationId, mac, orders } = birth;
  facts(paper, [
    ['Serial number', names.of(serial ?? '')],
    ...optional('Registration ID', registrationId && names.of(registrationId)),
    ...optional('MAC', mac && names.of(mac)),
    ['Order', orders.join(', ')],
    ...optional('Recipe', recipe && `${recipe.name}, version ${recipe.version}`),
    ...optional('Recipe, SHA-256', birth.recipe, 'mono'),
  ]);
}

function credential(paper: Paper, about: BirthCertificate, names: Names): void {
  const { birth, recipe, certificate } = about;
  const { credential: held, endorsement, upload } = birth;
  heading(paper, 'H2', 'Credential');
  const from = held?.source && `, ${sourceWord(held.source)}`;
  const kind = held && `${credentialWord(held.kind)}${from ?? ''}`;
  facts(paper, [
    ...optional('Attestation', recipe && `${recipe.attestation.type}, ${recipe.attestation.scope}`),
    ['What it holds', kind ?? 'nothing was released to it'],
    ...optional('Delivered', held?.delivery),
    ...optional(certificate ? 'Certificate, SHA-256' : 'SHA-256', held?.sha256, 'mono'),
    ...optional('Subject', certificate?.subject),
    ...optional('Issuer', certificate?.issuer ?? birth.issuer),
    ...optional('Serial number', certificate?.serialNumber ?? held?.serialNumber, 'mono'),
    ...optional('Valid', certificate && `${timeWords(certificate.notBefore)} to ${timeWords(certificate.notAfter)}`),
    ...optional('Endorsement key, SHA-256', endorsement && names.of(endorsement.commitment), 'mono'),
    ...optional('TPM', endorsement && tpmWords(endorsement)),
    ...optional('EK certificate, SHA-256', endorsement?.certificate, 'mono'),
    ...optional('Keys of the HSM', birth.keys.map(({ value }) => value).join(', ')),
    ...optional('HSM, serial number', birth.hsms.map(({ value }) => value).join(', ')),
    ...optional('Cloud', upload && (upload.parked ? `parked: ${upload.parked}` : `received ${timeWords(upload.at)}`)),
    ['Software', birth.software.map(({ value }) => value).join(', ')],
  ]);
}

const tpmWords = ({ manufacturer, kind, genuine }: NonNullable<BirthCertificate['birth']['endorsement']>): string =>
  [manufacturer, kind, genuine && sourceWord(genuine)].filter(Boolean).join(', ');

const optional = (name: string, value: string | undefined, face?: 'mono'): Fact[] =>
  value ? [face ? [name, value, face] : [name, value]] : [];

function runs(paper: Paper, all: readonly BirthRun[], names: Names): void {
  heading(paper, 'H2', all.length > mostRuns ? `The last ${mostRuns} of ${all.length} runs` : 'Runs');
  const columns = columnsOf(
    ['Run', 44, 'right'],
    ['Began', 92],
    ['Ended', 92],
    ['Outcome', 110],
    ['Lane', 44, 'right'],
    ['Started by', 117],
  );
  const rows = all.slice(-mostRuns).map(({ run, lane, opened, closed, outcome, reason, actor, role }): Cell[] => {
    const why: readonly Bit[] = reason ? [{ text: reason, quiet: true }] : [];
    const who = actor === undefined ? '–' : `${names.of(actor)}${role ? ` (${role})` : ''}`;
    const ended: Cell = closed ? [{ text: tableTime(closed.at) }, { text: `entry ${closed.seq}`, quiet: true }] : '–';
    const what: Cell = [{ text: outcome ? outcomeWords[outcome] : 'Not ended', face: 'bold' }, ...why];
    return [String(run), tableTime(opened.at), ended, what, lane === undefined ? '–' : String(lane), who];
  });
  table(paper, columns, rows);
}

function proof(paper: Paper, { head, birth }: BirthCertificate): void {
  heading(paper, 'H2', 'Proof', codeSide);
  const { y } = paper;
  const x = left + contentWidth - codeSide;
  const alt = 'QR code of the signed checkpoint, which is the file checkpoint';
  if (head.holds) paper.figure(qrModules(head.note), x, y - 6, codeSide, alt);
  const width = contentWidth - codeSide - 12;
  facts(
    paper,
    [
      ['Entry with the outcome', `number ${birth.verdict?.seq}; unit.tlog-proof shows that it is in the log`],
      ['Log', head.origin],
      ['Entries sealed', count(head.size)],
      ['Root of the tree', head.root, 'mono'],
      ['Key, SHA-256', head.fingerprint ?? 'no entry names it', 'mono'],
      ...optional('In the code', head.holds ? undefined : 'nothing: the checkpoint does not hold'),
    ],
    width,
    112,
  );
  paper.space(3);
  code(paper, 'birthmark-verify --key log.key FOLDER', width);
  const how =
    'The folder of this certificate proves it, with the public key of the log; this page alone proves nothing. ' +
    'The code is the signed checkpoint.';
  paper.write('P', paper.block(how, quiet, width));
  paper.y = Math.max(paper.y, y + codeSide - 4);
}
