import type { Hsm } from '../../drivers/hsm/hsm.ts';
import type { Anchor } from './anchor.ts';

export type TokenNeed = { readonly hsm: Pick<Hsm, 'readAnchor' | 'writeAnchor'>; readonly label: string };

/** A data object of the token with the log's key: whoever copies the station's disk back does not have it. */
export class TokenAnchor implements Anchor {
  readonly name = 'the token';
  readonly #need: TokenNeed;

  constructor(need: TokenNeed) {
    this.#need = need;
  }

  async read(): Promise<string | undefined> {
    return (await this.#need.hsm.readAnchor(this.#need.label))?.toString('utf8');
  }

  async write(note: string): Promise<void> {
    await this.#need.hsm.writeAnchor(this.#need.label, Buffer.from(note, 'utf8'));
  }
}
