// The second opinion: what the openssl command (and GnuTLS's certtool) makes and says, and signatures as an HSM gives them.
import { execFileSync, spawnSync } from 'node:child_process';
import { type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../../../drivers/asn1/csr.ts';
import { type SignatureAlgorithm, signatureValue } from '../../../../drivers/asn1/signatures.ts';

/** A folder in which openssl works. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'asn1-'));

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  put(name: string, bytes: Buffer | string): string {
    writeFileSync(this.path(name), bytes);
    return this.path(name);
  }

  get(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Runs openssl in the folder; fails when it fails. */
  openssl(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' }).toString();
  }

  /** What a command says, and whether it agreed. */
  opinion(command: string, ...args: string[]): { readonly good: boolean; readonly says: string } {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.folder });
    return { good: status === 0, says: `${stdout}${stderr}` };
  }

  /** A private key of this kind, made by openssl, as a file. */
  key(name: string, ...kind: string[]): string {
    this.openssl('genpkey', ...kind, '-out', name);
    return name;
  }
}

export const kinds = {
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  rsa2048: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  rsa3072: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
} as const;

/** Signs what is to be signed and puts it together, from the answer that an HSM would give: raw r‖s, or PKCS#1. */
export function signed(bytes: Buffer, algorithm: SignatureAlgorithm, key: KeyObject): Buffer {
  const [, hash] = algorithm.split('-');
  const raw = sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  return assemble(bytes, algorithm, signatureValue(algorithm, raw));
}

/** What a function throws. */
export function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
