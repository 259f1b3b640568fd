/** Where in the export: a file, a line of it counted from 1, an entry counted from 0. */
export type Position = { readonly file: string; readonly entry?: number; readonly line?: number };
export type Problem = Position & { readonly what: string };

/** Something does not hold, and nothing can be read beyond it. Who reads knows where that is. */
export class Wrong extends Error {}
/** It was made by a version that this verifier does not know: whatever follows may mean something else. */
export class Newer extends Wrong {}
/** Enough problems were found. */
export class Enough extends Error {}

const most = 20;

/** What stands in files may have been written to move a terminal's cursor. */
const plain = (text: string) => text.slice(0, 1_000).replaceAll(/\p{C}/gu, '?');

/** What was found: problems, any of which means that the export does not hold, and what a reader should know beside. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly notices: string[] = [];

  /** Throws Enough at the twentieth problem. */
  add(what: string, at: Position): void {
    this.problems.push({ ...at, file: plain(at.file), what: plain(what) });
    if (this.problems.length >= most) throw new Enough();
  }

  /** What is no problem, and has to be known. */
  note(what: string): void {
    if (this.notices.length < most) this.notices.push(plain(what));
  }

  /** Keeps what is Wrong, with its position; throws everything else on. */
  caught(thrown: unknown, at: Position): void {
    if (!(thrown instanceof Wrong)) throw thrown;
    this.add(thrown.message, at);
    if (thrown instanceof Newer) throw new Enough();
  }

  /** What `act` answers; nothing when it found something Wrong, which is kept with its position. */
  attempt<T>(at: Position, act: () => T): T | undefined {
    try {
      return act();
    } catch (thrown) {
      this.caught(thrown, at);
      return undefined;
    }
  }
}
