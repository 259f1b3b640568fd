import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPems, writePem } from '../../drivers/asn1/pem.ts';
import type { IssuedView } from '../contract/ca.ts';
import { StationError, sentence } from '../contract/errors.ts';
import type { Actor } from '../contract/record.ts';
import type { Station } from '../station.ts';
import { actAs, open } from './folder.ts';
import type { People } from './people.ts';
import { readBytes } from './recipe-file.ts';
import { note, Progress, printJson } from './terminal.ts';

export type IssueOptions = People & {
  readonly csrs: string;
  readonly out: string;
  readonly order: string;
  readonly json: boolean;
};

export type GivenCsr = { readonly name: string; readonly csr: string };
export type Tally = { issued: number; again: number; refused: number };

/** CSRs of one call; two calls are on their way at a time, so that one is checked while the HSM signs the other. */
const batch = 500;
const abreast = 2;

/** `birthmark ca issue`: certificates for all CSRs of an order. Running it again goes on where it stopped. */
export async function caIssue(folder: string, options: IssueOptions): Promise<number> {
  const csrs = csrsIn(options.csrs);
  mkdirSync(options.out, { recursive: true });
  const opened = await open(folder, 'ca issue');
  try {
    const actor = await actAs(opened, 'lead', options.as);
    const bar = new Progress('certificates', csrs.length);
    const refused: { name: string; reason: string }[] = [];
    const tally = await issueAll(opened.station, options.order, csrs, actor, options.out, (fared) => {
      bar.advance(fared.length);
      for (const { name, error } of fared) if (error) refused.push({ name, reason: sentence(error) });
    });
    bar.end();
    for (const { name, reason } of refused) note(`${name}: ${reason}`);
    if (options.json) printJson({ schema: 1, ...tally, problems: refused });
    else
      process.stdout.write(
        `${tally.issued} issued, ${tally.again} were there already, ${tally.refused} refused: ${options.out}\n`,
      );
    return tally.refused > 0 ? 1 : 0;
  } finally {
    await opened.close();
  }
}

/** Issues in calls of `batch`, and writes each chain (leaf first, root last) as a file named by its registration ID. */
export async function issueAll(
  station: Station,
  order: string,
  csrs: readonly GivenCsr[],
  actor: Actor,
  out: string,
  told: (fared: readonly IssuedView[]) => void,
): Promise<Tally> {
  const tally: Tally = { issued: 0, again: 0, refused: 0 };
  const above = chainOf(station, order);
  const starts = Array.from({ length: Math.ceil(csrs.length / batch) }, (_, index) => index * batch).values();
  const work = async (): Promise<void> => {
    for (const start of starts) {
      const some = csrs.slice(start, start + batch);
      const fared = await station.call('ca.issue', { order, csrs: some }, { actor });
      for (const { state } of fared) tally[state] += 1;
      // In the thread pool: a file system that makes a new file slowly must not hold up the next batch.
      await Promise.all(fared.map((one) => keep(out, one, above)));
      told(fared);
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  return tally;
}

/** What stands above the leaves of an order, PEM. */
function chainOf({ records, issuers }: Station, order: string): string {
  const { attestation } = records.units.recipeOf(records.units.order(order).id);
  if (attestation.type !== 'x509') throw new StationError('recipe.unsupported', { what: 'certificates without X.509' });
  const { chain } = issuers.ready(attestation.issuer);
  return chain.map(({ certificate }) => writePem('CERTIFICATE', certificate)).join('');
}

/** Whole or not at all: a kill leaves no half file under the name. */
async function keep(out: string, { registrationId, certificate }: IssuedView, above: string): Promise<void> {
  if (registrationId === undefined || certificate === undefined) return;
  const file = join(out, `${fileName(registrationId)}.pem`);
  await writeFile(`${file}.part`, writePem('CERTIFICATE', Buffer.from(certificate, 'base64')) + above);
  await rename(`${file}.part`, file);
}

/** A registration ID as a file's name, reversibly: Windows takes no colon (F-14). */
export const fileName = (registrationId: string): string => registrationId.replaceAll(':', '%3A');

/** Every CSR of a folder's files, or of one file, PEM or DER; a PEM file may hold many. */
export function csrsIn(path: string): GivenCsr[] {
  const files = isFolder(path)
    ? readdirSync(path)
        .filter((name) => /\.(csr|pem|der|req|p10)$/i.test(name))
        .sort()
        .map((name) => ({ name, bytes: readBytes(join(path, name)) }))
    : [{ name: path, bytes: readBytes(path) }];
  if (files.length === 0) {
    throw new StationError('input.invalid', { place: path, expected: 'files *.csr, *.pem or *.der', found: 'none' });
  }
  return files.flatMap(({ name, bytes }) => csrsOf(name, bytes));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new StationError(
      'input.invalid',
      { place: path, expected: 'a file or folder that can be read', found },
      { cause },
    );
  }
}

function csrsOf(name: string, bytes: Buffer): GivenCsr[] {
  if (bytes[0] === 0x30) return [{ name, csr: bytes.toString('base64') }];
  const pems = readPems(bytes, name).filter(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  return pems.map(({ der }, index) => ({
    name: pems.length === 1 ? name : `${name}, request ${index + 1}`,
    csr: der.toString('base64'),
  }));
}
