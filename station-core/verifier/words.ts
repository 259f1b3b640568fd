import type { Problem } from './findings.ts';
import type { Answer } from './verify.ts';

const number = (n: number) => n.toLocaleString('en-US');

/** The answer for people: what was checked, what was found. */
export function inWords(answer: Answer): string {
  const { ok, problems, notices } = answer;
  const title = ok
    ? 'Everything that was checked holds.'
    : `THIS EXPORT DOES NOT HOLD. ${problems.length === 1 ? 'One problem' : `${problems.length} problems`}:`;
  const found = problems.map((problem) => `  ${positionOf(problem)}: ${problem.what}`);
  const known = notices.map((notice) => `  note      ${notice}`);
  return `${[title, ...found, '', ...checked(answer), ...known].join('\n')}\n`;
}

function checked({ ok, kind, complete, entries, sealed, unsealed, heads, seal, key, newest }: Answer): string[] {
  if (kind === null) return ['  Nothing could be checked.'];
  const pinned = key.pinned
    ? 'the key that you gave vouches for it'
    : `no key that you gave vouches for it${ok ? ': the export is self-consistent only' : ''}`;
  return [
    `  export    ${kind}, ${complete ? 'of the whole log' : 'of a part of the log'}`,
    `  entries   ${number(entries)} read${newest === null ? '' : `, the newest of ${newest}`}`,
    `  sealed    ${number(sealed)} entries of the log by the newest head; not yet sealed: ${number(unsealed)}`,
    `  heads     ${number(heads)}, each with its signatures and the proof that it holds the one before`,
    `  seal      ${seal ? 'the log itself names this export' : 'none that holds'}`,
    `  key       SHA-256 ${key.fingerprint ?? '(none)'}`,
    `            ${pinned}`,
  ];
}

function positionOf({ file, entry, line }: Problem): string {
  const at = line === undefined ? file : `${file}, line ${line}`;
  return entry === undefined ? at : `entry ${entry} (${at})`;
}
