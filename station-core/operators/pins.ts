import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** HMAC under an HSM key, so that a stolen database cannot be searched for PINs without the HSM. */
export type Pepper = (pin: Buffer) => Promise<Buffer>;

/** What a PIN or a one-time code is checked by. */
export type Verifier = { readonly salt: Buffer; readonly verifier: Buffer };

/** N=2^17, r=8: about 0.35 s and 128 MiB for each guess (OWASP's figure for scrypt); off the event loop. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

const codeDigits = 8;

/** Checks PINs, and makes what they are checked by. */
export class Pins {
  readonly #pepper: Pepper;

  constructor(pepper: Pepper) {
    this.#pepper = pepper;
  }

  async seal(pin: Buffer): Promise<Verifier> {
    const salt = randomBytes(16);
    return { salt, verifier: await this.#stretch(pin, salt) };
  }

  /** The same work for nobody: a check without a verifier takes as long, and is wrong. */
  async check(pin: Buffer, against: Verifier | undefined): Promise<boolean> {
    const found = await this.#stretch(pin, against?.salt ?? Buffer.alloc(16));
    const right = against !== undefined && timingSafeEqual(found, against.verifier);
    found.fill(0);
    return right;
  }

  /** A code that is told once: of 10^8, with five tries, one guesser in twenty million is let in. */
  async invite(): Promise<Verifier & { readonly code: string }> {
    const code = String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0');
    const bytes = Buffer.from(code, 'utf8');
    try {
      return { code, ...(await this.seal(bytes)) };
    } finally {
      bytes.fill(0);
    }
  }

  async #stretch(pin: Buffer, salt: Buffer): Promise<Buffer> {
    const peppered = await this.#pepper(pin);
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        scrypt(peppered, salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
      });
    } finally {
      peppered.fill(0);
    }
  }
}
