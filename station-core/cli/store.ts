import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { looksLikePkcs12 } from '../../drivers/asn1/pkcs12.ts';
import { StationError } from '../contract/errors.ts';
import type { StoreView } from '../contract/store.ts';
import { packed } from '../store/issuers.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { readBytes } from './recipe-file.ts';
import { askSecret, note, printJson } from './terminal.ts';

const roles = { first: 'security-officer', second: 'lead' } as const;

export type StoreOptions = People & { readonly station: string; readonly json: boolean };
export type ImportOptions = StoreOptions & { readonly store: string; readonly anchors: string };

/**
 * `birthmark store import`: PEM bundles and PKCS#12 files with certificates and their keys, all or nothing. The pass phrase is asked
 * for once, if any file is under one. What was read is zeroed here.
 */
export async function storeImport(paths: readonly string[], options: ImportOptions): Promise<number> {
  const anchors = readBytes(options.anchors).toString('latin1');
  const read = paths.map((path) => ({ name: basename(path), bytes: readBytes(path) }));
  const opened = await open(options.station, 'store import');
  let phrase: Buffer | undefined;
  let secret: Buffer | undefined;
  try {
    if (read.some(({ bytes }) => isEncrypted(bytes))) phrase = await askSecret('pass phrase of the files');
    const files = read.map(({ name, bytes }) => ({ name, sha256: sha256(bytes) }));
    secret = packed([phrase ?? Buffer.alloc(0), ...read.map(({ bytes }) => bytes)]);
    const params = { store: options.store, anchors, files };
    if (files.length > 20) note(`Checking ${files.length} files …`);
    tell(await callWithSecond(opened, roles, options, 'store.import', params, secret), options.json);
    return 0;
  } finally {
    phrase?.fill(0);
    secret?.fill(0);
    for (const { bytes } of read) bytes.fill(0);
    await opened.close();
  }
}

/** `birthmark store import-list`: a vendor's list of pre-loaded secure elements, whole or not at all. */
export async function storeImportList(path: string, options: ImportOptions): Promise<number> {
  const anchors = readBytes(options.anchors).toString('latin1');
  const list = textOf(readBytes(path), basename(path));
  const opened = await open(options.station, 'store import-list');
  try {
    const params = { store: options.store, anchors, name: basename(path), list };
    tell(await callWithSecond(opened, roles, options, 'store.importList', params), options.json);
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark store list`: every store, how much of it is left, and what a person should do about it. */
export async function storeList({ station, as, json }: StoreOptions): Promise<number> {
  const opened = await open(station, 'store list');
  try {
    const stores = await opened.station.call('store.list', {}, { actor: await actAs(opened, 'auditor', as) });
    if (json) printJson({ schema: 1, stores });
    else process.stdout.write(stores.length === 0 ? 'There is no store.\n' : stores.map(storeText).join(''));
    return 0;
  } finally {
    await opened.close();
  }
}

const kinds = { pki: 'certificates with keys', vendor: "a vendor's list", unit: "units' own" } as const;

function storeText({ store, origin, free, drawn, spent, warnings }: StoreView): string {
  const said = warnings.map((warning) => `  ${warning}\n`).join('');
  return `${store} (${kinds[origin]}): ${free} free, ${drawn} drawn, ${spent} spent\n${said}`;
}

function tell({ store, entries }: { readonly store: string; readonly entries: number }, json: boolean): void {
  if (json) printJson({ schema: 1, store, entries });
  else process.stdout.write(`Imported ${entries} certificate${entries === 1 ? '' : 's'} into ${store}\n`);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const isEncrypted = (bytes: Buffer): boolean =>
  looksLikePkcs12(bytes) || bytes.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');

function textOf(bytes: Buffer, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StationError('input.invalid', { place, expected: 'UTF-8 text', found: 'other bytes' }, { cause });
  }
}
