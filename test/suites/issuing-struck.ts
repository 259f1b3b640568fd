// A station that issues certificates and that something happens to: its disk refuses, or it is killed, at one system call.
// What it left behind is compared with what its HSM was asked to sign, which the station itself does not know.
import { spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { fsck } from '../../station-core/fsck/fsck.ts';
import type { CertificateState } from '../../station-core/store/certificates.ts';
import { openStore } from '../../station-core/store/open.ts';
import { top } from '../rules/sources.ts';
import { pem, recheckFolder } from './certificates.ts';
import { heldChain, tapOf } from './issuing-station.ts';
import { noted } from './issuing-tap.ts';

export const diskCalls = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate'] as const;
/** One of the system calls by which a station writes its database or notes a signature; `nth` of its name. */
export type Point = { readonly call: string; readonly nth: number; readonly phase: string };
export type Fault = 'error=EIO' | 'error=ENOSPC' | 'signal=SIGKILL';
export type Told = { readonly [field: string]: unknown };

/** Runs issuing.main.ts on a folder, under another program perhaps, and answers what it told. */
export async function issue(folder: string, args: readonly string[], under: readonly string[] = []): Promise<Told[]> {
  const program = join(top, 'test', 'suites', 'issuing.main.ts');
  const [command = '', ...rest] = [...under, process.execPath, program, '--station', folder, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', under.length > 0 ? 'ignore' : 'inherit'] });
  const gone = once(child, 'exit');
  const told: Told[] = [];
  for await (const line of createInterface({ input: child.stdout })) told.push(JSON.parse(line) as Told);
  await gone;
  return told;
}

const watched = (folder: string) => [join(folder, 'station.db'), join(folder, 'station.db-wal'), tapOf(folder)];

const strace = (folder: string, log: string, ...args: readonly string[]) => [
  'strace',
  ...['-f', '-qq', '-o', log, ...args],
  ...watched(folder).flatMap((path) => ['-P', path]),
];

export const counting = (folder: string, log: string): string[] =>
  strace(folder, log, '-e', `trace=${diskCalls.join()},write`);

export const striking = (folder: string, log: string, { call, nth }: Point, fault: Fault): string[] =>
  strace(folder, log, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${nth}`);

/** Whether strace did what it was told: a process that it killed leaves no result behind. */
export const struck = (log: string): boolean => /INJECTED|killed by|= \?/.test(readFileSync(log, 'utf8'));

/**
 * Every call of a log of `counting`, with what of issuing it belongs to, for one certificate: what was before the intent,
 * the intent's commit, the signature, the commits that store the outcome, that open the installation, and what follows.
 */
export function pointsOf(log: string): Point[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  const calls = lines.flatMap((line) => /(pwrite64|fsync|fdatasync|ftruncate|write)\(/.exec(line)?.[1] ?? []);
  const isSync = (call: string | undefined) => call === 'fsync' || call === 'fdatasync';
  const asked = calls.indexOf('write');
  const signed = calls.lastIndexOf('write');
  const syncs = calls.flatMap((call, index) => (isSync(call) ? [index] : []));
  const before = syncs.filter((index) => index < asked);
  const after = syncs.filter((index) => index > signed);
  const [opening = -1] = before.slice(-2);
  const [stored = calls.length, installing = calls.length] = after;
  const phaseOf = (index: number): string => {
    if (index <= opening) return 'before';
    if (index < asked) return 'intent';
    if (index <= signed) return 'sign';
    if (index <= stored) return 'store';
    return index <= installing ? 'install' : 'after';
  };
  const counts = new Map<string, number>();
  return calls.map((call, index) => {
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return { call, nth, phase: phaseOf(index) };
  });
}

type Row = {
  readonly id: number;
  readonly unit: number | null;
  readonly serial: Buffer;
  readonly tbs: Buffer;
  readonly keyHash: Buffer;
  readonly state: CertificateState;
  readonly der: Buffer | null;
};

export function certificatesOf(folder: string): Row[] {
  const db = openStore(folder, 'reader');
  try {
    const sql = 'SELECT id, unit, serial, tbs, key_hash AS keyHash, state, der FROM certificate ORDER BY id';
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** What an HSM signed as a certificate that no row knows, or more than once; what the founding of the folder signed is left out. */
export function unaccounted(folder: string, since = 0): { unknown: string[]; twice: string[]; unsaid: number[] } {
  const rows = certificatesOf(folder);
  const known = new Set(rows.map(({ tbs }) => sha256(tbs)));
  const lines = noted(tapOf(folder)).slice(since);
  const asked = lines.filter(({ what }) => what === 'asked').map(({ digest }) => digest);
  const touched = new Set(lines.map(({ digest }) => digest));
  const all = new Set(noted(tapOf(folder)).map(({ digest }) => digest));
  return {
    unknown: [...touched].filter((digest) => !known.has(digest)),
    twice: asked.filter((digest, index) => asked.indexOf(digest) !== index),
    // An issued certificate whose signature nobody asked for would be a forged one.
    unsaid: rows.filter(({ state, tbs }) => state === 'issued' && !all.has(sha256(tbs))).map(({ id }) => id),
  };
}

export const nothingUnaccounted = { unknown: [], twice: [], unsaid: [] };

/** Looks at a folder on which nothing runs now: signatures, damage, every certificate. Answers how many intents are open. */
export async function inspectStruck(folder: string, since: number, where: object): Promise<number> {
  expect({ ...where, ...unaccounted(folder, since) }).toEqual({ ...where, ...nothingUnaccounted });
  const findings = await fsck(folder);
  const damage = findings.filter(({ kind }) => kind === 'damage');
  expect({ ...where, damage }).toEqual({ ...where, damage: [] });
  const open = certificatesOf(folder).filter(({ state }) => state === 'intended');
  const listed = findings.filter(({ check, kind }) => check === 'certificates' && kind === 'open');
  // Every intent without a result is listed, one finding each.
  expect({ ...where, listed: listed.map(({ what }) => what) }).toEqual({
    ...where,
    listed: open.map(({ id }) => `certificate ${id}`),
  });
  recheckFolder(folder);
  return open.length;
}

/** The unit holds, leaf first, a certificate that the database has as issued. */
export function holdsKnown(folder: string, label: string, rows: readonly Row[] = certificatesOf(folder)): boolean {
  const chain = heldChain(folder, label);
  if (chain === undefined) return false;
  const leaf = new X509Certificate(chain).raw;
  return chain.startsWith(pem(leaf)) && rows.some(({ state, der }) => state === 'issued' && der?.equals(leaf));
}
