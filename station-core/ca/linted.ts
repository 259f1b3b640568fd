import { readTbs, type Tbs } from '../../drivers/asn1/certificate.ts';
import { StationError } from '../contract/errors.ts';
import { lints } from './lints/registry.ts';
import type { Rules } from './rules.ts';

/** Known to this file alone: a constructor that is private to the compiler is open to whoever casts. */
const byOf = Symbol('Linted.of');

/**
 * The bytes of a TBS that passed every lint. There is no other way to make one, and nothing else of a certificate can be
 * given to the signer (sign.ts): no signature without a lint pass, by type.
 */
export class Linted {
  /** The exact bytes to be signed. */
  readonly bytes: Buffer;
  readonly tbs: Tbs;
  readonly rules: Rules;
  readonly #passed = true;

  private constructor(by: symbol, bytes: Buffer, tbs: Tbs, rules: Rules) {
    if (by !== byOf) throw new TypeError('only Linted.of makes one');
    this.bytes = bytes;
    this.tbs = tbs;
    this.rules = rules;
  }

  /** Reads the bytes again, as any relying party will, and asks every lint. Throws `ca.lint` that names the first broken rule. */
  static of(bytes: Buffer, rules: Rules): Linted {
    const tbs = readTbs(bytes, 'the certificate to be signed');
    for (const [name, { rule, check }] of Object.entries(lints)) {
      const found = check(tbs, rules);
      if (found !== undefined) throw new StationError('ca.lint', { lint: name, rule, found });
    }
    return new Linted(byOf, bytes, tbs, rules);
  }

  /** Whether this came out of `of`: a look-alike object has no such field. */
  static is(value: unknown): value is Linted {
    return typeof value === 'object' && value !== null && #passed in value && value.#passed;
  }
}
