import { beginsPrivateKey, endsPrivateKey, looksSecret } from '../../station-core/contract/secretive.ts';
import { unreadable } from './lines.ts';

/** What stands for a line that is not kept. */
export const hiddenLine = '[a line that looks like a secret was left out]';

/** Private keys in PEM have fewer lines. */
const longestKey = 500;

/**
 * Takes the lines of one way, in their order, and gives back those that may be kept. A private key in PEM is hidden from its first line
 * to its last, whatever is between them.
 */
export class Hiding {
  /** Lines that are still hidden, since a key began. */
  #left = 0;

  /** The line, or what stands for it. */
  shown(line: string): string {
    const inside = this.#left > 0;
    if (beginsPrivateKey(line)) this.#left = longestKey;
    else if (inside) this.#left--;
    if (endsPrivateKey(line)) this.#left = 0;
    return inside || isSecret(line) ? hiddenLine : line;
  }
}

/** Also without what cannot be printed: zero bytes between letters hide nothing from a person. */
const isSecret = (line: string): boolean =>
  looksSecret(line) || (line.includes(unreadable) && looksSecret(line.replaceAll(unreadable, '')));
