import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** HMAC under an HSM key, so that a stolen database cannot be searched for PINs without the HSM. */
export type Pepper = (pin: Buffer) => Promise<Buffer>;

/** What a PIN or a one-time code is checked by: `verifier` is the binary logarithm of scrypt's N, a byte, and 32 bytes of scrypt's. */
export type Verifier = { readonly salt: Buffer; readonly verifier: Buffer };

/** Whether only its person knows a PIN, or it stands in the documentation, as those of the practice line do. */
export type Known = 'secret' | 'published';

/**
 * N=2^17, r=8: about 0.35 s and 128 MiB for each guess (OWASP's figure for scrypt); off the event loop. What is published needs no
 * guess: four people of a new practice line would take more than a second.
 */
const logCosts: Readonly<Record<Known, number>> = { secret: 17, published: 10 };
const blockSize = 8;
const maxmem = 256 * 1024 * 1024;

const nobody: Verifier = {
  salt: Buffer.alloc(16),
  verifier: Buffer.concat([Buffer.of(logCosts.secret), Buffer.alloc(32)]),
};
const codeDigits = 8;

/** Checks PINs, and makes what they are checked by. */
export class Pins {
  readonly #pepper: Pepper;

  constructor(pepper: Pepper) {
    this.#pepper = pepper;
  }

  async seal(pin: Buffer, known: Known = 'secret'): Promise<Verifier> {
    const salt = randomBytes(16);
    return { salt, verifier: await this.#stretch(pin, salt, logCosts[known]) };
  }

  /** The same work for nobody: a check without a verifier takes as long, and is wrong. */
  async check(pin: Buffer, against: Verifier | undefined): Promise<boolean> {
    const { salt, verifier } = against ?? nobody;
    const found = await this.#stretch(pin, salt, verifier[0] ?? logCosts.secret);
    const right = timingSafeEqual(found, verifier);
    found.fill(0);
    return right && against !== undefined;
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

  async #stretch(pin: Buffer, salt: Buffer, logCost: number): Promise<Buffer> {
    const peppered = await this.#pepper(pin);
    const cost = { N: 2 ** logCost, r: blockSize, p: 1, maxmem };
    try {
      const key = await new Promise<Buffer>((resolve, reject) => {
        scrypt(peppered, salt, 32, cost, (error, stretched) => (error ? reject(error) : resolve(stretched)));
      });
      const verifier = Buffer.concat([Buffer.of(logCost), key]);
      key.fill(0);
      return verifier;
    } finally {
      peppered.fill(0);
    }
  }
}
