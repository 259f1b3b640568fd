import type { ErrorCode } from '../../station-core/contract/errors.ts';

/** What the help says of one code. Who is to blame stands in the contract's table, and is not said twice. */
export type Page = {
  /** What happened, and why it matters. */
  readonly means: string;
  /** What to do, in order: the person at the line first, then whom to call. */
  readonly steps: readonly string[];
  /** What a lead or security officer looks at. */
  readonly lead: string;
};

export type Pages = Readonly<Record<ErrorCode, Page>>;

/** The pages of some codes: a file has those of one area. */
export type Part = Readonly<Partial<Record<ErrorCode, Page>>>;

/** Steps and remarks that many pages have, so that each is said in one way. */
export type Phrases = {
  readonly again: string;
  readonly reseat: string;
  readonly aside: string;
  readonly asideIf: string;
  readonly bothAside: string;
  readonly notAgain: string;
  readonly goOn: string;
  readonly lead: string;
  readonly officer: string;
  readonly released: string;
  readonly look: string;
};
