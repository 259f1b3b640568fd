// The shell that the station brings: a loop in the unit's own sh that takes one checked line at a time and answers in checked
// lines. It is no editor, keeps no history and shows no prompt, so nothing depends on which shell a unit has.
import { createHash } from 'node:crypto';
import { ownMark } from './linux-console-screen.ts';

/**
 * In pieces that fit the line editors of small shells, some of which take 256 bytes with what is typed around them.
 * POSIX sh without single quotes, since it is typed between such. A line is an id, the first 12 digits of the SHA-256 of id and
 * command, and the command: one that arrived damaged is not run, one that arrived twice is run once, and what became of the last one
 * is answered either way, also to an empty line. A stop character out of noise must not stop the terminal. Answers go around what a command redirects, on descriptor 3. An answer begins on a
 * line of its own, since kernel messages end anywhere. TMOUT would end `read` in a shell that is bash.
 */
export const loopPieces: readonly string[] = [
  'p=$1;q=$2;i=0;r=0;unset TMOUT;exec 3>&1 4<&0;S=$(stty -g 2>/dev/null);stty -echo icanon icrnl -ixon 2>/dev/null;',
  'k(){ s=$(printf %s "$1"|sha256sum);printf %.12s "$s";};' +
    'f(){ printf "\\n%s%s:%s:%s;\\n" "$p" "$q" "$1" "$(k "$1")" >&3;};',
  'trap "stty $S <&4 2>/dev/null;f bye" EXIT;trap "exit 1" INT HUP TERM;f $i:$r;',
  'while IFS=" " read -r t c l;do if [ "$t" ]&&[ "$t" != "$i" ]&&[ "$(k "$t $l")" = "$c" ];then i=$t;',
  'eval "$l" </dev/null >/dev/null 2>&1;r=$?;fi;f $i:$r;done',
];

/** Digits of a SHA-256 that a line is checked by: 48 bits, against noise, not against an attacker. */
const checkDigits = 12;

/** What guards a line: a digest of its first bytes. */
export const checkOf = (...pieces: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex').slice(0, checkDigits);
};

/** A line that the loop runs, with its line feed. The caller zeroes it when the command is secret. */
export function lineFor(id: string, command: Uint8Array): Buffer {
  const head = `${id} `;
  return Buffer.concat([Buffer.from(`${head}${checkOf(head, command)} `), command, Buffer.from('\n')]);
}

/**
 * A mark in two pieces. They are typed apart and printed together, so what was typed, and is echoed, never passes for an answer.
 */
export type Mark = { readonly first: string; readonly second: string; readonly whole: string };

export function newMark(random: Buffer): Mark {
  const first = ownMark + random.toString('hex', 0, 4);
  const second = random.toString('hex', 4, 8);
  return { first, second, whole: first + second };
}

/** What the loop answers: the last command that it ran and its exit code, a line of what is read, or that it has ended. */
export type Answer =
  | { readonly kind: 'status'; readonly id: string; readonly code: number }
  | { readonly kind: 'line'; readonly id: string; readonly number: number; readonly text: string }
  | { readonly kind: 'bye' };

/** Reads what followed the mark, or nothing for a line that was damaged on its way. */
export function readAnswer(marked: string): Answer | undefined {
  const parts = /^:([^;]*):([0-9a-f]{12});/.exec(marked);
  const body = parts?.[1];
  if (body === undefined || checkOf(body) !== parts?.[2]) return undefined;
  if (body === 'bye') return { kind: 'bye' };
  const [, id, number, text] = /^([\w.]+):(\d{1,6})(?::(.*))?$/.exec(body) ?? [];
  if (id === undefined || number === undefined) return undefined;
  if (text === undefined) return { kind: 'status', id, code: Number(number) };
  return { kind: 'line', id, number: Number(number), text };
}
