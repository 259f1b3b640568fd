import { randomBytes } from 'node:crypto';
import type { Csr } from '../../drivers/asn1/csr.ts';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import { StationError } from '../contract/errors.ts';
import type { CertificateKeyAlgorithm, Profile } from '../contract/profile.ts';
import { clockProblem } from './clock.ts';
import { checkCsr, checkCsrSignature } from './csr.ts';
import type { Intended } from './intended.ts';
import type { Issuer, Signer } from './issuer.ts';
import { Linted } from './linted.ts';
import { leafRules } from './profile.ts';
import type { Rules } from './rules.ts';
import { newSerial } from './serial.ts';
import { type Signed, signCertificate } from './sign.ts';
import { buildTbs } from './tbs.ts';

export type CaNeed = {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** When this station's newest record was written, and when the program was built: a clock before either lies. */
  readonly newest: () => number;
  readonly built: number;
  readonly serialPrefix: Buffer;
  /** Throws why nothing may be issued, when there is a reason: the station's records are not the newest. */
  readonly refuse: () => void;
  /** Random bytes for serial numbers. Tests bring generators that collide. */
  readonly random?: (bytes: number) => Buffer;
};

/** What a leaf is asked for with. */
export type LeafRequest = {
  readonly csr: Csr;
  /** Whether the CSR's signature was found good already; checked here when left out. */
  readonly signatureHolds?: boolean;
  readonly commonName: string;
  readonly purpose?: 'leaf' | 'module';
  readonly algorithm: CertificateKeyAlgorithm;
  readonly profile: Profile;
};

/** A certificate that may be signed once its intent is written. */
export type Draft = { readonly linted: Linted; readonly csr: Csr; readonly overridden: boolean };

/**
 * The offline intermediate CA: profile, CSR, TBS, lints, signature, in this order. It knows no store: whoever calls writes
 * the intent (`Intended.by`) between `draft` and `sign`, and the outcome afterwards (docs/promises.md A).
 */
export class Ca {
  readonly #need: CaNeed;

  constructor(need: CaNeed) {
    this.#need = need;
  }

  /** Throws `ca.csr-refused`, `ca.profile`, `ca.lint`, `ca.clock`; nothing has happened then. */
  draft(issuer: Issuer, request: LeafRequest): Draft {
    const { csr, commonName, algorithm, profile, purpose = 'leaf' } = request;
    this.checkClock(issuer.rules);
    const { overridden } = checkCsr(csr, { commonName, algorithm, profile });
    checkCsrSignature(csr, request.signatureHolds);
    const { now, serialPrefix } = this.#need;
    const rules = leafRules(profile, issuer, { purpose, commonName, key: csr.publicKey }, now(), serialPrefix);
    return { linted: this.lint(rules), csr, overridden };
  }

  /** The TBS of these rules, under a new serial number, past every lint. Throws `ca.lint`. */
  lint(rules: Rules): Linted {
    const { serialPrefix, refuse, random = randomBytes } = this.#need;
    refuse();
    return Linted.of(buildTbs(rules, newSerial(serialPrefix, random)), rules);
  }

  /** Signs what is written down, once; see sign.ts. */
  sign(hsm: Pick<Hsm, 'sign'>, issuer: Signer, intended: Intended): Promise<Signed> {
    return signCertificate(hsm, issuer, intended);
  }

  /** Throws `ca.clock` when the station's clock cannot be right, and why nothing may be issued. */
  checkClock(validity: { readonly notBefore: number; readonly notAfter: number }): void {
    const { now, newest, built, refuse } = this.#need;
    refuse();
    const reason = clockProblem(now(), { newest: newest(), built }, validity);
    if (reason !== undefined) throw new StationError('ca.clock', { reason });
  }

  get serialPrefix(): Buffer {
    return this.#need.serialPrefix;
  }
}
