import type { Hsm } from '../../drivers/hsm/hsm.ts';
import { hsms } from '../../drivers/hsm/registry.ts';
import { StationError } from '../contract/errors.ts';
import type { HsmView } from '../contract/record.ts';
import { hsmViewOf } from '../hsm-view.ts';

type Named = { readonly module: string; readonly tokenLabel: string };

/** A PIN that nobody used by then was left lying about. */
const keptForMs = 30 * 60_000;

/**
 * The token that set-up chose, and its PIN from the moment that the token took it until the station has it: in one Buffer, which is
 * zeroed then, with another token, or after a while.
 */
export class ChosenToken {
  #named: Named | undefined;
  #hsm: Hsm | undefined;
  #pin: Buffer | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Opens another token, locked. Throws `hsm.down`. */
  async use(named: Named): Promise<HsmView> {
    await this.forget();
    const hsm = await hsms.pkcs11(named);
    this.#hsm = hsm;
    this.#named = named;
    return hsmViewOf(await hsm.status());
  }

  /** Logs in, once: a wrong PIN costs the token a try. The Buffer is taken over. Throws `hsm.pin`, `setup.no-pin`. */
  async unlock(pin: Buffer): Promise<HsmView> {
    this.#erase();
    try {
      if (!this.#hsm) throw new StationError('setup.no-pin');
      await this.#hsm.unlock(Buffer.from(pin));
      this.#pin = Buffer.from(pin);
      this.#timer = setTimeout(() => this.#erase(), keptForMs);
      return hsmViewOf(await this.#hsm.status());
    } finally {
      pin.fill(0);
    }
  }

  /** A copy of the PIN that this very token took, the receiver's to zero. Throws `setup.no-pin`. */
  async pin({ module, tokenLabel }: Named): Promise<Buffer> {
    const mine = this.#named?.module === module && this.#named.tokenLabel === tokenLabel;
    if (!mine || !this.#pin) throw new StationError('setup.no-pin');
    return Buffer.from(this.#pin);
  }

  async forget(): Promise<void> {
    this.#erase();
    const hsm = this.#hsm;
    this.#hsm = undefined;
    this.#named = undefined;
    await hsm?.close();
  }

  #erase(): void {
    clearTimeout(this.#timer);
    this.#pin?.fill(0);
    this.#pin = undefined;
  }
}
