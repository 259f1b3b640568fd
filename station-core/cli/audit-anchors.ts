import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import type { Method, Params, Result } from '../contract/api.ts';
import type { AnchorView, CheckpointView } from '../contract/audit-anchors.ts';
import { sentence } from '../contract/errors.ts';
import { readCarried } from './bundle.ts';
import { writeNew } from './ca-files.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { ownerOf, type Roles } from './owner.ts';
import { note, printJson } from './terminal.ts';

/** Adds to `audit` what people do with heads outside of the station. */
export function addAnchors(audit: Command, ended: Ended): void {
  forOne(audit.command('checkpoint'))
    .description('Sign the head of the audit trail now, and print its code for the shift book.')
    .option('--shift-end', 'the shift ends', false)
    .option('--out <file>', 'write the checkpoint into a new file, too')
    .action((options) => ended(auditCheckpoint(options)));
  forOne(audit.command('compare'))
    .description(
      'Compare the audit trail with a checkpoint: a file, the folder of an export, or a code out of the shift book.',
    )
    .argument('<file or code>', 'what you have')
    .addHelpText('after', '\nExample:\n  birthmark audit compare 1234-7K3M-9QXZ-5T0E-W2B8-HV')
    .action((what, options) => ended(auditCompare(what, options)));
  forOne(audit.command('anchors'))
    .description('Show whether the audit trail is stopped, its newest head, and where copies of that are.')
    .action((options) => ended(auditAnchors(options)));
  forTwo(audit.command('reconcile'))
    .description('Go on although an anchor knows another head, under another origin: the security officer and a lead.')
    .requiredOption('--size <n>', 'the size that the stop names', wholeFrom(1, Number.MAX_SAFE_INTEGER))
    .requiredOption('--root <base64>', 'the root that the stop names')
    .action((options) => ended(auditReconcile(options)));
}

/** Makes a call of the process that holds the folder, or opens the station for it when nobody does. */
export async function ask<M extends Method>(
  options: CaOptions,
  roles: Roles,
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  const owner = await ownerOf(options.station);
  if (owner) {
    try {
      return await owner.call(roles, options, method, params);
    } finally {
      owner.close();
    }
  }
  const { first, second } = roles;
  return atStation(options, method.replace('.', ' '), (opened) =>
    second
      ? callAgreed(opened, options, method, params, { first, second })
      : callAs(opened, first, options, method, params),
  );
}

async function auditCheckpoint(options: CaOptions & { shiftEnd: boolean; out?: string | undefined }): Promise<number> {
  const { shiftEnd, out, json } = options;
  const sign = () => ask(options, { first: 'lead' }, 'audit.checkpoint', { shiftEnd });
  const files = out === undefined ? [] : [out];
  const made = await writeNew(files, sign, (view) => (out === undefined ? [] : [view.note]));
  if (json) printJson({ schema: 1, ...made });
  else process.stdout.write(textOf(made));
  noteProblems(made.anchors);
  return 0;
}

/** Answers 0 only when the log holds the head. */
async function auditCompare(what: string, options: CaOptions): Promise<number> {
  const params = existsSync(what) ? { note: readNote(what) } : { code: what };
  const compared = await ask(options, { first: 'lead' }, 'audit.compare', params);
  const { verdict, size, entries } = compared;
  if (options.json) printJson({ schema: 1, ...compared });
  else if (verdict === 'same')
    process.stdout.write(`The audit trail of ${entries} entries holds this head of ${size}.\n`);
  else process.stdout.write(`This head of ${size} entries was left behind when two people reconciled.\n`);
  return verdict === 'same' ? 0 : 1;
}

/** As text in UTF-8: a note has dashes that latin1 has not. The folder of an export has one as well. */
function readNote(path: string): string {
  const file = statSync(path).isDirectory() ? join(path, 'checkpoint') : path;
  return Buffer.from(readCarried(file), 'latin1').toString('utf8');
}

/** Answers 0 while the audit trail is not stopped. */
async function auditAnchors(options: CaOptions): Promise<number> {
  const view = await ask(options, { first: 'auditor' }, 'audit.anchors', {});
  const { stopped, head, unsealed, anchors } = view;
  if (options.json) printJson({ schema: 1, ...view });
  else {
    const newest = head ? `${head.size} entries, root ${head.root}` : 'none yet';
    const lines = [`Newest signed head: ${newest}`, `Entries that no head covers: ${unsealed}`];
    for (const { name, problem } of anchors)
      lines.push(`Anchor: ${name}${problem === undefined ? '' : ` (${problem})`}`);
    if (stopped) lines.push(`STOPPED. ${sentence(stopped)}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return stopped ? 1 : 0;
}

async function auditReconcile(options: CaOptions & { size: number; root: string }): Promise<number> {
  const { size, root, json } = options;
  const roles = { first: 'security-officer', second: 'lead' } as const;
  const made = await ask(options, roles, 'audit.reconcile', { size, root });
  if (json) printJson({ schema: 1, ...made });
  else process.stdout.write(`The audit trail goes on under another origin and another key.\n${textOf(made)}`);
  noteProblems(made.anchors);
  return 0;
}

const textOf = ({ origin, size, code, key }: CheckpointView): string =>
  `Origin   ${origin}\nEntries  ${size}\nKey      ${key}\nCode     ${code}\n`;

function noteProblems(anchors: readonly AnchorView[]): void {
  for (const { name, problem } of anchors) if (problem !== undefined) note(`No copy in ${name}: ${problem}`);
}
