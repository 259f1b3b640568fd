import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openPtyTo, type Pty } from './pty.ts';

/**
 * Places where adapters are plugged in, with a link for each in one folder, as udev keeps them. Behind each adapter is a fixture; cables
 * may be swapped. The system gives a new terminal the lowest free number, so that a number is soon another adapter's. Plugging and
 * pulling go one after the other, as with two hands.
 */
export class Plugs {
  readonly folder: string;
  /** How often something was plugged in. */
  plugged = 0;
  readonly #socketOf: (fixture: number) => string;
  readonly #there = new Map<number, { readonly pty: Pty; readonly fixture: number }>();
  readonly #cables = new Map<number, number>();
  #hands: Promise<unknown> = Promise.resolve();

  constructor(folder: string, socketOf: (fixture: number) => string) {
    this.folder = folder;
    this.#socketOf = socketOf;
    mkdirSync(folder, { recursive: true });
  }

  path(place: number): string {
    return join(this.folder, `pci-usb-0:${place}:1.0-port0`);
  }

  /** The fixture whose cable belongs to the place now. */
  fixtureOf(place: number): number {
    return this.#cables.get(place) ?? place;
  }

  /** Plugs adapters in, in this order; what is there is pulled before. `then` comes at once after the last. */
  plug(places: readonly number[], then: () => Promise<void> = async () => undefined): Promise<void> {
    return this.#inTurn(async () => {
      for (const place of places) await this.#pull(place);
      for (const place of places) await this.#plug(place);
      await then();
    });
  }

  pull(places: readonly number[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const place of places) await this.#pull(place);
    });
  }

  /** The adapters of two places come back each at the other's. */
  swap(one: number, other: number, then: () => Promise<void> = async () => undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#pull(one);
      await this.#pull(other);
      const fixture = this.fixtureOf(one);
      this.#cables.set(one, this.fixtureOf(other));
      this.#cables.set(other, fixture);
      await this.#plug(other);
      await this.#plug(one);
      await then();
    });
  }

  /** Every cable is where it belongs, and nothing is plugged in. */
  async clear(): Promise<void> {
    await this.#inTurn(async () => {
      for (const place of [...this.#there.keys()]) await this.#pull(place);
      this.#cables.clear();
    });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#hands.then(act);
    // Whoever asked hears of a failure; the next one's turn comes all the same.
    this.#hands = turn.catch(() => undefined);
    return turn;
  }

  async #plug(place: number): Promise<void> {
    const fixture = this.fixtureOf(place);
    const pty = await openPtyTo(`UNIX-CONNECT:${this.#socketOf(fixture)}`);
    const made = `${this.path(place)}.new`;
    symlinkSync(realpathSync(pty.path), made);
    renameSync(made, this.path(place));
    this.#there.set(place, { pty, fixture });
    this.plugged += 1;
  }

  async #pull(place: number): Promise<void> {
    rmSync(this.path(place), { force: true });
    await this.#there.get(place)?.pty.cut();
    this.#there.delete(place);
  }
}
