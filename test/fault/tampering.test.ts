import { createPublicKey } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { type ExportOrder, writeExport } from '../../station-core/audit/export/write.ts';
import { wrongDisclosures } from '../../station-core/store/disclosure.ts';
import { expectedSchema, schemaHash } from '../../station-core/store/schema.ts';
import { readPins } from '../../station-core/verifier/note.ts';
import { type Answer, verify } from '../../station-core/verifier/verify.ts';
import { SealedLog } from '../suites/sealed-log.ts';
import { long, testSeed } from '../suites/seed.ts';
import { tamper } from '../suites/tamper.ts';

// What somebody does to a database whose log is under a head: an export of it is written all the same, as far as that goes, and the
// verifier, which has the log's key, finds every one of them and says where. Logs that nobody touched hold.

const count = long ? 100_000 : 1_000;
const seed = testSeed('tampering');
const random = seeded(seed);
// Each tampering writes a database and an export: a disk would only make it slow.
const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'birthmark-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const expected = expectedSchema();
const everything: ExportOrder = {
  kind: 'jsonl',
  filter: {},
  named: false,
  madeAt: '2026-11-27T12:00:00.000Z',
  problems: [],
};

async function exported(database: string, out: string): Promise<void> {
  const db = new Database(database, { readonly: true });
  try {
    const schema = { expected, found: schemaHash(db) };
    await writeExport({
      db,
      out,
      order: everything,
      schema,
      wrongDisclosures: wrongDisclosures(db),
      software: '0.1.0',
      progress: () => undefined,
    });
  } finally {
    db.close();
  }
}

type Made = { readonly file: string; readonly key: string };

/** A log with so many entries, and a head after each part of them. */
async function made(name: string, parts: readonly number[]): Promise<Made> {
  const folder = join(home, name);
  mkdirSync(folder);
  const log = new SealedLog(folder);
  await log.found();
  for (const entries of parts) {
    await log.write(entries);
    await log.sealing.sign('asked');
  }
  log.close();
  return { file: join(folder, 'station.db'), key: log.key };
}

function verified(folder: string, key: string): Answer {
  const pem = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }).export({
    format: 'pem',
    type: 'spki',
  });
  return verify(folder, readPins(String(pem)));
}

test('every tampering under a head is found, with its position', { timeout: long ? 10_800_000 : 300_000 }, async () => {
  const logs = [await made('small', [4, 1, 7, 20]), await made('tiles', [250, 1, 30, 300])];
  const file = join(home, 'tampered.db');
  const out = join(home, 'out');
  for (let n = 0; n < count; n++) {
    // The larger log has nodes above its leaves, and takes longer.
    const log = logs[n % 8 === 0 ? 1 : 0] as Made;
    copyFileSync(log.file, file);
    const db = new Database(file);
    const how = tamper(db, random);
    db.close();
    rmSync(out, { recursive: true, force: true });
    await exported(file, out);
    const { ok, problems } = verified(out, log.key);
    expect({ n, how, ok, found: problems.length > 0 }).toEqual({ n, how, ok: false, found: true });
  }
});

test('logs that nobody touched hold', { timeout: 600_000 }, async () => {
  const clean = long ? 1_000 : 50;
  for (let n = 0; n < clean; n++) {
    const parts = Array.from({ length: 1 + Math.floor(random() * 5) }, () => Math.floor(random() * 2 ** (1 + (n % 9))));
    const log = await made(`clean-${n}`, parts);
    const out = join(home, `export-${n}`);
    await exported(log.file, out);
    const { ok, problems, unsealed } = verified(out, log.key);
    expect({ n, parts, ok, problems, unsealed }).toEqual({ n, parts, ok: true, problems: [], unsealed: 0 });
    rmSync(out, { recursive: true });
    rmSync(join(home, `clean-${n}`), { recursive: true });
  }
});
