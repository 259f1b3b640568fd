// What the tests of `birthmark ca` share: the command as a child process, a root that openssl keeps offline, requests of units.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, writeCsrInfo } from '../../../../drivers/asn1/csr.ts';
import { writePem } from '../../../../drivers/asn1/pem.ts';
import { callAgreed, callAs } from '../../../../station-core/cli/ca-people.ts';
import { type OpenStation, openStation } from '../../../../station-core/open-station.ts';
import { prepareFolder } from '../../../../station-core/practice.ts';
import { top } from '../../../rules/sources.ts';

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** A folder to work in, with a station in `station`. */
export class Desk {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #pin: string;

  /** `pin` is of the HSM; empty for the soft one. */
  constructor(folder: string, pin = '', environment: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.#pin = pin;
    this.#environment = environment;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  start(...args: string[]): ChildProcess {
    const program = join(top, 'station-core', 'cli.main.ts');
    const child = spawn(process.execPath, [program, ...args, '--station', 'station'], {
      cwd: this.folder,
      env: { ...process.env, ...this.#environment },
    });
    child.stdin.end(this.#pin === '' ? '' : `${this.#pin}\n`);
    return child;
  }

  async run(...args: string[]): Promise<Ran> {
    return endOf(this.start(...args));
  }

  /** Runs a command that must succeed; answers its JSON. */
  async json(...args: string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`birthmark ${args.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out) as Record<string, unknown>;
  }

  openssl(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }

  /** What openssl says when it must fail. */
  opensslFails(...args: string[]): string {
    try {
      return `it succeeded: ${this.openssl(...args)}`;
    } catch (thrown) {
      const { stdout, stderr } = thrown as { stdout: Buffer; stderr: Buffer };
      return `${stdout}${stderr}`;
    }
  }

  /** A shell command as a person pastes it. */
  paste(command: string): string {
    return execFileSync('sh', ['-c', command], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }
}

export async function endOf(child: ChildProcess): Promise<Ran> {
  const ran = { out: '', err: '' };
  child.stdout?.on('data', (bytes: Buffer) => (ran.out += String(bytes)));
  child.stderr?.on('data', (bytes: Buffer) => (ran.err += String(bytes)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...ran }));
  });
}

export type CaWish = {
  readonly basic?: string;
  readonly usage?: string;
  readonly days?: number;
};

const usual = { basic: 'critical,CA:TRUE', usage: 'critical,digitalSignature,cRLSign,keyCertSign' };

/** CAs that openssl keeps in files: `NAME.pem` and `NAME.key`. */
export class Owner {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** A CA of its own key, signed by `issuer` or by itself. */
  authority(name: string, issuer?: string, wish: CaWish = {}): void {
    this.#key(name);
    this.#desk.openssl('req', '-new', '-key', `${name}.key`, '-subj', `/O=Contoso/CN=${name}`, '-out', `${name}.csr`);
    this.sign(`${name}.csr`, issuer ?? name, name, wish);
  }

  /** Signs a request as the owner of `issuer`; the certificate is `NAME.pem`. */
  sign(csr: string, issuer: string, name: string, wish: CaWish = {}): void {
    const { basic, usage } = { ...usual, ...wish };
    const extensions = [`basicConstraints=${basic}`, `keyUsage=${usage}`, 'subjectKeyIdentifier=hash'];
    const self = issuer === name;
    if (!self) extensions.push('authorityKeyIdentifier=keyid:always');
    writeFileSync(this.#desk.file('extensions'), extensions.join('\n'));
    const by = self
      ? ['-signkey', `${name}.key`]
      : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
    const life = ['-days', String(wish.days ?? 3_650), '-sha256', '-extfile', 'extensions'];
    this.#desk.openssl('x509', '-req', '-in', csr, ...by, ...life, '-out', `${name}.pem`);
  }

  #key(name: string): void {
    const curve = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    this.#desk.openssl('genpkey', ...curve, '-out', `${name}.key`);
  }
}

/** Does the people's part of a set-up in one opening of the desk's practice station, which is made at the first. */
export async function set<T>(desk: Desk, work: (opened: OpenStation) => Promise<T>): Promise<T> {
  prepareFolder(desk.file('station'), 1);
  const opened = await openStation(desk.file('station'), {}, 'test');
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** The ceremony up to where the request is out: `NAME.csr`. */
export async function begun(desk: Desk, opened: OpenStation, name: string): Promise<void> {
  const subject = { CN: `${name} CA`, O: 'Contoso' };
  const { csr } = await callAgreed(opened, {}, 'ca.begin', { name, algorithm: 'p256', subject });
  await callAs(opened, 'auditor', {}, 'ca.witness', { name });
  writeFileSync(desk.file(`${name}.csr`), csr);
}

/** An order whose units have their own keys. */
export async function ordered(
  opened: OpenStation,
  order: string,
  issuer: string,
  ids: readonly string[],
): Promise<void> {
  const issuers = await callAs(opened, 'security-officer', {}, 'ca.list', {});
  const publicKey = issuers.find(({ name }) => name === issuer)?.publicKey ?? '';
  const how = {
    protocol: 'uart-v1',
    delivery: 'clear',
    lock: false,
    target: 'dps',
    registrationId: 'sn-{serial}',
  } as const;
  const profile = { validityDays: 730, renewal: 'at the yearly service' };
  const key = { source: 'unit', algorithm: 'p256' } as const;
  const attestation = { type: 'x509', scope: 'individual', issuer: { name: issuer, publicKey }, key, profile } as const;
  const recipe = { schema: 1, name: order, version: 1, ...how, attestation } as const;
  const units = ids.map((serial) => ({ serial }));
  await callAs(opened, 'lead', {}, 'orders.create', { name: order, recipe, units });
}

/** The requests of these units, each with a key of its own, as files of a folder. */
export function requests(desk: Desk, folder: string, ids: readonly string[]): void {
  mkdirSync(desk.file(folder));
  for (const id of ids) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const info = writeCsrInfo([{ type: 'CN', value: `sn-${id}` }], publicKey.export({ type: 'spki', format: 'der' }));
    const csr = assemble(info, 'ecdsa-sha256', sign('sha256', info, privateKey));
    writeFileSync(join(desk.file(folder), `${id}.csr`), writePem('CERTIFICATE REQUEST', csr));
  }
}
