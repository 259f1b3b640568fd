// Every certificate that a station issued, checked once more by programs that are not the station's: openssl (strict path
// validation, and its reading of the extensions), and node:crypto.
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CertificatePurpose } from '../../station-core/store/certificates.ts';
import { Issuers } from '../../station-core/store/issuers.ts';
import { type Db, openStore } from '../../station-core/store/open.ts';

export type Issued = {
  readonly id: number;
  readonly issuer: number;
  readonly purpose: CertificatePurpose;
  readonly serial: Buffer;
  readonly tbs: Buffer;
  readonly der: Buffer;
};

/** So many files go to openssl at once. */
const perCall = 500;

/** Every certificate of a folder's database. */
export function recheckFolder(folder: string): number {
  const db = openStore(folder, 'reader');
  try {
    return recheckAll(db);
  } finally {
    db.close();
  }
}

/** Fails on the first certificate that is not good for everybody; answers how many there are. */
export function recheckAll(db: Db): number {
  const rows = db
    .prepare<[], Issued>(
      `SELECT id, issuer, purpose, serial, tbs, der FROM certificate WHERE state = 'issued' ORDER BY issuer, id`,
    )
    .all();
  const issuers = new Issuers(db);
  for (const [issuer, issued] of Map.groupBy(rows, (row) => row.issuer)) {
    const chain = issuers.byId(issuer).chain;
    for (let at = 0; at < issued.length; at += perCall) recheck(issued.slice(at, at + perCall), chain);
  }
  return rows.length;
}

/** `chain`: from the issuer up to the root. */
export function recheck(issued: readonly Issued[], chain: readonly Buffer[]): void {
  const [root, ...between] = [...chain].reverse();
  if (!root) throw new Error('an issuer without a chain has issued');
  const parent = new X509Certificate(chain[0] ?? root);
  for (const one of issued) byNode(one, parent);
  const folder = mkdtempSync(join(tmpdir(), 'recheck-'));
  try {
    writeFileSync(join(folder, 'root'), pem(root));
    writeFileSync(join(folder, 'between'), between.map(pem).join(''));
    const files = issued.map(({ id, der }) => {
      writeFileSync(join(folder, `${id}.pem`), pem(der));
      return `${id}.pem`;
    });
    verify(folder, files, between.length > 0);
    writeFileSync(join(folder, 'all'), issued.map(({ der }) => pem(der)).join(''));
    const texts = textsOf(folder, 'all');
    expect(texts).toHaveLength(issued.length);
    for (const [index, text] of texts.entries()) hardLimits(text, issued[index]?.purpose ?? 'leaf');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verify(folder: string, files: readonly string[], hasBetween: boolean): void {
  const args = [
    'verify',
    '-x509_strict',
    '-CAfile',
    'root',
    ...(hasBetween ? ['-untrusted', 'between'] : []),
    ...files,
  ];
  const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, maxBuffer: 64 << 20 });
  const wrong = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !/^\d+\.pem: OK$/.test(line));
  expect({ wrong, good: `${stdout}`.split('\n').filter((line) => line.endsWith(': OK')).length }).toEqual({
    wrong: [],
    good: files.length,
  });
}

/** What `openssl x509 -text` says of every certificate in a file, by one process for all. */
export function textsOf(folder: string, file: string): string[] {
  const says = execFileSync('openssl', ['storeutl', '-noout', '-text', '-certs', file], {
    cwd: folder,
    maxBuffer: 256 << 20,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  return says
    .replace(/^Total found: \d+\n/m, '')
    .split(/^\d+: Certificate$/m)
    .slice(1);
}

/** What no profile may change, in openssl's own words. */
export function hardLimits(text: string, purpose: CertificatePurpose): void {
  const isCa = purpose === 'root' || purpose === 'intermediate';
  expect(text).toMatch(/Version: 3 \(0x2\)/);
  expect(text.match(/CA:(TRUE|FALSE)/g)).toEqual([isCa ? 'CA:TRUE' : 'CA:FALSE']);
  expect(/Certificate Sign|CRL Sign/.test(text)).toBe(isCa);
  expect(text).toMatch(/X509v3 Key Usage: critical/);
  expect(/TLS Web Client Authentication/.test(text)).toBe(purpose === 'leaf' || purpose === 'module');
  expect(text).not.toMatch(/Any Extended Key Usage/);
  expect(text).toMatch(/Signature Algorithm: (ecdsa-with-SHA(256|384)|sha256WithRSAEncryption)/);
}

function byNode({ der, tbs, serial }: Issued, parent: X509Certificate): void {
  const read = new X509Certificate(der);
  expect(read.verify(parent.publicKey)).toBe(true);
  expect(read.checkIssued(parent)).toBe(true);
  expect(Buffer.from(read.serialNumber, 'hex')).toEqual(serial);
  expect(der.indexOf(tbs)).toBeGreaterThan(0);
  const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
  expect(from).toBeLessThan(to);
  expect(to).toBeLessThanOrEqual(Date.parse(parent.validTo));
}

export const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
