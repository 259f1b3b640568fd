// Files with certificates and keys as a third-party PKI hands them over, made by the openssl command.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actor } from '../../station-core/practice.ts';
import { packed } from '../../station-core/store/issuers.ts';
import type { TestStation } from './station.ts';
import type { Certified } from './x509-chains.ts';

/** A folder in which openssl writes; gone after `remove`. */
export class KeyFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'key-files-'));
  #made = 0;

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A PKCS#12 file with a key, its certificate and those above it; `more` are options of `openssl pkcs12 -export`. */
  pkcs12(leaf: Certified, above: readonly Certified[], phrase: string, ...more: readonly string[]): Buffer {
    const out = this.#path('p12');
    const chain = this.#path('pem');
    writeFileSync(chain, above.map(({ cert }) => cert).join(''));
    const from = ['-inkey', leaf.files.key, '-in', leaf.files.cert, ...(above.length > 0 ? ['-certfile', chain] : [])];
    execFileSync('openssl', ['pkcs12', '-export', ...from, '-passout', `pass:${phrase}`, '-out', out, ...more], {
      stdio: 'pipe',
    });
    return readFileSync(out);
  }

  /** The key encrypted as PKCS#8, PEM. */
  encrypted(leaf: Certified, phrase: string, ...more: readonly string[]): string {
    const args = ['pkcs8', '-topk8', '-in', leaf.files.key, '-passout', `pass:${phrase}`, ...more];
    return execFileSync('openssl', args, { stdio: 'pipe' }).toString();
  }

  #path(end: string): string {
    this.#made += 1;
    return join(this.folder, `${this.#made}.${end}`);
  }
}

export type Handed = { readonly name: string; readonly bytes: Buffer };

/** Imports files as a security officer with a lead's agreement would. */
export async function importFiles(
  { station }: TestStation,
  store: string,
  anchors: readonly Certified[],
  given: readonly Handed[],
  phrase = '',
): Promise<{ store: string; entries: number }> {
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const files = given.map(({ name, bytes }) => ({ name, sha256: sha256(bytes) }));
  const params = { store, anchors: anchors.map(({ cert }) => cert).join(''), files };
  const operation = { method: 'store.import', params } as const;
  const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
  const secret = packed([Buffer.from(phrase), ...given.map(({ bytes }) => bytes)]);
  return station.call('store.import', params, { actor: actor(station, 'security-officer'), approval, secret });
}

/** Imports a vendor's list the same way. */
export async function importVendorList(
  { station }: TestStation,
  store: string,
  anchors: readonly Certified[],
  name: string,
  list: string,
): Promise<{ store: string; entries: number }> {
  const params = { store, anchors: anchors.map(({ cert }) => cert).join(''), name, list };
  const operation = { method: 'store.importList', params } as const;
  const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
  return station.call('store.importList', params, { actor: actor(station, 'security-officer'), approval });
}
