import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../../drivers/asn1/certificate.ts';
import type { Hsm, SecretKeyRef } from '../../drivers/hsm/hsm.ts';
import type { Link } from '../../drivers/link.ts';
import type { Programmer } from '../../drivers/programmers/programmer.ts';
import type { ProvisioningInfo, UnitAccess, UnitProtocol, UnitSession } from '../../drivers/protocols/protocol.ts';
import type { PublicArea } from '../../drivers/tpm/public.ts';
import type { Endorsement, TpmDescription, UnitTpm } from '../../drivers/tpm/unit-tpm.ts';
import type { AuditLog, Entry } from '../audit/log.ts';
import type { Stop } from '../audit/stop.ts';
import type { Ca, Draft } from '../ca/ca.ts';
import type { Intended } from '../ca/intended.ts';
import type { Issuer } from '../ca/issuer.ts';
import type { Clock } from '../clock.ts';
import { StationError } from '../contract/errors.ts';
import type { Actor } from '../contract/record.ts';
import type { Facts, StepKind } from '../contract/run.ts';
import type { CredentialSource } from '../store/credentials.ts';
import type { Records } from '../store/records.ts';
import { isNamed, type NamedUnit, type Unit, unitSaid } from '../store/units.ts';
import type { Queue } from './queue.ts';
import { Secret } from './secret.ts';
import type { Waits } from './waits.ts';

/** A file that is zeroed and removed when it is disposed of. */
export type ImageFile = AsyncDisposable & { readonly path: string };

/** What every run of a station works with. */
export type Shop = {
  readonly records: Records;
  readonly audit: AuditLog;
  /** Why no lane may work, if there is a reason. */
  readonly stop: Pick<Stop, 'error' | 'refuse'>;
  readonly clock: Clock;
  readonly hsm: Hsm;
  /** The HSM key that secrets are sealed under. */
  readonly sealingKey: SecretKeyRef;
  /** The HSM token's serial number, for audit entries. */
  readonly hsmSerial: string;
  readonly ca: Ca;
  /** The issuer that a recipe names and pins, ready to sign. */
  readonly issuer: (pin: { readonly name: string; readonly publicKey: string }) => Issuer;
  readonly protocols: Readonly<Record<string, UnitProtocol>>;
  /** Programs of this machine that recipes may name. */
  readonly programmers: Readonly<Record<string, Programmer>>;
  /** ID scope and device endpoint that units are told. */
  readonly dps: Omit<ProvisioningInfo, 'registrationId'>;
  /** The host of the IoT hub that units of recipes with target: hub connect to. */
  readonly hub?: string;
  /** A secret that recipes name, opened; the caller zeroes it. Throws `secret.unknown`. */
  readonly secret: (name: string) => Promise<Buffer>;
  /** Inside the commit of a verdict: the label of a unit that passed, where its recipe has one. */
  readonly queueLabel: (unit: Unit, run: number, lane: number) => void;
  /** An image with a key as a file of its owner's alone; `await using` removes it. The caller zeroes `bytes`. */
  readonly imageFile: (bytes: Buffer) => Promise<ImageFile>;
  /** Roots and intermediates of TPM makers, from the station's folder; recipes pin the roots. */
  readonly vendorRoots: readonly Certificate[];
  /** Whether simulated parts may be used. */
  readonly practice: boolean;
  /** The person's commitment, as audit entries name people. */
  readonly commitment: (actor: Actor) => string;
  /** An incident number for what we did not foresee, written to the log with its cause. */
  readonly incident: (thrown: unknown) => string;
};

/** A credential that a run brings to its unit: found again, or new and without an id until it is durable. */
type Carried = {
  id: number | undefined;
  readonly operation: Buffer;
  readonly source: CredentialSource;
  readonly fingerprint: Buffer;
  readonly sealed: Buffer | null;
  /** The operation that the unit is told it takes the place of. */
  readonly replaces?: Buffer;
};

export type SymmetricCredential = Carried & { readonly kind: 'symmetric-key'; readonly secret: Secret };

/** A certificate's key, and the certificate once it is there. */
export type CertifiedCredential = Carried & {
  readonly kind: 'x509';
  readonly publicKey: KeyObject;
  /** The private key (PKCS#8) that the unit is to get, while it has not proven it. */
  readonly secret?: Secret;
  /** What stands above the leaf, up to the root: DER. */
  readonly above: readonly Buffer[];
  certificate?: { readonly der: Buffer };
  /** When the first certificate of its path expires, Unix milliseconds; known of those that others made. */
  readonly notAfterMs?: number;
};

/** One that an intermediate of this station signs: with its draft until the certificate is there. */
export type IssuedCredential = CertifiedCredential & {
  readonly issuer: Issuer;
  readonly draft?: Draft;
  /** Its intent is durable. */
  intended?: Intended;
  certificate?: { readonly id: number; readonly der: Buffer };
};

export type Released = SymmetricCredential | CertifiedCredential | IssuedCredential;

/** The endorsement key that a run read, and what the TPM says of itself. */
export type ReadEndorsement = {
  readonly tpm: TpmDescription;
  readonly key: Endorsement;
  readonly area: PublicArea;
  /** SHA-256 of the TPM2B_PUBLIC. */
  readonly sha256: Buffer;
  /** The certificate in DER, once it was read out of what lay in NV. */
  readonly certificate?: Buffer;
  /** TPM2B_PUBLIC of the key that the challenge was bound to, once it was activated. */
  readonly activationKey?: Buffer;
};

/** One run on its lane: what it knows, what it holds, and what it still has to write. */
export class Bench {
  readonly shop: Shop;
  /** As its order has it, and with its registration ID once that is known. */
  unit: Unit;
  readonly run: number;
  readonly lane: number;
  readonly actor: Actor;
  readonly hsm: Hsm;
  readonly waits: Waits;
  readonly signal: AbortSignal;
  /** The lane's device, for a program that uses it while the run does not; none on a lane without one. */
  readonly device: string | undefined;
  /** Tells people how far the step is that runs. */
  readonly tellPercent: (percent: number) => void;
  readonly #openLink: (signal: AbortSignal) => Promise<Link>;
  readonly #writes: (() => void)[] = [];
  #link: Link | undefined;
  #session: UnitSession | undefined;
  #credential: Released | undefined;
  #tpm: UnitTpm | undefined;
  #endorsement: ReadEndorsement | undefined;
  readonly #secrets: Secret[] = [];
  facts: Facts = {};

  constructor(parts: {
    shop: Shop;
    unit: Unit;
    run: number;
    lane: number;
    actor: Actor;
    waits: Waits;
    queue: Queue;
    signal: AbortSignal;
    device: string | undefined;
    tellPercent: (percent: number) => void;
    openLink: (signal: AbortSignal) => Promise<Link>;
  }) {
    this.shop = parts.shop;
    this.unit = parts.unit;
    this.run = parts.run;
    this.lane = parts.lane;
    this.actor = parts.actor;
    this.waits = parts.waits;
    this.signal = parts.signal;
    this.device = parts.device;
    this.tellPercent = parts.tellPercent;
    this.#openLink = parts.openLink;
    this.hsm = parts.waits.around(parts.shop.hsm, (asked) => parts.queue.during(parts.lane, 'hsm', asked));
  }

  /** Opens the lane's link and greets the unit. */
  async greet(protocol: UnitProtocol, access: UnitAccess): Promise<UnitSession> {
    // A unit that was just programmed is greeted until it answers.
    await this.#link?.close();
    this.#link = await this.waits.during(this.#openLink(this.signal));
    this.#session = this.waits.around(await this.waits.during(protocol.open(this.#link, this.signal, access)));
    return this.#session;
  }

  /** Closes the lane's link, so that a program may have its port; the unit is greeted again afterwards. */
  async hangUp(): Promise<void> {
    const link = this.#link;
    this.#session = undefined;
    this.#link = undefined;
    await link?.close();
  }

  /** The unit with its registration ID. */
  get named(): NamedUnit {
    return present(isNamed(this.unit) ? this.unit : undefined, 'registration ID');
  }

  /** The unit's TPM, opened at its first use and flushed at the end of the run. */
  async tpm(): Promise<UnitTpm> {
    this.#tpm ??= this.waits.around(await this.waits.during(this.session.tpm(this.signal)));
    return this.#tpm;
  }

  /** A secret that the recipe names, opened for this run; it is zeroed with the run's end. Throws `secret.unknown`. */
  async secret(name: string): Promise<Buffer> {
    const secret = new Secret(await this.shop.secret(name));
    this.#secrets.push(secret);
    return secret.bytes;
  }

  /** The unit's endorsement key, as this run read it. */
  get endorsement(): ReadEndorsement {
    return present(this.#endorsement, 'endorsement key');
  }

  set endorsement(endorsement: ReadEndorsement) {
    this.#endorsement = endorsement;
  }

  get session(): UnitSession {
    return present(this.#session, 'session with the unit');
  }

  get credential(): Released {
    return present(this.#credential, 'credential');
  }

  /** The credential of a symmetric-key recipe. */
  get symmetric(): SymmetricCredential {
    const { credential } = this;
    return present(credential.kind === 'symmetric-key' ? credential : undefined, 'symmetric key');
  }

  /** The credential of an X.509 recipe. */
  get certified(): CertifiedCredential {
    const { credential } = this;
    return present(credential.kind === 'x509' ? credential : undefined, 'certificate');
  }

  /** The credential of an X.509 recipe whose certificate is signed here. */
  get issued(): IssuedCredential {
    const { certified } = this;
    return present('issuer' in certified ? (certified as IssuedCredential) : undefined, 'certificate of an issuer');
  }

  set credential(credential: Released) {
    this.#credential = credential;
  }

  /** Keeps a write for the next commit; writes keep their order. */
  later(write: () => void): void {
    this.#writes.push(write);
  }

  /** Inside a commit: does what was kept. */
  flush(): void {
    for (const write of this.#writes) write();
  }

  /** After that commit: what was kept is durable. */
  flushed(): void {
    this.#writes.length = 0;
  }

  /** An audit entry about this run's unit. */
  entry(entry: Pick<Entry, 'action' | 'result'> & Partial<Entry>): Entry {
    return {
      actor: this.shop.commitment(this.actor),
      role: this.actor.role,
      lane: this.lane,
      order: this.unit.orderName,
      run: this.run,
      unit: unitSaid(this.shop.records, this.unit),
      ...entry,
    };
  }

  /** Lets go of TPM, unit, link and secrets, whatever happened. */
  async clear(): Promise<void> {
    this.#credential?.secret?.zero();
    try {
      await this.#tpm?.close();
    } finally {
      for (const secret of this.#secrets) secret.zero();
      await this.#session?.leave?.();
      await this.#link?.close();
    }
  }
}

/** One action of a run. One file each in steps/, one line in its registry. */
export interface Step {
  readonly kind: StepKind;
  act(bench: Bench): Promise<Facts>;
  /** Of an irreversible step: what is asked once more before its intent, while nothing has happened that could not be undone. */
  before?(bench: Bench): Promise<void>;
  /** Of an irreversible step: what is written in the transaction before it acts; runs inside the commit. */
  intent?(bench: Bench): void;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new StationError('run.empty', { what });
  return value;
}
