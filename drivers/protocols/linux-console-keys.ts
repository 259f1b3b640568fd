// Keys of a unit's TPM as its tpm2-tools make and read them.
import { type EkRecipe, madeBy } from '../tpm/endorsement.ts';
import { garbled } from '../tpm/exchange.ts';
import { type PublicArea, readPublicArea } from '../tpm/public.ts';
import { isAbsent } from '../tpm/return-codes.ts';
import { createPrimaryOptions, hasUnique } from './linux-console-ek.ts';
import type { TpmTools } from './linux-console-tools.ts';

/** What the tools are told a key by: a handle, or a file with its context. */
export type Key = { readonly at: string; readonly public: PublicArea; readonly name: Buffer };

export const hexOf = (handle: number): string => `0x${handle.toString(16).padStart(8, '0')}`;

export class TpmKeys {
  readonly #tools: TpmTools;
  #auth: Buffer = Buffer.alloc(0);

  constructor(tools: TpmTools) {
    this.#tools = tools;
  }

  /** The password of the endorsement hierarchy from now on: a copy, which the next one, or none, zeroes. */
  authorise(password: Uint8Array | undefined): void {
    this.#auth.fill(0);
    this.#auth = Buffer.from(password ?? []);
  }

  /** tpm2_createek makes the TCG's own low range; everything else is made by its template. */
  async createEk({ kind, bytes, template }: EkRecipe, signal: AbortSignal): Promise<Key> {
    const isLow = kind === 'rsa2048' || kind === 'p256';
    if (!isLow || template !== 'standard') return this.createPrimary('ek', bytes, signal);
    const algorithm = kind === 'rsa2048' ? 'rsa' : 'ecc';
    await this.withAuth(signal, (auth) =>
      this.#tools.run(`w tpm2_createek -P ${auth} -G ${algorithm} -c "$T/ek"`, 'TPM2_CreatePrimary', signal),
    );
    return this.#made('ek', bytes, signal);
  }

  async createPrimary(name: 'ek' | 'srk', template: Buffer, signal: AbortSignal): Promise<Key> {
    const little = !hasUnique(template) || (await this.#tools.isLittleEndian(signal));
    const { algorithm, hash, attributes, policy, unique } = createPrimaryOptions(template, little);
    const options = [`-C e -G ${algorithm} -g ${hash} -a ${attributes} -c "$T/${name}"`];
    if (policy.length > 0) {
      await this.#tools.put('l', policy, signal);
      options.push('-L "$T/l"');
    }
    if (unique !== undefined) {
      await this.#tools.put('u', unique, signal);
      options.push('-u "$T/u"');
    }
    await this.withAuth(signal, (auth) =>
      this.#tools.run(`w tpm2_createprimary -P ${auth} ${options.join(' ')}`, 'TPM2_CreatePrimary', signal),
    );
    return this.#made(name, template, signal);
  }

  async #made(name: string, template: Buffer, signal: AbortSignal): Promise<Key> {
    return madeBy(await this.read(`"$T/${name}"`, 'w', signal), template);
  }

  /** A key's public area and name; nothing where there is none. */
  async read(at: string, wrapper: 'v' | 'w', signal: AbortSignal): Promise<Key | undefined> {
    const command = 'TPM2_ReadPublic';
    const line = `${wrapper} tpm2_readpublic -Q -c ${at} -f tss -o "$T/p" -n "$T/n"`;
    const failure = await this.#tools.try(line, command, signal);
    if (failure?.code !== undefined && isAbsent(failure.code)) return undefined;
    if (failure) throw await this.#tools.errorOf(failure, command, signal);
    const bytes = await this.#tools.fetch('p', command, signal);
    const name = await this.#tools.fetch('n', command, signal);
    try {
      return { at, public: readPublicArea(bytes, 'public area'), name };
    } catch (thrown) {
      throw garbled('ReadPublic', thrown);
    }
  }

  /** Calls with the password of the endorsement hierarchy as the tools take it. */
  withAuth(signal: AbortSignal, call: (auth: string) => Promise<void>): Promise<void> {
    return this.#auth.length === 0 ? call('""') : this.withPassword(this.#auth, signal, call);
  }

  /**
   * Calls with a password as the tools take it: in a file that only they can read, as hex, and gone afterwards. On a command line every
   * process of the unit would see it.
   */
  async withPassword(password: Uint8Array, signal: AbortSignal, call: (auth: string) => Promise<void>): Promise<void> {
    const digits = hexDigits(password);
    try {
      await this.#tools.put('h', digits, signal);
      await call('file:"$T/h"');
    } finally {
      digits.fill(0);
      await this.#tools.remove('h', signal);
    }
  }
}

/** The form `hex:…` of tpm2-tools, byte by byte: a string could not be zeroed. */
function hexDigits(bytes: Uint8Array): Buffer {
  const digits = Buffer.alloc(4 + 2 * bytes.length);
  digits.write('hex:');
  for (const [at, byte] of bytes.entries()) {
    for (const [offset, digit] of [byte >> 4, byte & 15].entries()) {
      digits[4 + 2 * at + offset] = digit + (digit < 10 ? 0x30 : 0x57);
    }
  }
  return digits;
}
