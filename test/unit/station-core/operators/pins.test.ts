import { scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { Pins } from '../../../../station-core/operators/pins.ts';

// What a PIN is checked by, against node's own scrypt.

const pins = new Pins(async (pin) => Buffer.concat([Buffer.from('pepper'), pin]));
const pin = Buffer.from('739154');
const stretched = (salt: Buffer, logCost: number) =>
  scryptSync(Buffer.concat([Buffer.from('pepper'), pin]), salt, 32, { N: 2 ** logCost, r: 8, maxmem: 2 ** 28 });

describe('a PIN', () => {
  test.each([
    ['secret', 17],
    ['published', 10],
  ] as const)('that is %s costs each guess 2^%d, says so, and is told from another', async (known, logCost) => {
    const sealed = await pins.seal(pin, known);
    expect(sealed.verifier).toEqual(Buffer.concat([Buffer.of(logCost), stretched(sealed.salt, logCost)]));
    expect(await pins.check(pin, sealed)).toBe(true);
    expect(await pins.check(Buffer.from('739155'), sealed)).toBe(false);
  });

  test('is secret where nobody says otherwise, as one-time codes are, and is nobody’s where there is nobody', async () => {
    expect((await pins.seal(pin)).verifier[0]).toBe(17);
    expect((await pins.invite()).verifier[0]).toBe(17);
    expect(await pins.check(pin, undefined)).toBe(false);
  });

  test('of a store from before the cost was kept is checked as it was made, the former one too', async () => {
    const salt = Buffer.alloc(16, 7);
    // Zeros, line feeds and bytes that are no UTF-8, whatever scrypt answers.
    const former = Buffer.from('000a00ff80c2'.padEnd(64, '00'), 'hex');
    const db = new Database(':memory:');
    db.exec('CREATE TABLE operator (salt BLOB NOT NULL, verifier BLOB NOT NULL, former_verifier BLOB) STRICT');
    const insert = db.prepare('INSERT INTO operator VALUES (?, ?, ?)');
    insert.run(salt, stretched(salt, 17), former);
    insert.run(Buffer.alloc(0), Buffer.alloc(0), null);
    const migrations = join(import.meta.dirname, '../../../../station-core/store/migrations');
    db.exec(readFileSync(join(migrations, '0018-pin-cost.sql'), 'utf8'));
    type Row = { readonly verifier: Buffer; readonly former: Buffer | null };
    const [kept, erased] = db.prepare<[], Row>('SELECT verifier, former_verifier AS former FROM operator').all();
    db.close();
    expect(await pins.check(pin, { salt, verifier: kept?.verifier ?? Buffer.alloc(0) })).toBe(true);
    expect(kept?.former).toEqual(Buffer.concat([Buffer.of(17), former]));
    expect(erased).toEqual({ verifier: Buffer.alloc(0), former: null });
  });
});
