import type { Params } from '../contract/api.ts';
import type { CeremonyRecord, IssuerView } from '../contract/ca.ts';
import { readCertificates, writeNew } from './ca-files.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { parseSubject } from './ca-subject.ts';
import { issuerText, shell } from './ca-text.ts';
import { note, printJson } from './terminal.ts';

export type BeginOptions = CaOptions & {
  readonly name: string;
  readonly algorithm: Params<'ca.begin'>['algorithm'];
  readonly subject: string;
  readonly quota?: number | undefined;
  readonly csr: string;
};

/** `birthmark ca begin`: the key in the HSM, and its request as a file for the root's owner. */
export async function caBegin(options: BeginOptions): Promise<number> {
  const { name, algorithm, quota, csr } = options;
  const subject = parseSubject(options.subject);
  const params = { name, algorithm, subject, ...(quota === undefined ? {} : { quota }) };
  return atStation(options, 'ca begin', async (opened) => {
    const begin = () => callAgreed(opened, options, 'ca.begin', params);
    const view = await writeNew([csr], begin, (made) => [made.csr]);
    tell(options.json, { ...view, file: csr }, `${issuerText(view)}  request       ${csr}\n`);
    note(afterBegin(view, csr));
    return 0;
  });
}

const afterBegin = ({ name, publicKey }: IssuerView, csr: string): string => `
What comes next:
1. A witness, who is neither of the two, confirms it:
     birthmark ca witness ${name} --record ${name}-record.json
2. The root's owner signs ${csr}, after comparing the public key with this one, told by another way:
     ${publicKey}
     openssl req -in ${shell(csr)} -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256
3. What comes back, with every certificate up to the root, is imported:
     birthmark ca import ${name} chain.pem`;

/** `birthmark ca witness`: a third person confirms the ceremony; its record is signed. */
export async function caWitness(name: string, options: CaOptions & { record?: string | undefined }): Promise<number> {
  return atStation(options, 'ca witness', async (opened) => {
    const witness = () => callAs(opened, 'auditor', options, 'ca.witness', { name });
    return keepRecord(name, options.record, options.json, witness);
  });
}

/** `birthmark ca record`: the signed record again. */
export async function caRecord(name: string, options: CaOptions & { out: string }): Promise<number> {
  return atStation(options, 'ca record', async (opened) => {
    const record = () => callAs(opened, 'security-officer', options, 'ca.record', { name });
    return keepRecord(name, options.out, options.json, record);
  });
}

/** The record as one JSON file, and beside it the three files that openssl checks it with. */
async function keepRecord(
  name: string,
  file: string | undefined,
  json: boolean,
  get: () => Promise<CeremonyRecord>,
): Promise<number> {
  const record = file === undefined ? await get() : await writeNew(recordFiles(file), get, recordContents);
  const people = record.people.map(({ name: person }) => person).join(', ');
  const where = file === undefined ? `birthmark ca record ${name} --out FILE writes it` : file;
  const text = `${name}: the ceremony's record is signed.\n  people        ${people}\n  record        ${where}\n`;
  tell(json, { name, ...record, ...(file === undefined ? {} : { file }) }, text);
  if (file !== undefined) note(howToCheck(file));
  return 0;
}

const recordFiles = (file: string): string[] => [file, `${file}.txt`, `${file}.sig`, `${file}.key.pem`];

const recordContents = (record: CeremonyRecord): (string | Buffer)[] => [
  `${JSON.stringify(record, null, 2)}\n`,
  record.record,
  Buffer.from(record.signature, 'base64'),
  record.auditKey,
];

const howToCheck = (file: string): string => `
Anybody checks it with OpenSSL (Verified OK), and the key by its fingerprint (auditKey in the record):
  openssl dgst -sha256 -verify ${shell(`${file}.key.pem`)} -signature ${shell(`${file}.sig`)} ${shell(`${file}.txt`)}
  openssl pkey -pubin -in ${shell(`${file}.key.pem`)} -outform DER | openssl dgst -sha256
Print the record, let the three people sign the paper, and note the key's fingerprint on it.`;

/** `birthmark ca import`: what came back from the root's owner. */
export async function caImport(name: string, files: readonly string[], options: CaOptions): Promise<number> {
  const chain = readCertificates(files);
  return atStation(options, 'ca import', async (opened) => {
    const view = await callAgreed(opened, options, 'ca.import', { name, chain });
    tell(options.json, view, issuerText(view));
    note(
      `\nCompare the thumbprints with the root's owner. Recipes name it by {"name": "${name}", "publicKey": "${view.publicKey}"}.`,
    );
    return 0;
  });
}

/** `birthmark ca practice-sign`: what the root's owner does, by a root that practice made itself. */
export async function caPracticeSign(name: string, options: CaOptions & { out: string }): Promise<number> {
  return atStation(options, 'ca practice-sign', async (opened) => {
    const sign = () => callAgreed(opened, options, 'ca.practiceSign', { name });
    await writeNew([options.out], sign, ({ chain }) => [chain]);
    const text = `The practice root signed it: ${options.out}\n`;
    tell(options.json, { name, file: options.out }, text);
    note(`Next: birthmark ca import ${name} ${shell(options.out)}`);
    return 0;
  });
}

/** `birthmark ca verify`: the certificate whose CN is the code that the portal shows. */
export async function caVerify(name: string, options: CaOptions & { code: string; out: string }): Promise<number> {
  return atStation(options, 'ca verify', async (opened) => {
    const prove = () => callAgreed(opened, options, 'ca.verify', { name, code: options.code });
    await writeNew([options.out], prove, ({ certificate }) => [certificate]);
    tell(options.json, { name, file: options.out }, `The proof is in ${options.out}; it is good for a day.\n`);
    note('Upload it where the code was shown. The key that it was made for exists no more.');
    return 0;
  });
}

/** The result, for a program or for people. */
function tell(json: boolean, result: object, text: string): void {
  if (json) printJson({ schema: 1, ...result });
  else process.stdout.write(text);
}
