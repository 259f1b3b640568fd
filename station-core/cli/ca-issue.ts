import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readPems, writePem } from '../../drivers/asn1/pem.ts';
import type { IssuedView } from '../contract/ca.ts';
import { errors, StationError, sentence } from '../contract/errors.ts';
import { isIssued } from '../contract/recipe.ts';
import type { Actor } from '../contract/record.ts';
import type { Station } from '../station.ts';
import { codeOf } from './ca-files.ts';
import { ChainFiles, type NewFile } from './ca-issue-files.ts';
import { atStation, type CaOptions } from './ca-people.ts';
import { plain } from './ca-text.ts';
import { actAs } from './folder.ts';
import { readBytes } from './recipe-file.ts';
import { note, Progress, printJson } from './terminal.ts';

export type IssueOptions = CaOptions & { readonly csrs: string; readonly out: string; readonly order: string };

export type GivenCsr = { readonly name: string; readonly csr: string };
export type Tally = { issued: number; again: number; refused: number };
/** A file, or a request in it, that got no certificate, and why. */
type Problem = { readonly name: string; readonly reason: string };

/**
 * CSRs of one call; three calls are on their way at a time, so that one is checked while the HSM signs another. Larger calls are
 * hardly faster (100: 2,120 certificates a second, 500: 2,310), and whoever stops the command waits for three of them.
 */
const batch = 200;
const abreast = 3;

/** `birthmark ca issue`: certificates for all CSRs of an order. Running it again goes on where it stopped. */
export async function caIssue(options: IssueOptions): Promise<number> {
  const problems: Problem[] = [];
  const csrs = csrsIn(options.csrs, (problem) => problems.push(problem));
  makeFolder(options.out);
  return atStation(options, 'ca issue', async (opened) => {
    const actor = await actAs(opened, 'lead', options.as);
    const bar = new Progress('certificates', csrs.length);
    const stop = onInterrupt();
    const told = (fared: readonly IssuedView[]) => {
      bar.advance(fared.length);
      for (const { name, error } of fared) if (error) problems.push({ name, reason: sentence(error) });
    };
    const unread = problems.length;
    try {
      const tally = await issueAll(opened.station, options.order, csrs, actor, options.out, told, stop.signal);
      bar.end();
      return report(options, { ...tally, refused: tally.refused + unread }, problems, csrs.length + unread);
    } finally {
      stop.end();
    }
  });
}

/** Answers 0 only when every request has its certificate. */
function report({ out, json }: IssueOptions, tally: Tally, problems: readonly Problem[], given: number): number {
  const { issued, again, refused } = tally;
  const left = given - issued - again - refused;
  for (const { name, reason } of problems) note(plain(`${name}: ${reason}`));
  if (left > 0) note(`Stopped: ${left} of ${given} are left. The same command goes on from there.`);
  if (json) printJson({ schema: 1, ...tally, left, problems });
  else process.stdout.write(`${issued} issued, ${again} were there already, ${refused} refused: ${out}\n`);
  return refused + left > 0 ? 1 : 0;
}

/** The first Ctrl-C lets the calls that are on their way end, so that nothing is signed in vain; a second one ends all. */
function onInterrupt(): { readonly signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const interrupted = () => {
    note('\nStopping after the certificates that are being made …');
    stop.abort();
  };
  process.once('SIGINT', interrupted);
  return { signal: stop.signal, end: () => process.off('SIGINT', interrupted) };
}

/** Issues in calls of `batch`, and writes each chain (leaf first, root last) as a file named by its registration ID. */
export async function issueAll(
  station: Station,
  order: string,
  csrs: readonly GivenCsr[],
  actor: Actor,
  out: string,
  told: (fared: readonly IssuedView[]) => void,
  stop?: AbortSignal,
): Promise<Tally> {
  const tally: Tally = { issued: 0, again: 0, refused: 0 };
  const files = new ChainFiles(chainOf(station, order));
  const starts = Array.from({ length: Math.ceil(csrs.length / batch) }, (_, index) => index * batch).values();
  let down = false;
  const work = async (): Promise<void> => {
    for (const start of starts) {
      if (stop?.aborted || down) return;
      const some = csrs.slice(start, start + batch);
      const fared = await station.call('ca.issue', { order, csrs: some }, { actor });
      for (const { state } of fared) tally[state] += 1;
      down ||= fared.some(isOurs);
      await files.write(filesOf(fared, out));
      told(fared);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: abreast }, work));
  await files.close();
  const broken = ended.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
  return tally;
}

/** What blames the station would befall every other request too, each with an intent in the records. */
const isOurs = ({ error }: IssuedView): boolean => error !== undefined && errors[error.code].blame === 'station';

/** What stands above the leaves of an order, PEM. */
function chainOf({ records, issuers }: Station, order: string): string {
  const { attestation } = records.units.recipeOf(records.units.order(order).id);
  if (attestation.type !== 'x509' || !isIssued(attestation))
    throw new StationError('recipe.unsupported', { what: 'certificates that this station does not issue' });
  const { chain } = issuers.ready(attestation.issuer);
  return chain.map(({ certificate }) => writePem('CERTIFICATE', certificate)).join('');
}

/** One of each unit: a request that was given twice is written once. */
const filesOf = (fared: readonly IssuedView[], out: string): NewFile[] => [
  ...new Map(
    fared.flatMap(({ registrationId, certificate }): [string, NewFile][] =>
      registrationId === undefined || certificate === undefined
        ? []
        : [[registrationId, { file: join(out, `${fileName(registrationId)}.pem`), certificate }]],
    ),
  ).values(),
];

/** A registration ID as a file's name, reversibly: Windows takes no colon (F-14). */
export const fileName = (registrationId: string): string => registrationId.replaceAll(':', '%3A');

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const details = { place: path, expected: 'a folder that can be made', found: codeOf(cause) };
    throw new StationError('input.invalid', details, { cause });
  }
}

const expectedFiles = 'requests in *.csr, *.pem, *.der, *.req or *.p10';

/**
 * Every CSR of a folder's files, or of one file, PEM or DER; a PEM file may hold many. What holds none is told to `refuse`
 * and keeps nobody else waiting; without it, and when there is no CSR at all, throws `input.invalid`.
 */
export function csrsIn(path: string, refuse?: (problem: Problem) => void): GivenCsr[] {
  const isFolder = kindOf(path);
  const names = isFolder ? readdirSync(path).filter((name) => /\.(csr|pem|der|req|p10)$/i.test(name)) : [path];
  const csrs = names.sort().flatMap((name) => {
    try {
      return csrsOf(name, readBytes(isFolder ? join(path, name) : name));
    } catch (thrown) {
      if (!isFolder || !refuse || !(thrown instanceof StationError)) throw thrown;
      refuse({ name, reason: thrown.message.replace(`${name}: `, '') });
      return [];
    }
  });
  if (csrs.length > 0) return csrs;
  throw new StationError('input.invalid', { place: path, expected: expectedFiles, found: 'none' });
}

/** Whether it is a folder. Throws when it is not there. */
function kindOf(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    const details = { place: path, expected: 'a file or folder that can be read', found: codeOf(cause) };
    throw new StationError('input.invalid', details, { cause });
  }
}

/** A call takes no longer ones (contract/api.ts). */
const longestCsr = 20_000;

function csrsOf(name: string, bytes: Buffer): GivenCsr[] {
  const refused = (found: string) =>
    new StationError('input.invalid', { place: name, expected: 'certificate requests', found });
  if (bytes.includes('PRIVATE KEY-----')) throw refused('a private key, which must not be here');
  const ders = bytes[0] === 0x30 && !bytes.includes('-----BEGIN ') ? [bytes] : requestsIn(name, bytes);
  if (ders.length === 0) throw refused('none');
  return ders.map((der, index) => {
    const csr = der.toString('base64');
    if (csr.length > longestCsr) throw refused(`one of ${der.length} bytes`);
    return { name: ders.length === 1 ? name : `${name}, request ${index + 1}`, csr };
  });
}

const requestsIn = (name: string, bytes: Buffer): Buffer[] =>
  readPems(bytes, name)
    .filter(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label))
    .map(({ der }) => der);
