import type { Anchor } from './anchor.ts';
import { FolderAnchor, type FolderNeed } from './folder.ts';
import { TokenAnchor, type TokenNeed } from './token.ts';

/** How each anchor is made that answers at once. The cloud does not: it is compared at each of its answers (cloud.ts). */
export const anchors = {
  token: (need: TokenNeed) => new TokenAnchor(need),
  folder: (need: FolderNeed) => new FolderAnchor(need),
} as const satisfies Record<string, (need: never) => Anchor>;
