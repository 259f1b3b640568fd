import type { Params } from '../contract/api.ts';
import type { CertificateView, IssuerView } from '../contract/ca.ts';
import { StationError } from '../contract/errors.ts';
import type { OpenStation } from '../open-station.ts';
import { cConstant, javaConstant, singles } from './ca-constants.ts';
import { writeNew, writeText } from './ca-files.ts';
import { atStation, type CaOptions, callAs } from './ca-people.ts';
import { certificatesText, certificateText, issuersText, issuerText, plain } from './ca-text.ts';
import type { People } from './people.ts';
import { note, printJson } from './terminal.ts';

// Commands that only look, and the files that they fill.

/** `birthmark ca list`. */
export async function caList(options: CaOptions): Promise<number> {
  return atStation(options, 'ca list', async (opened) => {
    const issuers = await callAs(opened, 'security-officer', options, 'ca.list', {});
    if (options.json) printJson({ schema: 1, issuers });
    else if (issuers.length === 0) note('There is no intermediate CA yet: birthmark ca begin --help');
    else process.stdout.write(issuersText(issuers));
    for (const { name, warnings } of issuers) for (const warning of warnings) note(`${name}: ${warning}`);
    return 0;
  });
}

/** `birthmark ca show`: one issuer; with `csr`, its request as a file once more. */
export async function caShow(name: string, options: CaOptions & { csr?: string | undefined }): Promise<number> {
  return atStation(options, 'ca show', async (opened) => {
    const view = await issuerOf(opened, options, name);
    if (options.csr !== undefined) await writeText(options.csr, view.csr);
    if (options.json) printJson({ schema: 1, ...view });
    else process.stdout.write(issuerText(view));
    return 0;
  });
}

async function issuerOf(opened: OpenStation, people: People, name: string): Promise<IssuerView> {
  const issuers = await callAs(opened, 'security-officer', people, 'ca.list', {});
  const found = issuers.find((one) => one.name === name);
  if (!found) throw new StationError('ca.unknown', { issuer: plain(name) });
  return found;
}

export const chainFormats = ['pem', 'cer', 'c', 'java'] as const;
export type ChainOptions = CaOptions & { readonly format: (typeof chainFormats)[number]; readonly out: string };

/** `birthmark ca export-chain`: from the intermediate up to the root, as devices and their firmware take it. */
export async function caExportChain(name: string, options: ChainOptions): Promise<number> {
  return atStation(options, 'ca export-chain', async (opened) => {
    const { chain } = await issuerOf(opened, options, name);
    if (chain === '') throw new StationError('ca.not-ready', { issuer: name, reason: 'it has no certificate yet' });
    const files = chainFiles[options.format](options.out, name, chain);
    const paths = files.map(({ path }) => path);
    await writeNew(
      paths,
      async () => files,
      (made) => made.map(({ text }) => text),
    );
    if (options.json) printJson({ schema: 1, name, format: options.format, files: paths });
    else process.stdout.write(files.map(({ path, says }) => `${path}: ${says}\n`).join(''));
    return 0;
  });
}

type ChainFile = { readonly path: string; readonly text: string; readonly says: string };

const chainFiles: Readonly<
  Record<ChainOptions['format'], (path: string, name: string, chain: string) => readonly ChainFile[]>
> = {
  pem: (path, _, chain) => [{ path, text: chain, says: `${singles(chain).length} certificates, up to the root` }],
  cer: (path, _, chain) => singles(chain).map((text, index, all) => cerFile(path, text, index, all.length)),
  c: (path, name, chain) => [{ path, text: cConstant(name, chain), says: 'a C constant' }],
  java: (path, name, chain) => [{ path, text: javaConstant(name, chain), says: 'a Java constant' }],
};

/** Windows keeps roots and intermediates apart (F-76). */
function cerFile(path: string, text: string, index: number, count: number): ChainFile {
  const isRoot = index === count - 1;
  const end = isRoot ? 'root' : `intermediate${index === 0 ? '' : `-${index + 1}`}`;
  const store = isRoot ? 'Trusted Root Certification Authorities' : 'Intermediate Certification Authorities';
  return { path: `${path.replace(/\.(cer|pem)$/i, '')}-${end}.cer`, text, says: `for the Windows store ${store}` };
}

export type FindOptions = CaOptions & {
  readonly id?: number | undefined;
  readonly serialNumber?: string | undefined;
  readonly registrationId?: string | undefined;
  readonly unit?: string | undefined;
  readonly order?: string | undefined;
  readonly issuer?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly expiresBefore?: string | undefined;
  readonly state?: CertificateView['state'] | undefined;
  readonly out?: string | undefined;
};

/** The station answers no more at a time. */
const mostFound = 1_000;

/** `birthmark ca find`: answers 0 only when there is a certificate of which all that was said is so. */
export async function caFind(options: FindOptions): Promise<number> {
  const params = questionOf(options);
  return atStation(options, 'ca find', async (opened) => {
    const found = await callAs(opened, 'security-officer', options, 'ca.find', params);
    const more = found.length >= mostFound;
    if (options.out !== undefined) await keepAll(options.out, found, more);
    if (options.json) printJson({ schema: 1, certificates: found, more });
    else process.stdout.write(foundText(found));
    if (more) note(`These are the newest ${mostFound}: ask more narrowly to see the others.`);
    return found.length > 0 ? 0 : 1;
  });
}

/** What was asked; what was not asked has no field. Days are UTC: `--to` takes the whole day in. */
function questionOf(options: FindOptions): Params<'ca.find'> {
  const { id, serialNumber, registrationId, unit, order, issuer, from, to, expiresBefore, state } = options;
  const asked = {
    ...{ id, registrationId, unit, order, issuer, state },
    serialNumber: serialNumber && serialOf(serialNumber),
    from: from && timeOf('--from', from, '00:00:00.000'),
    to: to && timeOf('--to', to, '23:59:59.999'),
    expiresBefore: expiresBefore && timeOf('--expires-before', expiresBefore, '00:00:00.000'),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as Params<'ca.find'>;
}

/** As portals and OpenSSL show it: with colons, in either case, without a zero in front. */
function serialOf(text: string): string {
  const digits = text.replace(/[\s:]/g, '').toLowerCase();
  return digits.length % 2 === 1 ? `0${digits}` : digits;
}

function timeOf(place: string, text: string, timeOfDay: string): string {
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T${timeOfDay}Z` : text;
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(iso) && !Number.isNaN(Date.parse(iso));
  if (isTime && new Date(iso).toISOString().startsWith(iso.slice(0, 10))) return new Date(iso).toISOString();
  const expected = 'a day like 2026-11-20, or a time like 2026-11-20T14:00Z';
  throw new StationError('input.invalid', { place, expected, found: text.slice(0, 40) });
}

async function keepAll(file: string, found: readonly CertificateView[], more: boolean): Promise<void> {
  const pems = found.flatMap(({ certificate }) => certificate ?? []);
  const expected = `a question that 1 to ${mostFound - 1} certificates answer (birthmark ca export writes all of an issuer)`;
  if (more) throw new StationError('input.invalid', { place: '--out', expected, found: `${mostFound} or more` });
  if (pems.length === 0) throw new StationError('input.invalid', { place: '--out', expected, found: 'none' });
  await writeText(file, pems.join(''));
  note(`${pems.length} certificate${pems.length === 1 ? '' : 's'}, public parts only: ${file}`);
}

function foundText(found: readonly CertificateView[]): string {
  const [first, second] = found;
  if (!first) return 'There is no such certificate.\n';
  return second ? certificatesText(found) : certificateText(first);
}
