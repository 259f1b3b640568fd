import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod/mini';
import { Applier } from '../bundle/applier.ts';
import { applierFiles, publicFileOf, readKeyFile, readSettings } from '../bundle/applier-folder.ts';
import { isUnderPhrase, makeApplierKeys, writeKeys } from '../bundle/applier-keys.ts';
import { fingerprintOf, requireFingerprint } from '../bundle/format.ts';
import { sendBundled } from '../bundle/sending.ts';
import { systemClock } from '../clock.ts';
import { stationFileSchema } from '../contract/bundle.ts';
import { StationError, sentence } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import type { Mode, SyncState } from '../contract/record.ts';
import { requireEmpty } from '../setup/found.ts';
import { type Hold, holdFolder } from '../store/lock.ts';
import { DpsClient } from '../sync/dps/client.ts';
import { parseConnection } from '../sync/dps/connection.ts';
import { proxyFor } from '../sync/dps/proxy.ts';
import { Pace } from '../sync/pace.ts';
import { readCarried } from './bundle.ts';
import { writeNew } from './ca-files.ts';
import { readBytes } from './recipe-file.ts';
import { askSecret, mayAsk, note, Progress, printJson } from './terminal.ts';

// The connected end of the air gap: a folder with its own keys and its own outbox, and no station.

/** `birthmark applier init`: makes the folder with its keys, whole or not at all, and tells the fingerprint of their public half. */
export async function applierInit(
  folder: string,
  { name, mode, budget, json }: { name: string; mode: Mode; budget: number; json: boolean },
): Promise<number> {
  const place = resolve(folder);
  requireEmpty(place);
  const phrase = await newPhrase();
  mkdirSync(dirname(place), { recursive: true });
  const made = mkdtempSync(`${place}.new-`);
  try {
    const keys = makeApplierKeys();
    const file = publicFileOf(name, keys);
    const put = (path: string, text: string, readers: number) =>
      writeFileSync(`${made}/${path}`, text, { mode: readers });
    put(applierFiles.keys, await writeKeys(keys, phrase), 0o600);
    put(applierFiles.public, `${JSON.stringify(file, null, 2)}\n`, 0o644);
    put(applierFiles.settings, `${JSON.stringify({ schema: 1, mode, budgetPerMinute: budget }, null, 2)}\n`, 0o644);
    renameSync(made, place);
    const fingerprint = fingerprintOf(file);
    const path = `${place}/${applierFiles.public}`;
    if (json) printJson({ schema: 1, folder: place, public: path, fingerprint });
    else {
      process.stdout.write(
        `Carry ${path} to the station. Its fingerprint, to be told by another way:\n${fingerprint}\n`,
      );
    }
    return 0;
  } catch (thrown) {
    rmSync(made, { recursive: true, force: true });
    throw thrown;
  } finally {
    phrase.fill(0);
  }
}

/** Typed twice at a terminal: nobody sees it, and nobody can look it up. */
async function newPhrase(): Promise<Buffer> {
  const phrase = await askSecret('pass phrase of its keys (empty: none)', 'may be empty');
  if (!mayAsk() || phrase.length === 0) return phrase;
  const repeated = await askSecret('pass phrase, once more');
  const same = repeated.equals(phrase);
  repeated.fill(0);
  if (same) return phrase;
  throw new StationError('input.invalid', { place: 'pass phrase', expected: 'the same twice', found: 'another' });
}

/** `birthmark applier trust`: pins a station's key, whose fingerprint came by another way. */
export async function applierTrust(
  path: string,
  { applier: folder, fingerprint, json }: { applier: string; fingerprint: string; json: boolean },
): Promise<number> {
  const file = readPublicFile(path, stationFileSchema);
  requireFingerprint(file, fingerprint, path);
  const opened = await openApplier(folder, 'applier trust');
  try {
    await opened.applier.trust(file);
    if (json) printJson({ schema: 1, station: file.station, origin: file.origin });
    else process.stdout.write(`Bundles of ${file.station} (${file.origin}) are taken from now on.\n`);
    return 0;
  } finally {
    opened.close();
  }
}

export type ApplyOptions = {
  readonly applier: string;
  readonly out: string;
  readonly acceptGap: boolean;
  readonly json: boolean;
};

/**
 * `birthmark sync apply`: takes a bundle, sends its rows, and writes receipts for what became of each. Answers 0 when every row is done.
 * Applying it again goes on with what is open, and sends nothing twice.
 */
export async function syncApply(path: string, options: ApplyOptions): Promise<number> {
  const text = readCarried(path);
  const opened = await openApplier(options.applier, 'sync apply');
  try {
    const { applier } = opened;
    const write = async () => {
      await applier.giveBack();
      const taken = await applier.take(text, options);
      const state = taken.receipts === null ? await send(opened, options.applier) : undefined;
      await applier.giveBack();
      return { state, ...(await applier.receiptsOf(taken)) };
    };
    const { state, receipts } = await writeNew([options.out], write, (made) => [made.text]);
    const count = (result: string) => receipts.rows.filter((row) => row.result === result).length;
    const counts = { done: count('done'), parked: count('parked'), returned: count('returned'), open: count('open') };
    const { sequence, origin } = receipts;
    if (options.json) printJson({ schema: 1, receipts: options.out, origin, sequence, ...counts, sync: state });
    else {
      const words = `${counts.done} done, ${counts.parked} parked, ${counts.returned} given back, ${counts.open} open`;
      process.stdout.write(`Bundle ${sequence} of ${origin}: ${words}\nCarry ${options.out} back to the station.\n`);
      if (counts.open > 0 && state?.error) note(`${sentence(state.error)} Apply the bundle again to go on.`);
    }
    return counts.done === receipts.rows.length ? 0 : 1;
  } finally {
    opened.close();
  }
}

/** Sends what is due, with a bar. */
async function send({ applier, mode }: OpenApplier, folder: string): Promise<SyncState> {
  const client = await openClient(folder, mode);
  const { queued, leased } = applier.records.outbox.backlog();
  const bar = new Progress('uploads', queued + leased);
  try {
    return await sendBundled({
      applier,
      client,
      clock: systemClock,
      settled: () => bar.advance(),
      incident: (thrown) => {
        note(String(thrown instanceof Error ? thrown.stack : thrown));
        return 'shown above';
      },
    });
  } finally {
    bar.end();
    client.close();
  }
}

async function openClient(folder: string, mode: Mode): Promise<DpsClient> {
  const { budgetPerMinute, service } = readSettings(folder);
  const text = await askSecret('DPS connection string');
  try {
    const connection = parseConnection(text);
    const { host, port, caFile } = service ?? {};
    const at = host === undefined || port === undefined ? undefined : { host, port };
    const proxy = proxyFor(at?.host ?? connection.host, at?.port ?? 443, process.env);
    const reach = {
      ...(at ? { connect: at } : {}),
      ...(proxy ? { proxy } : {}),
      ...(caFile === undefined ? {} : { ca: readBytes(caFile).toString('latin1') }),
    };
    return new DpsClient({
      endpoint: { host: connection.host, ...reach },
      connection,
      pace: new Pace(budgetPerMinute, systemClock),
      clock: systemClock,
      mode,
    });
  } finally {
    text.fill(0);
  }
}

type OpenApplier = { readonly applier: Applier; readonly mode: Mode; close(): void };

/** Opens the folder as its owner, asking for the pass phrase when its keys are under one. */
async function openApplier(folder: string, command: string): Promise<OpenApplier> {
  const { mode } = readSettings(folder);
  const phrase = isUnderPhrase(readKeyFile(folder)) ? await askSecret('pass phrase of the applier') : Buffer.alloc(0);
  let hold: Hold | undefined;
  try {
    hold = holdFolder(folder, `birthmark ${command}`);
    const applier = await Applier.open({ folder, mode, clock: systemClock }, phrase);
    const held = hold;
    return {
      applier,
      mode,
      close: () => {
        applier.close();
        held.release();
      },
    };
  } catch (thrown) {
    hold?.release();
    throw thrown;
  } finally {
    phrase.fill(0);
  }
}

/** The public file of an applier or a station. Throws `input.invalid` with its name. */
export function readPublicFile<S extends z.core.$ZodType>(path: string, schema: S): z.output<S> {
  const bytes = readBytes(path);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new StationError('input.invalid', { place: path, expected: 'JSON', found: 'something else' }, { cause });
  }
  return parse(schema, json, path);
}
